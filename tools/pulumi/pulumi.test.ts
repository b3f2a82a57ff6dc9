import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../executables";
import { builtPackages, fakeGo, fakeMachine, program, type FakeMachine } from "../testing/fake-programs";
import type { ToolError } from "../tool-error";
import { PULUMI_VERSION, ensurePulumi, type EnsurePulumiOptions, type PulumiCli } from ".";

const LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** Puts a Pulumi CLI with its companions into a directory. */
function pulumiIn(directory: string, says: string): void {
  program(join(directory, "pulumi"), says);
  program(join(directory, "pulumi-language-nodejs"));
  program(join(directory, "pulumi-resource-pulumi-nodejs"));
}

interface Ensured {
  readonly cli: PulumiCli | undefined;
  readonly error: ToolError | undefined;
  /** What was said, with the machine's directory written as `<root>`. */
  readonly said: readonly string[];
}

async function ensure(machine: FakeMachine, options: EnsurePulumiOptions = {}): Promise<Ensured> {
  const said: string[] = [];
  const { env, cacheDirectory } = machine;
  const onProgress = (line: string): unknown =>
    said.push(line.replaceAll(machine.root, "<root>").replace(/\d+ s$/, "N s"));
  let cli: PulumiCli | undefined;
  let error: ToolError | undefined;
  try {
    cli = await ensurePulumi({ env, cacheDirectory, onProgress, install: UNREACHABLE, ...options });
  } catch (reason) {
    error = reason as ToolError;
  }
  return { cli, error, said };
}

/** What a machine that reaches package registries alone says of it. */
const UNREACHABLE =
  "process.stderr.write('Failed to download https://get.pulumi.com/install.sh: fetch failed'); process.exitCode = 1;";

const NO_DOWNLOAD =
  "the Pulumi CLI could not be downloaded: Failed to download https://get.pulumi.com/install.sh: fetch failed";

const BUILDING = [
  "downloading the Pulumi CLI 3.276.0",
  `passed over: ${NO_DOWNLOAD}`,
  "building Pulumi's language host for Node.js from Go modules",
  "building Pulumi's language host for Node.js took N s",
  "building the Pulumi CLI 3.276.0 from Go modules",
  "building the Pulumi CLI 3.276.0 took N s",
];

test("the CLI is as old as the SDK", () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(PULUMI_VERSION).toBe(manifest.dependencies["@pulumi/pulumi"]);
});

describe("on PATH", () => {
  test.each(["3.276.0", "3.276.1", "3.300.0"])("version %s is taken, and nothing is built", async (version) => {
    const machine = fakeMachine();
    pulumiIn(machine.tools, `echo v${version}`);
    fakeGo(machine);
    const { cli, said } = await ensure(machine);
    expect(cli).toEqual({ binary: join(machine.tools, "pulumi"), version, directory: machine.tools, origin: "path" });
    expect(said).toEqual([]);
    expect(builtPackages(machine)).toEqual([]);
  });

  test("a link to a CLI whose companions stand beside the real one is taken", async () => {
    const machine = fakeMachine();
    pulumiIn(join(machine.root, "opt"), "echo v3.276.0");
    symlinkSync(join(machine.root, "opt", "pulumi"), join(machine.tools, "pulumi"));
    expect((await ensure(machine)).cli?.origin).toBe("path");
  });

  test.each([
    ["echo v3.255.9", '"<root>/tools/pulumi" is version 3.255.9, not 3.276.0 or a newer 3.x'],
    ["echo v3.276.0-dev.0", '"<root>/tools/pulumi" is version 3.276.0 (pre-release), not 3.276.0 or a newer 3.x'],
    ["echo v4.0.0", '"<root>/tools/pulumi" is version 4.0.0, not 3.276.0 or a newer 3.x'],
    ["echo bad interpreter >&2; exit 126", '"<root>/tools/pulumi" does not work: bad interpreter'],
    ["echo hello", '"<root>/tools/pulumi" does not work: it does not say its version'],
    ["kill -SEGV $$", '"<root>/tools/pulumi" does not work: killed by SIGSEGV'],
  ])("one that does %j is passed over", async (says, reason) => {
    const machine = fakeMachine();
    pulumiIn(machine.tools, says);
    fakeGo(machine);
    const { cli, said } = await ensure(machine);
    expect(cli?.origin).toBe("built");
    expect(said).toEqual([`passed over: ${reason}`, ...BUILDING]);
  });

  test("one without its language host is passed over", async () => {
    const machine = fakeMachine();
    pulumiIn(machine.tools, "echo v3.276.0");
    rmSync(join(machine.tools, "pulumi-language-nodejs"));
    fakeGo(machine);
    const { cli, said } = await ensure(machine);
    expect(cli?.origin).toBe("built");
    expect(said[0]).toBe('passed over: "<root>/tools/pulumi" lacks pulumi-language-nodejs, which belong beside it');
  });
});

describe("Pulumi's release", () => {
  const root = (machine: FakeMachine): string => join(machine.cacheDirectory, "pulumi-3.276.0-release");

  /** An installer that, as the real one, puts the CLI and its companions into `bin` of the directory that it is told. */
  const installs = (says: string): string => `
    const { mkdirSync, writeFileSync } = require("node:fs");
    mkdirSync(process.argv[1] + "/bin");
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])
      writeFileSync(process.argv[1] + "/bin/" + name, ${JSON.stringify(`#!/bin/sh\n${says}\n`)}, { mode: 0o755 });`;

  test("is downloaded before anything is built, and kept", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { cli, said } = await ensure(machine, { install: installs("echo v3.276.0") });
    const directory = join(root(machine), "bin");
    expect(cli).toEqual({ binary: join(directory, "pulumi"), version: "3.276.0", directory, origin: "downloaded" });
    expect(said).toEqual(["downloading the Pulumi CLI 3.276.0"]);
    expect(await ensure(machine)).toEqual({ cli, error: undefined, said: [] });
    expect(builtPackages(machine)).toEqual([]);
  });

  test("is not downloaded where an earlier build is kept", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { cli } = await ensure(machine);
    expect(await ensure(machine, { install: installs("echo v3.276.0") })).toEqual({ cli, error: undefined, said: [] });
  });

  test("is downloaded once for two at once", async () => {
    const machine = fakeMachine();
    const install = `${installs("echo v3.276.0")} require("node:child_process").execFileSync("/bin/sleep", ["0.3"]);`;
    const both = await Promise.all([ensure(machine, { install }), ensure(machine, { install })]);
    expect(both.flatMap(({ said }) => said).filter((line) => line.startsWith("downloading"))).toHaveLength(1);
    expect(both[0].cli).toEqual(both[1].cli);
  });

  test.each([
    ["echo v3.250.0", "it says to be version 3.250.0"],
    ["exit 1", "exit code 1"],
  ])("whose CLI does %j is not kept", async (says, trouble) => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { cli, said } = await ensure(machine, { install: installs(says) });
    expect(cli?.origin).toBe("built");
    expect(said[1]).toBe(`passed over: the Pulumi CLI could not be downloaded: ${trouble}`);
    expect(existsSync(root(machine))).toBe(false);
  });

  test("is the one that the Automation API installs", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const offline = join(machine.root, "offline.cjs");
    writeFileSync(offline, "globalThis.fetch = (url) => Promise.reject(new Error(`no way to ${url}`));");
    const env = { ...machine.env, NODE_OPTIONS: `--require ${offline}` };
    const said: string[] = [];
    const onProgress = (line: string): unknown => said.push(line);
    await ensurePulumi({ env, cacheDirectory: machine.cacheDirectory, onProgress });
    expect(said[1]).toBe(
      "passed over: the Pulumi CLI could not be downloaded: " +
        "Failed to download https://get.pulumi.com/install.sh: no way to https://get.pulumi.com/install.sh",
    );
  });
});

describe("a build", () => {
  test("puts the CLI, the language host and the launcher beside each other, and is kept", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { cli, said } = await ensure(machine);
    expect(cli?.directory).toMatch(/\/cache\/pulumi-3\.276\.0-[0-9a-f]{16}\/bin$/);
    const { directory } = cli!;
    expect(cli).toEqual({ binary: join(directory, "pulumi"), version: "3.276.0", directory, origin: "built" });
    expect(said).toEqual(BUILDING);
    expect(readdirSync(directory)).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    for (const name of readdirSync(directory)) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o755);
    }
    expect(readFileSync(join(directory, "pulumi-resource-pulumi-nodejs"), "utf8")).toContain(
      "@pulumi/pulumi/cmd/dynamic-provider",
    );

    expect(await ensure(machine)).toEqual({ cli, error: undefined, said: [] });
    expect(builtPackages(machine)).toEqual([LANGUAGE_HOST, CLI]);
  });

  test("gives the CLI its version", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    await ensure(machine);
    const log = readFileSync(join(machine.root, "builds.log"), "utf8");
    expect(log).toContain("-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.276.0 ");
  });

  test("that lost a file is done again", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { cli } = await ensure(machine);
    chmodSync(join(cli!.directory, "pulumi-language-nodejs"), 0o644);
    expect((await ensure(machine)).cli).toEqual(cli);
    expect(builtPackages(machine)).toEqual([LANGUAGE_HOST, CLI, LANGUAGE_HOST, CLI]);
  });

  test("is done once for two at once", async () => {
    const machine = fakeMachine();
    fakeGo(machine, { before: ["/bin/sleep 0.3"] });
    const [one, other] = await Promise.all([ensure(machine), ensure(machine)]);
    expect(one.cli).toEqual(other.cli);
    expect(builtPackages(machine)).toEqual([LANGUAGE_HOST, CLI]);
    expect([...one.said, ...other.said]).toContain(
      `waiting for process ${process.pid}, which builds the Pulumi CLI 3.276.0: N s`,
    );
  });

  test("that fails shows what go said and leaves nothing", async () => {
    const machine = fakeMachine();
    fakeGo(machine, { before: ["echo 'plugin.go:7: undefined: x' >&2; exit 1"] });
    const { error } = await ensure(machine);
    expect(error?.name).toBe("ToolError");
    expect(error?.message).toBe(
      `there is no Pulumi CLI to run (pulumi is not on PATH; ${NO_DOWNLOAD}; ` +
        "Pulumi's language host for Node.js cannot be built (go ended with exit code 1)): " +
        "fix what go says and try again, or install the Pulumi CLI 3.276.0 and put it on PATH.",
    );
    expect(error?.output).toEqual(["plugin.go:7: undefined: x"]);
    expect(readdirSync(machine.cacheDirectory)).toEqual([]);
  });

  test("that was interrupted leaves nothing that looks finished, and the next one clears up", async () => {
    const machine = fakeMachine();
    fakeGo(machine, { before: ['echo partial > "$target"', "exec /bin/sleep 5"] });
    const body = `require("tsx/cjs"); require(${JSON.stringify(__dirname)}).ensurePulumi(${JSON.stringify({
      env: machine.env,
      cacheDirectory: machine.cacheDirectory,
    })})`;
    const child = spawn(process.execPath, ["-e", body], { cwd: __dirname, stdio: "ignore" });
    for (const since = Date.now(); builtPackages(machine).length === 0 && Date.now() - since < 4000;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const left = readdirSync(machine.cacheDirectory);
    expect(left.map((name) => name.replace(/[0-9a-f]{16}/, "H").replace(/making-.*/, "making"))).toEqual([
      "pulumi-3.276.0-H.lock",
      "pulumi-3.276.0-H.making",
    ]);

    fakeGo(machine);
    const { cli } = await ensure(machine);
    expect(cli?.origin).toBe("built");
    expect(readdirSync(machine.cacheDirectory)).toEqual([left[0]!.replace(".lock", "")]);
  });

  test.each([
    [{ pulumi: "echo v3.255.0" }, "the Pulumi CLI 3.276.0 was built but says to be version 3.255.0"],
    [{ pulumi: "exit 5" }, "the Pulumi CLI 3.276.0 was built but does not work: exit code 5"],
    [{ languageHost: "exit 5" }, "Pulumi's language host for Node.js was built but does not work: exit code 5"],
    [{ languageHost: "echo usage >&2" }, "Pulumi's language host for Node.js was built but does not work: usage"],
  ])("whose result does %j is not kept", async (builds, reason) => {
    const machine = fakeMachine();
    fakeGo(machine, { builds });
    const { error } = await ensure(machine);
    expect(error?.what).toContain(`; ${reason})`);
    expect(readdirSync(machine.cacheDirectory)).toEqual([]);
  });

  test("needs Go", async () => {
    const { error } = await ensure(fakeMachine());
    expect(error?.message).toBe(
      `there is no Pulumi CLI to run (pulumi is not on PATH; ${NO_DOWNLOAD}; Go is not on PATH): ` +
        "install Go 1.26.6 or newer, put it on PATH and try again, or install the Pulumi CLI 3.276.0 and put it on PATH.",
    );
  });
});

test("the language host's wrapper puts the operator's flags before the engine's, also when it is called through PATH", async () => {
  const machine = fakeMachine();
  fakeGo(machine, { builds: { languageHost: String.raw`echo -nodeargs >&2; printf '[%s]\n' \"\$@\"` } });
  const { cli } = await ensure(machine);
  const env = {
    PATH: `${cli!.directory}:/usr/bin:/bin`,
    PULUMI_LANGUAGE_NODEJS_FLAGS: "-typescript=false -nodeargs=--title=*",
  };
  const options = { env, timeoutMs: 10_000, cwd: machine.root };
  const result = await run("/bin/sh", ["-c", 'pulumi-language-nodejs "-root=/a b" 127.0.0.1:1'], options);
  expect(result.stdout).toBe("[-typescript=false]\n[-nodeargs=--title=*]\n[-root=/a b]\n[127.0.0.1:1]\n");
  const plain = await run(join(cli!.directory, "pulumi-language-nodejs"), ["127.0.0.1:1"], {
    ...options,
    env: { PATH: "/usr/bin:/bin" },
  });
  expect(plain.stdout).toBe("[127.0.0.1:1]\n");
});

test("the language host's wrapper hands over the options of the project's Pulumi.yaml", async () => {
  const machine = fakeMachine();
  fakeGo(machine, { builds: { languageHost: String.raw`echo -nodeargs >&2; printf '[%s]\n' \"\$@\"` } });
  const { cli } = await ensure(machine);
  const program = join(machine.root, "project", "infra");
  mkdirSync(program, { recursive: true });
  const options =
    "runtime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --stack-trace-limit=0 --title=x\n";
  writeFileSync(join(machine.root, "project", "Pulumi.yaml"), `name: demo\n${options}`);
  const env = { PATH: "/usr/bin:/bin" };
  const host = join(cli!.directory, "pulumi-language-nodejs");
  const result = await run(host, ["127.0.0.1:1"], { env, timeoutMs: 10_000, cwd: program });
  expect(result.stdout).toBe("[-nodeargs=--stack-trace-limit=0 --title=x]\n[-typescript=false]\n[127.0.0.1:1]\n");
});
