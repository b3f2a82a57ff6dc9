import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Calls that read standard input, up to its end or its first NUL, as patterns of the shell; no other may take it from its caller. */
const READING: Readonly<Record<string, string>> = { docker: '"login "*|"compose exec "*|"compose run "*' };

/**
 * Starting Node for every call would cost a quarter of a second; a shell that asks the sandbox's own process costs a few
 * milliseconds. Arguments, environment and directory are read from /proc by the one who answers. Answers come a line at
 * a time: `o` and `e` are lines of the two outputs, `O` and `E` the same without a line break, `x` the exit code.
 * @param port where the sandbox answers
 */
function launcher(program: string, port: number): string {
  const calls = READING[program];
  const read =
    calls === undefined ? "" : `case "$* " in ${calls}) [[ -t 0 ]] || IFS= read -r -d '' input || true ;; esac\n`;
  return `#!/bin/bash
# Stands for ${program} on the sandbox's server.
LC_ALL=C
input=""
exec 3<>/dev/tcp/127.0.0.1/${port} || { echo "${program}: the sandbox is gone" >&2; kill -KILL 0; }
${read}printf '%s %s %s\\n%s' ${program} $$ "\${#input}" "$input" >&3
while IFS= read -r line <&3; do
  case "\${line:0:1}" in
  o) printf '%s\\n' "\${line:1}" ;;
  O) printf '%s' "\${line:1}" ;;
  e) printf '%s\\n' "\${line:1}" >&2 ;;
  E) printf '%s' "\${line:1}" >&2 ;;
  x) exit "\${line:1}" ;;
  esac
done
exit 137
`;
}

/** A pause of a server whose sandbox is gone would never end. */
function sleeper(owner: number): string {
  return `#!/bin/bash
[[ -d /proc/${owner} ]] || kill -KILL 0
exec /bin/sleep "$@"
`;
}

/** Writes a launcher for each program, and `sleep`, into a directory that goes first on the server's PATH. */
export function writeLaunchers(directory: string, programs: readonly string[], port: number): void {
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string): void => {
    const file = join(directory, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  for (const program of programs) write(program, launcher(program, port));
  write("sleep", sleeper(process.pid));
}
