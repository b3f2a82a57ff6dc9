import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { UserError } from "../../../core/user-error";
import type { ImageSource } from "../../../customers/image-contents";

/** Milliseconds for one question to a git host. */
const LIMIT_MS = 60_000;

/** What a release says of a repository. */
export interface ReleaseSource extends ImageSource {
  /** Branch that the next release looks at. */
  readonly line?: string | undefined;
}

/** Commits by ref: "refs/heads/main", "refs/tags/v1.0.0". Of an annotated tag, the commit that it names. */
export type Refs = ReadonlyMap<string, string>;

/** Asks a git host for all branches and tags. @throws UserError in git's own words */
export async function refsOf(url: string, git = "git"): Promise<Refs> {
  const environment = { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const { stdout } = await promisify(execFile)(git, ["ls-remote", "--heads", "--tags", "--", url], {
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
    env: environment,
  }).catch((error: unknown) => {
    const { stderr = "", killed, code } = error as { stderr?: string; killed?: boolean; code?: unknown };
    const said = stderr.trim().split("\n").at(-1) ?? "";
    const why =
      killed === true ? `no answer within ${LIMIT_MS / 1000} s` : said === "" ? `exit code ${String(code)}` : said;
    throw new UserError({
      what: `git could not list the branches of ${url} (${why})`,
      next: "check the address and the network, and run the command again",
    });
  });
  const refs = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const [commit = "", name = ""] = line.split("\t");
    // "^{}" follows an annotated tag, and is the commit that it names.
    if (/^[0-9a-f]{40}$/.test(commit)) refs.set(name.replace(/\^\{\}$/, ""), commit);
  }
  return refs;
}

/**
 * The newest of a source's line. The framework has to be a version's tag, because nothing else in an image tells its commit. Of the others a tag
 * is taken where one names the branch's newest commit: a branch that is cloned later may have moved, and then the build fails.
 * @throws UserError where the line or its versions are not there
 */
export function newestOf(source: ReleaseSource, refs: Refs, isFramework: boolean): ReleaseSource {
  const line = source.line ?? source.branch;
  const head = refs.get(`refs/heads/${line}`);
  if (head === undefined) {
    throw new UserError({
      what: `${source.url} has no branch "${line}"`,
      next: 'write "line", the branch to look at, into the last release\'s file',
    });
  }
  const tags = [...refs]
    .filter(([name]) => name.startsWith("refs/tags/"))
    .map(([name, commit]) => ({ tag: name.slice("refs/tags/".length), commit }));
  if (isFramework) {
    const version = newestVersion(tags, line);
    if (version === undefined)
      throw new UserError({ what: `${source.url} has no version of "${line}" as a tag`, next: "name another line" });
    return { url: source.url, branch: version.tag, line, commit: version.commit };
  }
  const tag = tags
    .filter(({ commit }) => commit === head)
    .map((one) => one.tag)
    .sort(byVersion)
    .at(-1);
  return { url: source.url, branch: tag ?? line, line, commit: head };
}

/** Of "version-15" the newest v15.<minor>.<patch>. */
function newestVersion(
  tags: readonly { tag: string; commit: string }[],
  line: string,
): { tag: string; commit: string } | undefined {
  const major = /(\d+)$/.exec(line)?.[1] ?? "";
  const ofLine = tags.filter(({ tag }) => new RegExp(`^v${major}\\.\\d+\\.\\d+$`).test(tag));
  return ofLine.sort((one, other) => byVersion(one.tag, other.tag)).at(-1);
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
