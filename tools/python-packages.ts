import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureContext } from "./ensure-options";

/** Milliseconds that PyPI may take for one of them. */
const INSTALL_LIMIT_MS = 120_000;

/** A directory with these packages, kept in the user's cache; or why there is none. */
export function pythonPackages(packages: readonly string[]): { directory: string } | { trouble: string } {
  const name = `python-${packages.join("+").replaceAll("==", "-")}`;
  const { cacheDirectory } = ensureContext({});
  const directory = join(cacheDirectory, name);
  if (existsSync(directory)) return { directory };
  const making = mkdtempSync(join(tmpdir(), "packages-"));
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", making, ...packages];
  const { status, stderr, error } = spawnSync("python3", pip, { encoding: "utf8", timeout: INSTALL_LIMIT_MS });
  if (status !== 0) return { trouble: error?.message ?? stderr.trim().split("\n").slice(-1).join() };
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    renameSync(making, directory);
  } catch {
    // Another run was quicker, or the cache lies on another disk.
    return { directory: existsSync(directory) ? directory : making };
  }
  return { directory };
}

/** The Redis client of Frappe 15's image; Frappe 16 brings a newer one. deliveries/ runs with either. */
export const REDIS_CLIENT = ["redis==4.6.0"] as const;
