import { createHash, randomUUID } from "node:crypto";

import { form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { items, text } from "../values";
import { cloudflare, hexId, refuseTaken, requireOwn } from "./cloudflare-type";

const WORKER = "cloudflare:index/worker:Worker";
const WORKER_VERSION = "cloudflare:index/workerVersion:WorkerVersion";
const DEPLOYMENT = "cloudflare:index/workersDeployment:WorkersDeployment";
export const WORKERS_SCRIPT = "cloudflare:index/workersScript:WorkersScript";
const CRON_TRIGGER = "cloudflare:index/workersCronTrigger:WorkersCronTrigger";
const SCRIPT_SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain";
const CUSTOM_DOMAIN = "cloudflare:index/workersCustomDomain:WorkersCustomDomain";
const D1_DATABASE = "cloudflare:index/d1Database:D1Database";

const scriptName = form(
  /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/,
  "1 to 63 lower-case letters, digits, hyphens and underscores",
);

const worker = cloudflare({
  token: WORKER,
  checks: { name: scriptName },
  defaults: { logpush: false, tags: [], tailConsumers: [] },
  volatile: ["updatedOn"],
  id: hexId,
  computed: ({ now }) => ({ createdOn: now, updatedOn: now, deployedOn: "" }),
  verify: (situation) => {
    refuseTaken(WORKER, situation, "name");
  },
  owns: (record, other) => other.type === WORKER_VERSION && text(other.inputs, "workerId") === record.id,
});

const version = cloudflare({
  token: WORKER_VERSION,
  replaces: [
    "workerId",
    "compatibilityDate",
    "compatibilityFlags",
    "mainModule",
    "modules",
    "bindings",
    "migrations",
    "assets",
    "annotations",
    "limits",
    "placement",
    "usageModel",
  ],
  // A version cannot be taken back: it goes with its Worker.
  staysOnDelete: () => true,
  id: () => randomUUID(),
  computed: ({ now }) => ({ createdOn: now, number: 1, source: "api" }),
  verify: (situation) => {
    requireOwn(situation, WORKER, text(situation.inputs, "workerId"));
    verifyBindings(situation);
  },
});

const deployment = cloudflare({
  token: DEPLOYMENT,
  checks: { strategy: oneOf("percentage") },
  replaces: ["scriptName", "strategy", "versions", "annotations"],
  id: () => randomUUID(),
  computed: ({ now }) => ({ createdOn: now, authorEmail: "sandbox@example.com", source: "api" }),
  verify: (situation) => {
    requireScript(situation, text(situation.inputs, "scriptName"));
    for (const share of items(situation.inputs, "versions"))
      requireOwn(situation, WORKER_VERSION, text(share, "versionId"));
  },
});

const script = cloudflare({
  token: WORKERS_SCRIPT,
  checks: { scriptName },
  replaces: ["scriptName"],
  defaults: { logpush: false, tailConsumers: [] },
  tells: ({ observability }) =>
    observability === undefined
      ? {}
      : { observability: { headSamplingRate: 1, logs: { headSamplingRate: 1, destinations: [] } } },
  volatile: ["etag", "modifiedOn"],
  shared: true,
  id: ({ inputs }) => text(inputs, "scriptName"),
  computed: ({ inputs, now }) => ({
    createdOn: now,
    modifiedOn: now,
    etag: createHash("sha256")
      .update(text(inputs, "content") + text(inputs, "contentSha256"))
      .digest("hex"),
    hasAssets: false,
    hasModules: text(inputs, "mainModule") !== "",
    startupTimeMs: 1,
  }),
  verify: (situation) => {
    if (text(situation.inputs, "content") + text(situation.inputs, "contentFile") === "") {
      throw new CloudError(400, `The script of ${situation.name} is empty; give it "content" or "contentFile".`);
    }
    verifyBindings(situation);
  },
});

const cronTrigger = cloudflare({
  token: CRON_TRIGGER,
  checks: { "schedules.*.cron": form(/^\S+( \S+){4}$/, 'five fields such as "*/5 * * * *"') },
  replaces: ["scriptName"],
  shared: true,
  id: ({ inputs }) => text(inputs, "scriptName"),
  verify: (situation) => {
    requireScript(situation, text(situation.inputs, "scriptName"));
  },
});

const subdomain = cloudflare({
  token: SCRIPT_SUBDOMAIN,
  replaces: ["scriptName"],
  defaults: { previewsEnabled: false },
  // Each script has exactly one such setting: making it is writing it.
  shared: true,
  id: ({ inputs }) => text(inputs, "scriptName"),
  verify: (situation) => {
    requireScript(situation, text(situation.inputs, "scriptName"));
  },
});

const customDomain = cloudflare({
  token: CUSTOM_DOMAIN,
  replaces: ["hostname", "service", "environment", "zoneName"],
  defaults: { environment: "production" },
  id: hexId,
  computed: () => ({ certId: randomUUID() }),
  verify: (situation) => {
    requireScript(situation, text(situation.inputs, "service"));
    refuseTaken(CUSTOM_DOMAIN, situation, "hostname");
  },
});

const database = cloudflare({
  token: D1_DATABASE,
  checks: {
    name: form(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/, 'at most 63 letters, digits, "_" and "-"'),
    jurisdiction: oneOf("eu", "fedramp", "us"),
    primaryLocationHint: oneOf("wnam", "enam", "weur", "eeur", "apac", "oc"),
    "readReplication.mode": oneOf("auto", "disabled"),
  },
  replaces: ["name", "jurisdiction", "primaryLocationHint"],
  tells: () => ({ readReplication: { mode: "disabled" } }),
  id: () => randomUUID(),
  computed: ({ id, now }) => ({ uuid: id, createdAt: now, fileSize: 12_288, numTables: 0, version: "production" }),
  verify: (situation) => {
    refuseTaken(D1_DATABASE, situation, "name");
  },
});

export const workerTypes: readonly ResourceType[] = [
  worker,
  version,
  deployment,
  script,
  cronTrigger,
  subdomain,
  customDomain,
  database,
];

function requireScript(situation: Situation, name: string): void {
  const { records, inputs } = situation;
  const scope = text(inputs, "accountId");
  const known = [...records.list({ type: WORKERS_SCRIPT, scope }), ...records.list({ type: WORKER, scope })];
  if (
    known.some(
      (record) =>
        text(record.inputs, "scriptName") === name || text(record.inputs, "name") === name || record.id === name,
    )
  )
    return;
  throw new CloudError(
    404,
    `Cloudflare knows no Worker "${name}" in this account, which ${situation.name} refers to; create it first.`,
  );
}

function verifyBindings(situation: Situation): void {
  for (const binding of items(situation.inputs, "bindings")) {
    const id = text(binding, "id") || text(binding, "databaseId");
    if (text(binding, "type") === "d1") requireOwn(situation, D1_DATABASE, id);
  }
}
