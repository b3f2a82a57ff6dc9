import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { expectAdopted, killWhileMaking, operator } from "./killed-update";
import { useSession } from "./testing";

const UPTIME_CHECK = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig";

const holder = useSession();

test("what an up had begun when it was killed is named by doctor, adopted by doctor --fix, and never made twice", async () => {
  const pending = await killWhileMaking(holder, "monitoring-healthz");
  expect(pending).toContain("monitoring-healthz");
  const found = await operator(holder, "doctor", STACK, "--only", "unfinished");
  expect(found.code).toBe(1);
  expect(printed(found)).toContain(`run "./stack doctor ${STACK} --fix" before any "pulumi refresh"`);
  // The operator updates without that: Google refuses what has a name of ours, and makes what it numbers by itself once more.
  await holder.session.up();
  const checks = (): number => holder.session.world.cloud.resources(UPTIME_CHECK).length;
  const made = checks();
  await expectAdopted(holder, () => {
    expect({ made, left: checks() }).toEqual({ made, left: 1 });
  });
});
