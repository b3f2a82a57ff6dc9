import { text } from "node:stream/consumers";

import { send } from "../clients/node-http";
import { drainQueue } from "./lib/drain/drain-queue";
import { quietMs } from "./lib/drain/quiet";
import { requireEnvironment } from "./lib/environment";
import { runScript } from "./lib/run-script";
import { googleToken } from "./lib/server-request/google-token";

/** What components/queue-drain.ts hands over. */
const NAMES = ["CUSTOMER", "SUBSCRIPTION", "SHOP_DOMAIN", "DOOR_URL", "DOOR_HOST", "DOOR_CERTIFICATE"] as const;

const DOCUMENTED = "https://pubsub.googleapis.com/v1/";

const TIMEOUT_MS = 45 * 60_000;

/** Run when the subscription goes, and before it: by `pulumi up` back to delivery over https, and by `pulumi destroy`. */
void runScript(async () => {
  const given = requireEnvironment(NAMES, process.env);
  const { delivered, refused } = await drainQueue({
    customer: given.CUSTOMER,
    subscription: given.SUBSCRIPTION,
    pubsubUrl: process.env["PUBSUB_URL"] ?? DOCUMENTED,
    shopDomain: given.SHOP_DOMAIN,
    token: await googleToken(process.env),
    door: {
      url: new URL(given.DOOR_URL),
      host: given.DOOR_HOST,
      anyCertificate: given.DOOR_CERTIFICATE === "staging",
    },
    secret: (await text(process.stdin)).trim(),
    send,
    quietMs: quietMs(process.env["ERPNEXT_DRAIN_QUIET_SECONDS"]),
    timeoutMs: TIMEOUT_MS,
    intervalMs: 2000,
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(
    `Pub/Sub is empty: ${delivered} deliveries were brought to the door, ${refused} were no deliveries of this shop's\n`,
  );
});
