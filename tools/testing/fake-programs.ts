import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A fresh directory for one test; `tools` of it is the only directory on PATH of `env`. */
export interface FakeMachine {
  readonly root: string;
  readonly tools: string;
  readonly cacheDirectory: string;
  readonly env: NodeJS.ProcessEnv;
}

const roots: string[] = [];

afterAll(() => {
  for (const root of roots) {
    rmSync(root, { recursive: true, force: true });
  }
});

/** Makes a machine that is removed after the test file's last test. */
export function fakeMachine(): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), "tools-test-"));
  roots.push(root);
  const tools = join(root, "tools");
  mkdirSync(tools);
  return { root, tools, cacheDirectory: join(root, "cache"), env: { PATH: tools, HOME: join(root, "home") } };
}

/** Writes an executable shell script. On a fake machine's PATH there is nothing but shell builtins: name other programs by their path. */
export function program(path: string, ...lines: readonly string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(path, 0o755);
  return path;
}

export interface FakeGo {
  /** As `go env GOVERSION` says it. */
  readonly version?: string;
  readonly toolchain?: string;
  /** Lines that run before a program is written; `$target` and `$package` are set. */
  readonly before?: readonly string[];
  /** What the programs that it builds say to be. */
  readonly builds?: {
    readonly pulumi?: string;
    readonly caddy?: string;
    readonly compose?: string;
    readonly actionlint?: string;
    readonly languageHost?: string;
  };
}

/** Puts a `go` on the fake machine's PATH that "builds" shell scripts and logs each build as a line `<package> <arguments>`. */
export function fakeGo(machine: FakeMachine, fake: FakeGo = {}): void {
  const builds = {
    pulumi: "echo v3.276.0",
    caddy: "echo v2.11.4",
    compose: "echo 2.40.3",
    actionlint: "echo v1.7.12",
    languageHost: "echo '  -nodeargs string' >&2",
    ...fake.builds,
  };
  program(
    join(machine.tools, "go"),
    `if [ "$1" = env ]; then echo "${fake.version ?? "go1.26.8"}"; echo "${fake.toolchain ?? "local"}"; exit 0; fi`,
    `arguments="$*"; while [ $# -gt 1 ]; do if [ "$1" = -o ]; then target="$2"; fi; shift; done; package="$1"`,
    `echo "$package $arguments" >> "${buildLog(machine)}"`,
    ...(fake.before ?? []),
    `case "$package" in`,
    `  */cmd/pulumi) body="${builds.pulumi}" ;;`,
    `  */cmd/caddy) body="${builds.caddy}" ;;`,
    `  */compose/v2/cmd) body="${builds.compose}" ;;`,
    `  */cmd/actionlint) body="${builds.actionlint}" ;;`,
    `  *) body="${builds.languageHost}" ;;`,
    `esac`,
    `printf '#!/bin/sh\\n%s\\n' "$body" > "$target"; /bin/chmod 755 "$target"`,
  );
}

/** The import paths of what the fake `go` has built, in order. */
export function builtPackages(machine: FakeMachine): string[] {
  return buildLines(machine).map((line) => line.split(" ")[0] ?? "");
}

/** One line a build: the import path and go's arguments. */
export function buildLines(machine: FakeMachine): string[] {
  try {
    return readFileSync(buildLog(machine), "utf8").trimEnd().split("\n");
  } catch {
    return [];
  }
}

function buildLog(machine: FakeMachine): string {
  return join(machine.root, "builds.log");
}
