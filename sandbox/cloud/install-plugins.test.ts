import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { installPlugins, REAL_PLUGINS } from "./install-plugins";
import { RunningCloud } from "./testing/running-cloud";

/** A quote in the path, because the launchers are shell scripts. */
let home: string;
let running: RunningCloud;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "pulumi home'-"));
  running = await RunningCloud.start();
  installPlugins(home, running.dir);
});

afterEach(async () => {
  await running.end();
  rmSync(home, { recursive: true, force: true });
});

it.each([
  ["gcp", "9.37.0"],
  ["cloudflare", "6.22.1"],
  ["docker-build", "0.0.22"],
  ["command", "1.2.1"],
] as const)("tells the engine the port of %s %s and ends when the engine does", async (provider, version) => {
  const launcher = join(home, "plugins", `resource-${provider}-v${version}`, `pulumi-resource-${provider}`);
  const child = spawn(launcher, ["--logtostderr", "127.0.0.1:4711"], { cwd: home, stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once("data", (data: Buffer) => {
      resolve(data.toString());
    }),
  );
  expect(port).toBe(`${running.cloud.port(provider)}\n`);
  expect(readFileSync(join(running.dir, "callers", `127.0.0.1:4711.${provider}`), "utf8")).toBe(
    `${realpathSync(home)}\n`,
  );
  expect(child.exitCode).toBeNull();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
});

it("takes a real plugin where one is named, and the stand-in for every other", () => {
  const real = join(home, "pulumi-resource-command");
  writeFileSync(real, "");
  const before = process.env[REAL_PLUGINS];
  process.env[REAL_PLUGINS] = home;
  try {
    installPlugins(home, running.dir);
  } finally {
    if (before === undefined) delete process.env["SANDBOX_REAL_PLUGINS"];
    else process.env[REAL_PLUGINS] = before;
  }
  const plugin = (name: string, version: string): string =>
    join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
  expect(readlinkSync(plugin("command", "1.2.1"))).toBe(real);
  expect(readFileSync(plugin("gcp", "9.37.0"), "utf8")).toContain("Stand-in for the Pulumi plugin");
});

it("says in one sentence that the sandbox is not running", async () => {
  await running.cloud.close();
  const launcher = join(home, "plugins", "resource-gcp-v9.37.0", "pulumi-resource-gcp");
  const child = spawn(launcher, ["127.0.0.1:4711"], { stdio: ["pipe", "ignore", "pipe"] });
  let words = "";
  child.stderr.on("data", (data: Buffer) => {
    words += data.toString();
  });
  expect(await new Promise<number | null>((resolve) => child.once("close", resolve))).toBe(1);
  expect(words).toBe(
    `The sandbox in ${running.dir} is not running, so its stand-in for gcp cannot answer; start the sandbox first.\n`,
  );
});
