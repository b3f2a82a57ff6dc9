import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { expectAdopted, killWhileMaking, operator } from "./killed-update";
import { useSession } from "./testing";

const holder = useSession();

test("what an up had begun when it was killed is named by doctor, adopted by doctor --fix, and never made twice", async () => {
  const pending = await killWhileMaking(holder, "monitoring-healthz");
  expect(pending).toContain("monitoring-healthz");
  const found = await operator(holder, "doctor", STACK, "--only", "unfinished");
  expect(found.code).toBe(1);
  expect(printed(found)).toContain(`run "./stack doctor ${STACK} --fix" before any "pulumi refresh"`);
  await expectAdopted(holder);
});
