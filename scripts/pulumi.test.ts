import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Each test starts Node and tsx, which takes seconds on a busy machine. */
jest.setTimeout(60_000);

const made: string[] = [];

afterAll(() => {
  for (const directory of made) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** A directory with a Pulumi CLI that answers `version` and otherwise runs the lines. */
function fakePulumi(...lines: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-script-"));
  made.push(directory);
  const version = 'if [ "$1" = version ]; then echo v3.276.0; exit 0; fi';
  writeFileSync(join(directory, "pulumi"), ["#!/bin/sh", version, ...lines, ""].join("\n"));
  for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    writeFileSync(join(directory, name), "#!/bin/sh\n");
  }
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    chmodSync(join(directory, name), 0o755);
  }
  writeFileSync(join(directory, "offline.cjs"), 'globalThis.fetch = () => Promise.reject(new Error("offline"));');
  return directory;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script with only `directory` and Node.js on PATH; `onOutput` sees what it has printed so far. */
function runScript(
  directory: string,
  args: readonly string[],
  onOutput: (output: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const PATH = [directory, dirname(process.execPath), "/usr/bin", "/bin"].join(":");
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "pulumi.ts"), ...args], {
      // No test downloads a CLI.
      env: {
        PATH,
        HOME: directory,
        PULUMI_HOME: directory,
        NODE_OPTIONS: `--require ${join(directory, "offline.cjs")}`,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput(stdout, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onOutput(stderr, (signal) => child.kill(signal));
    });
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
    child.stdin.end("typed\n");
  });
}

test("hands over arguments, input, output and exit code as they are", async () => {
  const directory = fakePulumi('read -r line; echo "[$1] [$2] $line"; echo warning >&2; exit 7');
  expect(await runScript(directory, ["preview", "a b"])).toEqual({
    code: 7,
    stdout: "[preview] [a b] typed\n",
    stderr: "warning\n",
  });
});

test.each([["SIGINT"], ["SIGTERM"]] as const)(
  "hands over %s once and waits for the CLI to end in its own way",
  async (signal) => {
    const trap = `trap 'echo got ${signal}; kill "$sleeper"; exit 40' ${signal.slice(3)}`;
    // After it ended in an error the script asks for the stack's state.
    const state = '[ "$1" != stack ] || exit 1';
    const directory = fakePulumi(
      state,
      "/bin/sleep 20 & sleeper=$!",
      trap,
      "echo ready",
      'wait "$sleeper"; wait "$sleeper"',
    );
    let sent = false;
    const ended = await runScript(directory, ["up"], (stdout, kill) => {
      if (!sent && stdout.includes("ready")) {
        sent = true;
        kill(signal);
      }
    });
    expect(ended).toEqual({ code: 40, stdout: `ready\ngot ${signal}\n`, stderr: "" });
  },
);

test("has the CLI ask this project's policies, unless the caller names others", async () => {
  const directory = fakePulumi('echo "policies: $PULUMI_OPTION_POLICY_PACK"');
  const { stdout } = await runScript(directory, ["up"]);
  expect(stdout).toBe(`policies: ${join(__dirname, "../infra/policy/pack")}\n`);
  expect((await runScript(directory, ["up", "--policy-pack", "other"])).stdout).toBe("policies: \n");
});

test("keeps the Google provider from asking for regions past a custom endpoint", async () => {
  const directory = fakePulumi('echo "skip: $PULUMI_GCP_SKIP_REGION_VALIDATION"');
  expect((await runScript(directory, ["preview"])).stdout).toBe("skip: true\n");
});

test.each([
  [
    "names the way out where an earlier one was killed over something",
    ["up", "-s", "acme"],
    "creating",
    /"\.\/stack doctor acme --fix" before any "pulumi refresh"/,
  ],
  ["says nothing of what was being deleted", ["up", "-s", "acme"], "deleting", /^$/],
  ["says nothing after another command", ["preview", "-s", "acme"], "creating", /^$/],
])("an up that fails %s", async (...row) => {
  const [, args, type, words] = row;
  const state = JSON.stringify({ deployment: { pending_operations: [{ type, resource: { urn: "u", type: "t" } }] } });
  const directory = fakePulumi(
    `if [ "$*" = "stack export --stack acme" ]; then echo '${state}'; exit 0; fi`,
    "exit 255",
  );
  const ended = await runScript(directory, args);
  expect(ended.code).toBe(255);
  expect(ended.stderr).toMatch(words);
});

const NETWORK = "urn:pulumi:demo-store::erpnext::erpnext:gcp:ServerNetwork$gcp:compute/network:Network::network";
const TUNNEL =
  "urn:pulumi:demo-store::erpnext::cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared::t";

test.each([
  ["what Google refused", NETWORK, /^Google refused the update: give the account .* roles\/compute\.admin.*\n$/],
  ["nothing of what another cloud refused", TUNNEL, /^$/],
])("an up that fails says what to do about %s", async (_title, urn, words) => {
  const message = "googleapi: Error 403: Required 'compute.networks.create' permission for 'x', forbidden";
  const event = JSON.stringify({ diagnosticEvent: { severity: "error", urn, message } });
  const directory = fakePulumi(
    '[ "$1" != stack ] || exit 0',
    `[ "$2" = --event-log ] && /bin/cat > "$3" <<'EVENT'\n${event}\nEVENT`,
    'echo "$3 $4 $5"; exit 255',
  );
  const ended = await runScript(directory, ["up", "-s", "demo-store"]);
  expect(ended.stderr).toMatch(words);
  const [log = "", ...rest] = ended.stdout.trim().split(" ");
  expect(rest).toEqual(["-s", "demo-store"]);
  expect(existsSync(dirname(log))).toBe(false);
});

test("only an update is asked for its events, not a command with the word among its arguments", async () => {
  const directory = fakePulumi('echo "$*"');
  const args = ["-s", "acme", "config", "set", "erpnext:note", "up"];
  expect((await runScript(directory, args)).stdout).toBe(`${args.join(" ")}\n`);
});

test("a CLI that a signal ends gives the exit code a shell would give", async () => {
  const ended = await runScript(fakePulumi("kill -KILL $$"), ["up"]);
  expect(ended.code).toBe(137);
});

test("interrupted while it builds the CLI, it stops the build and leaves nothing", async () => {
  const directory = fakePulumi();
  rmSync(join(directory, "pulumi"));
  const [started, stopped] = [join(directory, "started"), join(directory, "stopped")];
  const go = [
    'if [ "$1" = env ]; then echo go1.26.8; exit 0; fi',
    "/bin/sleep 20 & sleeper=$!",
    `trap 'kill "$sleeper"; echo > "${stopped}"; exit 1' TERM`,
    `echo > "${started}"; wait "$sleeper"`,
  ];
  writeFileSync(join(directory, "go"), ["#!/bin/sh", ...go, ""].join("\n"));
  chmodSync(join(directory, "go"), 0o755);
  const ended = await runScript(directory, ["up"], (_output, kill) => {
    void until(started).then(() => {
      kill("SIGTERM");
    });
  });
  expect(ended.code).toBe(143);
  await until(stopped);
  expect(readdirSync(join(directory, ".cache", "erpnext-stack"))).toEqual([]);
});

/** Resolves when the file is there. */
async function until(path: string): Promise<void> {
  while (!existsSync(path)) {
    await delay(20);
  }
}
