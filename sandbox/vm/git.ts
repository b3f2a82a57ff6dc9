import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { type Call, type Program, ProgramError } from "./programs/call";

/** The one repository that a server fetches, by the commit that it is asked for. */
export interface Repository {
  readonly url: string;
  /** Files by path at any commit: who asks for another one gets the same files under that name. */
  readonly files: Readonly<Record<string, string>>;
}

/** `git`, as far as fetching one commit goes. The real one cannot have a commit that was not fetched from the real place. */
export function gitProgram(repository: Repository): Program {
  return (call) => {
    const { directory, words } = options(call);
    const [command = "", ...rest] = words;
    const operands = rest.filter((word) => !word.startsWith("-"));
    switch (command) {
      case "init":
        mkdirSync(join(operands[0] ?? directory, ".git", "info"), { recursive: true });
        return 0;
      case "fetch":
        return fetch(directory, repository, { url: operands.at(-2) ?? "", commit: operands.at(-1) ?? "" });
      case "checkout":
        checkOut(directory, repository);
        return 0;
      case "rev-parse":
        call.out(`${required(directory, "HEAD")}\n`);
        return 0;
      case "status":
        required(directory, "HEAD");
        for (const line of changes(directory, repository)) call.out(`${line}\n`);
        return 0;
      default:
        throw new ProgramError(`git: '${command}' is not a git command.`, 1);
    }
  };
}

function options({ args, cwd }: Call): { directory: string; words: readonly string[] } {
  let directory = cwd;
  let at = 0;
  for (; args[at] === "-C" || args[at] === "-c"; at += 2) if (args[at] === "-C") directory = args[at + 1] ?? "";
  return { directory, words: args.slice(at) };
}

function fetch(directory: string, repository: Repository, asked: { url: string; commit: string }): number {
  if (asked.url !== repository.url) {
    throw new ProgramError(`fatal: unable to access '${asked.url}': Could not resolve host`, 128);
  }
  if (!/^[0-9a-f]{40}$/.test(asked.commit)) {
    throw new ProgramError(`fatal: couldn't find remote ref ${asked.commit}`, 128);
  }
  writeFileSync(join(directory, ".git", "FETCH_HEAD"), asked.commit);
  return 0;
}

function checkOut(directory: string, { files }: Repository): void {
  const commit = required(directory, "FETCH_HEAD");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  writeFileSync(join(directory, ".git", "HEAD"), commit);
}

function required(directory: string, reference: string): string {
  try {
    return readFileSync(join(directory, ".git", reference), "utf8");
  } catch {
    throw new ProgramError("fatal: not a git repository (or any of the parent directories): .git", 128);
  }
}

/** What differs from the commit, one line a file, without what .git/info/exclude leaves out. */
function changes(directory: string, { files }: Repository): string[] {
  const excluded = readFileSync(join(directory, ".git", "info", "exclude"), "utf8").split("\n");
  const there = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(".git/") && !excluded.includes(`/${path}`));
  const untracked = there.filter((path) => !(path in files)).map((path) => `?? ${path}`);
  const changed = Object.entries(files).flatMap(([path, content]) => {
    if (!there.includes(path)) return [` D ${path}`];
    return readFileSync(join(directory, path), "utf8") === content ? [] : [` M ${path}`];
  });
  return [...changed, ...untracked];
}
