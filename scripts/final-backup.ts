import { randomUUID } from "node:crypto";

import { healthTokenOfStdin } from "./lib/environment";
import { makeFinalBackup } from "./lib/final-backup";
import { finalBackupSettings } from "./lib/final-backup-settings";
import { googleToken } from "./lib/server-request/google-token";
import { runScript } from "./lib/run-script";

/** Run by `pulumi destroy` (components/server-ready.ts), before anything that the server stands on goes. */
void runScript(async () => {
  const settings = finalBackupSettings(process.env);
  const set = await makeFinalBackup({
    ...settings,
    health: { ...settings.health, ...(await healthTokenOfStdin()) },
    token: await googleToken(process.env),
    nonce: randomUUID(),
    intervalMs: 2_000,
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`backup ${set} in gs://${settings.bucket}\n`);
});
