import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLines, builtPackages, fakeGo, fakeMachine, program, type FakeMachine } from "../testing/fake-programs";
import type { ToolError } from "../tool-error";
import { ensureCompose, type Compose } from ".";
import { COMPOSE_MODULE } from "./compose";

async function ensure(machine: FakeMachine, mayBuild = true): Promise<{ compose?: Compose; error?: ToolError }> {
  const { env, cacheDirectory } = machine;
  try {
    return { compose: await ensureCompose({ env, cacheDirectory, mayBuild }) };
  } catch (error) {
    return { error: error as ToolError };
  }
}

test.each([
  { what: "docker with the plugin", name: "docker", says: "2.40.3", command: ["docker", "compose"] },
  { what: "the program by itself", name: "docker-compose", says: "v2.24.0", command: ["docker-compose"] },
])("$what is taken from PATH", async ({ name, says, command: [, ...rest] }) => {
  const machine = fakeMachine();
  const binary = join(machine.tools, name);
  program(binary, `if [ "$*" = "${[...rest, "version", "--short"].join(" ")}" ]; then echo ${says}; else exit 1; fi`);
  expect((await ensure(machine)).compose).toEqual({
    command: [binary, ...rest],
    binary,
    version: says.replace("v", ""),
    directory: machine.tools,
    origin: "path",
  });
});

test.each([
  ["the old one written in Python", "docker-compose", "echo 1.29.2"],
  ["one whose !reset keeps values", "docker-compose", "echo 2.23.3"],
  ["docker without the plugin", "docker", "echo unknown command >&2; exit 1"],
])("%s is passed over, and one is built and kept", async (_what, name, says) => {
  const machine = fakeMachine();
  program(join(machine.tools, name), says);
  fakeGo(machine);
  const { compose } = await ensure(machine);
  expect(compose?.origin).toBe("built");
  expect(compose?.command).toEqual([join(compose?.directory ?? "", "docker-compose")]);
  expect(compose?.directory).toMatch(/\/cache\/compose-2\.40\.3-[0-9a-f]{16}$/);
  expect((await ensure(machine)).compose).toEqual(compose);
  expect(builtPackages(machine)).toEqual(["github.com/docker/compose/v2/cmd"]);
  expect(buildLines(machine)[0]).toContain("-X github.com/docker/compose/v2/internal.Version=v2.40.3 ");
});

test("where it may not be built, an earlier build is used, and nothing is begun without one", async () => {
  const machine = fakeMachine();
  fakeGo(machine);
  expect((await ensure(machine, false)).error?.message).toContain("no earlier build is kept");
  expect(builtPackages(machine)).toEqual([]);
  const { compose } = await ensure(machine);
  expect((await ensure(machine, false)).compose).toEqual(compose);
});

test("a build that is not what was wanted is not kept, and says so", async () => {
  const machine = fakeMachine();
  fakeGo(machine, { builds: { compose: "echo 2.40.2" } });
  const { error } = await ensure(machine);
  expect(error?.message).toBe(
    "there is no Docker Compose to run (docker is not on PATH, docker-compose is not on PATH; " +
      "Docker Compose 2.40.3 was made but does not work: it says to be version 2.40.2): " +
      "try again, and report it if it happens again, or install Docker Compose 2.24.0 or a newer 2.x.",
  );
  expect(readdirSync(machine.cacheDirectory)).toEqual([]);
});

test("is the version that the server installs", () => {
  const docker = readFileSync(join(__dirname, "../../host/steps/docker.sh"), "utf8");
  expect(docker).toContain('COMPOSE_VERSION="2.*"');
  expect(readFileSync(join(COMPOSE_MODULE, "go.mod"), "utf8")).toContain(
    "require github.com/docker/compose/v2 v2.40.3",
  );
});
