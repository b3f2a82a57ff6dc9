import * as z from "zod/mini";

import { header, parseJson } from "../../clients/http";
import { serverFactsSchema, type ServerFacts } from "../../clients/server-facts";
import { SHOPIFY_API_VERSION } from "../../clients/shopify-api";
import { listWebhookSubscriptions } from "../../clients/shopify-webhooks";
import { isoOfSiteTime, siteTimeOf } from "../../clients/site-time";
import { ClientError } from "../../clients/http";
import type { FrappeFilter } from "../../clients/frappe-api";
import { writeFact } from "../store/facts";
import { newestOrderAt } from "../store/feed";
import { renewal } from "../store/lease";
import { judgeHealth, type LogFigures, type Observed, type Seen } from "./health-checks";
import type { Work } from "./job";
import { why } from "./why";

const LOG = "Ecommerce Integration Log";
const DAY_MS = 24 * 60 * 60 * 1000;
const HEALTH_TIMEOUT_MS = 15_000;

/** The answer of the server's /healthz, as far as it says how work goes on there. */
const reportSchema = z.object({
  /** Missing where the server does not take the token. */
  steps: z.optional(z.array(z.unknown())),
  facts: z.catch(z.optional(serverFactsSchema), undefined),
});

/** Looks at what tells whether orders arrive, and judges it. */
export async function examineHealth(work: Work): Promise<void> {
  const { sides, settings, database, lease } = work;
  const observed: Observed = {
    now: new Date(),
    server: await seen(() => askServer(work)),
    log: await seen(() => readLog(work)),
    newestOrderAt: await newestOrderAt(database),
    subscriptions: await seen(() => listWebhookSubscriptions(sides.shop)),
    version: await seen(() => answeredVersion(work)),
    deprecated: await seen(() => sides.shop.deprecatedCalls()),
    wanted: { topics: settings.shop.topics, webhookUrl: settings.shop.webhookUrl, version: SHOPIFY_API_VERSION },
    token: { kind: settings.shop.credential.kind, since: settings.shop.tokenSince },
  };
  await database.batch([renewal(database, lease), writeFact(database, "health", judgeHealth(observed))]);
}

async function seen<Value>(look: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return { value: await look() };
  } catch (error) {
    return { unknown: why(error) };
  }
}

async function askServer({ sides, settings }: Work): Promise<ServerFacts> {
  const { token } = settings.health;
  const url = new URL(settings.health.url);
  const silent = (reason: string): ClientError => new ClientError(`${url.host} ${reason}`, "look at the server");
  const answer = await sides
    .send({
      method: "GET",
      url,
      headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
      timeoutMs: HEALTH_TIMEOUT_MS,
    })
    .catch((error: unknown) => {
      throw error instanceof Error && error.name === "ConnectionError"
        ? silent(`did not answer: ${error.message}`)
        : error;
    });
  const report = reportSchema.safeParse(parseJson(answer.text));
  if (!report.success)
    throw silent(`answered HTTP ${answer.status} (${header(answer.headers, "content-type") ?? "no type"})`);
  const { facts, steps } = report.data;
  if (facts !== undefined) return facts;
  throw silent(
    steps === undefined
      ? "does not take this console's token: the stack has to be updated"
      : "has not found out yet how its queues are",
  );
}

async function readLog({ sides, settings }: Work): Promise<LogFigures> {
  const { timeZone } = settings.company;
  const since = siteTimeOf(Date.now() - DAY_MS, timeZone);
  const ours: FrappeFilter = ["integration", "=", "shopify"];
  const count = (status: string): Promise<number> =>
    sides.site.count(LOG, [ours, ["status", "=", status], ["creation", ">=", since]]);
  const [succeeded, failed] = [await count("Success"), await count("Error")];
  const [newest] = await sides.site.list(LOG, {
    fields: ["creation"],
    filters: [ours],
    orderBy: "creation desc",
    limit: 1,
  });
  const creation = newest?.["creation"];
  return { succeeded, failed, lastDeliveryAt: typeof creation === "string" ? isoOfSiteTime(creation, timeZone) : null };
}

/** The version that answered the question before; asked after the subscriptions. */
async function answeredVersion({ sides }: Work): Promise<string | undefined> {
  if (sides.shop.answeredVersion === undefined) await listWebhookSubscriptions(sides.shop, []);
  return sides.shop.answeredVersion;
}
