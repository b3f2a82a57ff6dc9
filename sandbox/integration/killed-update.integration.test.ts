import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { expectAdopted, killWhileMaking, operator } from "./killed-update";
import { succeeded, useSession } from "./testing";

const holder = useSession();

test("deploy takes in by itself what a killed update had made", async () => {
  const { session } = holder;
  const pending = await killWhileMaking(holder, "network-network");
  expect(pending).toContain("network-network");
  const deployed = await operator(holder, "deploy", STACK, "--apply");
  if (deployed.code !== 0) throw new Error(printed(deployed));
  succeeded(await session.preview(["--expect-no-changes"]));
  succeeded(await session.destroy());
  await session.world.vm.settled();
  expect(session.world.cloud.leftovers()).toEqual([]);
});

test("what an up had begun when it was killed is named by doctor, adopted by doctor --fix, and never made twice", async () => {
  const pending = await killWhileMaking(holder, "monitoring-healthz");
  expect(pending).toContain("monitoring-healthz");
  const found = await operator(holder, "doctor", STACK, "--only", "unfinished");
  expect(found.code).toBe(1);
  expect(printed(found)).toContain(`run "./stack doctor ${STACK} --fix" before any "pulumi refresh"`);
  const again = await expectAdopted(holder);
  expect(printed(again)).toContain("already exists");
});
