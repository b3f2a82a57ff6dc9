import { spawnSync } from "node:child_process";

import { ToolError } from "../../tools/tool-error";

/** Programs that the server's scripts call for real; Debian has all of them but jq, curl and python3 from the start. */
const PROGRAMS = [
  ...["curl", "jq", "python3", "redis-server", "openssl", "flock", "timeout", "gzip", "tar"],
  ...["sed", "stat", "date", "grep", "sha256sum"],
];

/** Of these only the GNU ones take the options that the scripts use. */
const GNU = ["sed", "stat", "date", "grep"];

/** What a program printed for `--version`; undefined when there is none. */
export type Version = (program: string) => string | undefined;

/** What this machine lacks to run a server's own scripts, in words; nothing when it can. */
export function lacking(platform: NodeJS.Platform, version: Version): string[] {
  const bash = /version (\d+)\./.exec(version("/bin/bash") ?? "")?.[1];
  const missing = PROGRAMS.filter((program) => version(program) === undefined);
  return [
    ...(platform === "linux" ? [] : [`Linux (this is ${platform})`]),
    ...(Number(bash ?? 0) >= 5 ? [] : ["Bash 5 as /bin/bash"]),
    ...missing,
    ...GNU.filter((program) => !missing.includes(program) && version(program)?.includes("GNU") !== true).map(
      (program) => `GNU's ${program}`,
    ),
  ];
}

/** Throws one sentence that names everything this machine lacks. */
export function requireServerTools(): void {
  const missing = lacking(process.platform, versionOf);
  if (missing.length === 0) return;
  throw new ToolError(
    `the sandbox's server runs the Debian scripts of host/ for real, and this machine lacks ${missing.join(", ")}`,
    "install that, or run it on a Debian machine",
  );
}

function versionOf(program: string): string | undefined {
  const { error, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return error === undefined ? stdout : undefined;
}
