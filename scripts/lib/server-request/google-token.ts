import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { UserError } from "../../../core/user-error";

/** gcloud may have to renew the token over the network (milliseconds). */
const LIMIT_MS = 60_000;

/**
 * A Google access token: GOOGLE_OAUTH_ACCESS_TOKEN, which Pulumi's own provider takes too, else gcloud's. It is passed on
 * in memory alone, never as an argument. @throws UserError
 */
export async function googleToken(
  environment: Readonly<Record<string, string | undefined>>,
  gcloud = "gcloud",
): Promise<string> {
  const given = environment["GOOGLE_OAUTH_ACCESS_TOKEN"]?.trim() ?? "";
  if (given !== "") return given;
  const next = `run "gcloud auth login", or set GOOGLE_OAUTH_ACCESS_TOKEN`;
  const { stdout } = await promisify(execFile)(gcloud, ["auth", "print-access-token"], {
    timeout: LIMIT_MS,
    env: { ...environment },
  }).catch((error: unknown) => {
    throw new UserError({
      what: `"gcloud auth print-access-token" gave no Google access token (${wordsOf(error)})`,
      next,
    });
  });
  const token = stdout.trim();
  if (token === "") throw new UserError({ what: `"gcloud auth print-access-token" printed nothing`, next });
  return token;
}

/** Why it failed, in one line. What it printed on stdout stays out of it: that would be the token. */
function wordsOf(error: unknown): string {
  const { code, stderr, killed } = error as NodeJS.ErrnoException & { stderr?: string; killed?: boolean };
  if (code === "ENOENT") return "it is not installed";
  if (killed === true) return `no end after ${LIMIT_MS / 1000} s`;
  const lines = (stderr ?? "").split("\n").map((line) => line.trim());
  return (
    lines.find((line) => line.startsWith("ERROR:")) ??
    lines.findLast((line) => line !== "") ??
    `exit code ${String(code)}`
  );
}
