import { AttemptFailed, givenUp, persist } from "../../clients/http";
import { UserError } from "../../components/shared/user-error";
import { backupUrn, type Instance, requestBackup } from "./final-backup-compute";
import { afterLook } from "./final-backup-plan";
import { observe } from "./server-watch";

/** Which backup is made, and how long it may take. */
export interface FinalBackup extends Instance {
  /** `https://<hook host>/healthz`, or the same path on a stand-in's address. */
  readonly healthUrl: URL;
  /** The host name that the server answers for. */
  readonly healthHost: string;
  /** Names the request: at most 64 letters, digits, dots, underscores and hyphens, and never used before. */
  readonly nonce: string;
  /** For all of it. */
  readonly timeoutMs: number;
  /** Pause between two looks at the server. */
  readonly intervalMs: number;
  /** Gets one line for each change. */
  readonly onProgress: (line: string) => void;
}

/** Google's API is asked this often, and the first pause after a failure is this long (milliseconds). */
const TRIES = 8;
const FIRST_DELAY_MS = 1_000;

/**
 * Asks the server for a backup and waits until it is in the bucket.
 * @returns the set's name, which host/restore.sh takes
 * @throws UserError when Google refuses, the backup fails, or the time is up
 */
export async function makeFinalBackup(backup: FinalBackup): Promise<string> {
  const deadline = performance.now() + backup.timeoutMs;
  const firstDelayMs = Math.min(FIRST_DELAY_MS, backup.intervalMs);
  await requestBackup(backup, backup.nonce, { maxWaitMs: backup.timeoutMs, tries: TRIES, firstDelayMs });
  backup.onProgress(`the server "${backup.instance}" is asked for a last backup`);
  let seen = "";
  const patience = { maxWaitMs: deadline - performance.now(), tries: Number.MAX_SAFE_INTEGER, firstDelayMs };
  return persist(patience, async () => {
    const state = afterLook(await observe({ url: backup.healthUrl, host: backup.healthHost }), backup.nonce);
    if (state.kind === "done") return state.set;
    if (state.kind === "failed") throw failure(backup, `the last backup failed on the server with "${state.detail}"`);
    if (state.because !== seen) backup.onProgress(state.because);
    seen = state.because;
    const late = (effort: { tries: number; elapsedMs: number }): Error =>
      failure(backup, `there is no last backup (last seen: ${state.because}${givenUp(effort)})`);
    throw new AttemptFailed(late, { repeat: true, waitMs: backup.intervalMs });
  });
}

function failure({ customer }: FinalBackup, what: string): UserError {
  return new UserError({
    what,
    customer,
    next: `mend that and run "pulumi destroy -s ${customer}" again, or give the backup up with "pulumi state delete '${backupUrn(customer)}' -s ${customer}"`,
  });
}
