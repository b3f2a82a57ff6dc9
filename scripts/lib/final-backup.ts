import { askServer, type Asking } from "./server-request";

/** Which backup is made, and how long it may take. */
export interface FinalBackup extends Omit<Asking, "request" | "subject" | "next"> {
  /** Names the request: never used before. */
  readonly nonce: string;
}

/**
 * Asks the server for a backup and waits until it is in the bucket.
 * @returns the set's name, which host/restore.sh takes
 * @throws UserError when Google refuses, the backup fails, or the time is up
 */
export function makeFinalBackup({ nonce, ...asking }: FinalBackup): Promise<string> {
  const { customer } = asking;
  const urn = backupUrn(customer);
  return askServer({
    ...asking,
    request: { name: "backup", nonce },
    subject: "last backup",
    next: {
      refused: `run "pulumi destroy -s ${customer}" again, or, if the server is gone for good, "pulumi state delete '${urn}' -s ${customer}" first`,
      failed: `fix that and run "pulumi destroy -s ${customer}" again, or give the backup up with "pulumi state delete '${urn}' -s ${customer}"`,
    },
  });
}

/** The resource that runs this (components/server-ready.ts). */
function backupUrn(customer: string): string {
  return `urn:pulumi:${customer}::erpnext::erpnext:server:ServerReady$command:local:Command::ready-final-backup`;
}
