import { readdirSync } from "node:fs";
import { join } from "node:path";
import { builtPackages, fakeGo, fakeMachine, program, type FakeMachine } from "../testing/fake-programs";
import type { ToolError } from "../tool-error";
import { ensureActionlint, type Actionlint } from ".";

async function ensure(machine: FakeMachine): Promise<{ actionlint?: Actionlint; error?: ToolError }> {
  const { env, cacheDirectory } = machine;
  try {
    return { actionlint: await ensureActionlint({ env, cacheDirectory }) };
  } catch (error) {
    return { error: error as ToolError };
  }
}

test("one on PATH that is new enough is taken", async () => {
  const machine = fakeMachine();
  const binary = join(machine.tools, "actionlint");
  program(binary, `if [ "$*" = -version ]; then echo v1.8.0; echo built with go; else exit 1; fi`);
  expect((await ensure(machine)).actionlint).toEqual({
    binary,
    version: "1.8.0",
    directory: machine.tools,
    origin: "path",
  });
});

test("an older one is passed over, and one is built and kept", async () => {
  const machine = fakeMachine();
  program(join(machine.tools, "actionlint"), "echo 1.7.11");
  fakeGo(machine);
  const { actionlint } = await ensure(machine);
  expect(actionlint?.origin).toBe("built");
  expect(actionlint?.binary).toMatch(/\/cache\/actionlint-1\.7\.12-[0-9a-f]{16}\/actionlint$/);
  expect((await ensure(machine)).actionlint).toEqual(actionlint);
  expect(builtPackages(machine)).toEqual(["github.com/rhysd/actionlint/cmd/actionlint"]);
});

test("a build that is not what was wanted is not kept, and says so", async () => {
  const machine = fakeMachine();
  fakeGo(machine, { builds: { actionlint: "echo v1.7.11" } });
  const { error } = await ensure(machine);
  expect(error?.message).toBe(
    "there is no actionlint to run (actionlint is not on PATH; " +
      "actionlint 1.7.12 was made but does not work: it says to be version 1.7.11): " +
      "try again, and report it if it happens again, or install actionlint 1.7.12 or a newer 1.x.",
  );
  expect(readdirSync(machine.cacheDirectory)).toEqual([]);
});
