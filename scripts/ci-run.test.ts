import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `ip` comes with the package iproute2 and `pip3` with python3-pip; the others are named like theirs. */
const PROGRAMS = [
  ...["caddy", "chromium", "shellcheck", "jq", "curl", "openssl", "python3", "iptables", "ip", "redis-server", "pip3"],
  "systemd-analyze",
];

/** Those that are not what a test is about. */
const OTHERS = ["curl", "openssl", "iptables", "ip", "redis-server", "pip3", "systemd-analyze"];

interface Machine {
  readonly root: string;
  readonly tools: string;
}

function program(machine: Machine, name: string, body: string): void {
  const path = join(machine.tools, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const made: string[] = [];

afterAll(() => {
  for (const directory of made) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** A repository that holds nothing but .ci/run, on a machine with just the programs named, an npm and the user id 0. */
function machineWith(programs: readonly string[]): Machine {
  const root = mkdtempSync(join(tmpdir(), "ci-run-"));
  made.push(root);
  const machine = { root, tools: join(root, "tools") };
  mkdirSync(join(root, ".ci"));
  mkdirSync(machine.tools);
  copyFileSync(join(__dirname, "..", ".ci", "run"), join(root, ".ci", "run"));
  for (const name of ["dirname", "env", "chmod", "touch"]) {
    symlinkSync(join("/usr/bin", name), join(machine.tools, name));
  }
  for (const name of programs) {
    program(machine, name, "");
  }
  program(machine, "id", "echo 0");
  program(machine, "npm", `echo "npm $* $PWD CI=$CI"; if [ "$1" = test ]; then echo "3 passed, 0 failed"; fi`);
  return machine;
}

/** An apt-get that logs its calls and installs what it knows; the package iproute2 brings `ip`. */
function aptGet(machine: Machine, known: readonly string[], update = "exit 0"): void {
  const log = `echo "$* $DEBIAN_FRONTEND" >> "${join(machine.root, "apt.log")}"`;
  const last = 'for package in "$@"; do :; done';
  const install = `case " ${known.join(" ")} " in *" $package "*) program="$package"; if [ "$package" = iproute2 ]; then program=ip; fi; touch "${machine.tools}/$program"; chmod 755 "${machine.tools}/$program";; *) exit 100;; esac`;
  program(machine, "apt-get", [log, `if [ "$1" = update ]; then ${update}; fi`, last, install].join("\n"));
}

function run(machine: Machine): { status: number | null; lines: string[]; apt: string[] } {
  const result = spawnSync("/bin/bash", [join(machine.root, ".ci", "run")], {
    env: { PATH: machine.tools },
    encoding: "utf8",
  });
  const log = join(machine.root, "apt.log");
  return {
    status: result.status,
    lines: `${result.stdout}${result.stderr}`.trimEnd().split("\n"),
    apt: existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [],
  };
}

const npm = (machine: Machine): string[] => [
  `npm ci ${machine.root} CI=true`,
  `npm test ${machine.root} CI=true`,
  "3 passed, 0 failed",
];

test("with everything there it runs the test command and nothing else", () => {
  const machine = machineWith(PROGRAMS);
  aptGet(machine, []);
  expect(run(machine)).toEqual({ status: 0, lines: npm(machine), apt: [] });
});

test("installs what is lacking, without recommendations or questions", () => {
  const machine = machineWith([
    "caddy",
    "jq",
    "curl",
    "openssl",
    "python3",
    "iptables",
    "redis-server",
    "pip3",
    "systemd-analyze",
  ]);
  aptGet(machine, ["chromium", "shellcheck", "iproute2"]);
  expect(run(machine)).toEqual({
    status: 0,
    lines: ["installing chromium", "installing shellcheck", "installing iproute2", ...npm(machine)],
    apt: [
      "update ",
      "install --yes --no-install-recommends chromium noninteractive",
      "install --yes --no-install-recommends shellcheck noninteractive",
      "install --yes --no-install-recommends iproute2 noninteractive",
    ],
  });
});

test("a package that is not to be had keeps no other from being installed", () => {
  const machine = machineWith(["caddy", "python3", ...OTHERS]);
  aptGet(machine, ["jq", "shellcheck"], "exit 100");
  const { status, lines } = run(machine);
  expect(status).toBe(0);
  expect(lines).toEqual([
    "apt-get update failed, going on with the package lists that are there",
    "installing chromium",
    "installing shellcheck",
    "installing jq",
    "going on without chromium, which cannot be installed here",
    ...npm(machine),
  ]);
});

test("without apt-get it says what is lacking and goes on", () => {
  const machine = machineWith(["python3", ...OTHERS]);
  const lines = ["going on without caddy chromium shellcheck jq, which cannot be installed here", ...npm(machine)];
  expect(run(machine)).toEqual({ status: 0, lines, apt: [] });
});

test("who is not root goes through sudo, without a password", () => {
  const machine = machineWith(["caddy", "chromium", "jq", "python3", ...OTHERS]);
  program(machine, "id", "echo 1000");
  program(machine, "sudo", 'echo "sudo $1"; shift; exec "$@"');
  aptGet(machine, PROGRAMS);
  const lines = ["sudo -n", "installing shellcheck", "sudo -n", ...npm(machine)];
  expect(run(machine)).toMatchObject({ status: 0, lines });
});

test.each([
  ["npm ci", "exit 5", 5],
  ["npm test", 'if [ "$1" = test ]; then echo "2 passed, 1 failed"; exit 1; fi', 1],
])("its exit status is that of %s", (_what, body, status) => {
  const machine = machineWith(PROGRAMS);
  program(machine, "npm", body);
  const result = run(machine);
  expect(result.status).toBe(status);
  expect(result.lines).toEqual([status === 1 ? "2 passed, 1 failed" : ""]);
});
