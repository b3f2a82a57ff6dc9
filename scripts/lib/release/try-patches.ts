import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { UserError } from "../../../core/user-error";
import type { ImageSource } from "../../../customers/image-contents";

/** Milliseconds for the clone and for the patches. */
const LIMIT_MS = 180_000;

/** What became of one patch, as image/patch_connector.py tells it. */
export interface TriedPatch {
  readonly id: string;
  readonly state: string;
  readonly message: string;
}

/** Clones the connector as the build will, and patches that copy. @throws UserError when it cannot be cloned */
export async function tryPatches(source: ImageSource, image: string): Promise<readonly TriedPatch[]> {
  const directory = mkdtempSync(join(tmpdir(), "connector-"));
  const run = promisify(execFile);
  const options = {
    timeout: LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
  };
  const clone = join(directory, "ecommerce_integrations");
  try {
    await run(
      "git",
      ["clone", "--quiet", "--depth", "1", "--branch", source.branch, "--", source.url, clone],
      options,
    ).catch((error: unknown) => {
      const said =
        String((error as { stderr?: string }).stderr ?? error)
          .trim()
          .split("\n")
          .at(-1) ?? "";
      throw new UserError({
        what: `the connector could not be cloned from ${source.url} (${said})`,
        next: "run the command again",
      });
    });
    // It ends with 1 when a patch has not found its place, and says which.
    const { stdout } = await run(
      "python3",
      ["-B", join(image, "patch_connector.py"), "--app", clone, "--json"],
      options,
    ).catch((error: unknown) => {
      const { stdout: told = "" } = error as { stdout?: string };
      if (told.trim().startsWith("{")) return { stdout: told };
      throw new UserError({
        what: `image/patch_connector.py does not run (${(error as Error).message})`,
        next: "check python3",
      });
    });
    return (JSON.parse(stdout) as { patches: readonly TriedPatch[] }).patches;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
