import { readFileSync, writeFileSync } from "node:fs";

/** A file of the repository that a script writes. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** How a run ends: its sentence, and its exit code. */
export interface Outcome {
  readonly exitCode: 0 | 1;
  readonly sentence: string;
}

/** Writes the file unless it is current; with `check` only reports. `command` is what writes it. */
export function generate({ path, content }: GeneratedFile, check: boolean, command: string): Outcome {
  if (contentOf(path) === content) return { exitCode: 0, sentence: `${path} is current.` };
  if (check) return { exitCode: 1, sentence: `${path} is not current: run ${command}.` };
  writeFileSync(path, content);
  return { exitCode: 0, sentence: `${path} is written.` };
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The body of a script that writes generated files; `--check` is its only argument. */
export function generateAll(files: readonly GeneratedFile[], script: string): void {
  const given = process.argv.slice(2);
  if (given.some((argument) => argument !== "--check")) {
    process.stderr.write(`usage: tsx ${script} [--check]\n`);
    process.exitCode = 2;
    return;
  }
  const outcomes = files.map((file) => generate(file, given.includes("--check"), `npx tsx ${script}`));
  process.stdout.write(outcomes.map(({ sentence }) => `${sentence}\n`).join(""));
  process.exitCode = Math.max(...outcomes.map(({ exitCode }) => exitCode));
}
