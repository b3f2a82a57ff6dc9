import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** What `ensurePulumi` and `ensureCaddy` have in common. */
export interface EnsureOptions {
  /**
   * Takes one line on what is going on. A transient line ("building …: 45 s") is outdated by the next one, so that a terminal may
   * overwrite it; all others are worth keeping.
   */
  readonly onProgress?: (line: string, transient: boolean) => void;
  /** Milliseconds between two transient lines. Default: 15 000, which suits a log. */
  readonly progressIntervalMs?: number;
  /** Where built tools are kept. Default: `erpnext-stack` in XDG_CACHE_HOME or `~/.cache`. */
  readonly cacheDirectory?: string;
  /** Whether a tool may be built that no earlier build has left, which takes minutes. Default: true. */
  readonly mayBuild?: boolean;
  /** The environment to look for tools in and to build with. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** {@link EnsureOptions} with every default filled. */
export interface EnsureContext {
  readonly say: (line: string, transient?: boolean) => void;
  readonly progressIntervalMs: number;
  readonly cacheDirectory: string;
  readonly mayBuild: boolean;
  readonly env: NodeJS.ProcessEnv;
}

export function ensureContext(options: EnsureOptions): EnsureContext {
  const env = options.env ?? process.env;
  return {
    say: (line, transient = false) => {
      options.onProgress?.(line, transient);
    },
    progressIntervalMs: options.progressIntervalMs ?? 15_000,
    cacheDirectory: options.cacheDirectory ?? join(userCache(env), "erpnext-stack"),
    mayBuild: options.mayBuild ?? true,
    env,
  };
}

/** The XDG base directory specification says that a relative XDG_CACHE_HOME is to be ignored. */
function userCache(env: NodeJS.ProcessEnv): string {
  const configured = env["XDG_CACHE_HOME"];
  return configured !== undefined && isAbsolute(configured) ? configured : join(env["HOME"] ?? homedir(), ".cache");
}
