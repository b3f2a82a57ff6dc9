import { healthTokenOfStdin, requireEnvironment } from "./lib/environment";
import { runScript } from "./lib/run-script";
import { waitForServer } from "./lib/server-watch";

/** Run by `pulumi up` (components/server-ready.ts): waits until the server has applied this very update. */
void runScript(async () => {
  const names = ["CUSTOMER", "HEALTH_URL", "HEALTH_HOST", "HEALTH_CERTIFICATE", "DIGEST", "TIMEOUT_SECONDS"] as const;
  const environment = requireEnvironment(names, process.env);
  await waitForServer({
    customer: environment.CUSTOMER,
    url: new URL(environment.HEALTH_URL),
    host: environment.HEALTH_HOST,
    anyCertificate: environment.HEALTH_CERTIFICATE === "staging",
    ...(await healthTokenOfStdin()),
    digest: environment.DIGEST,
    timeoutMs: Number(environment.TIMEOUT_SECONDS) * 1000,
    intervalMs: 1_000,
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
});
