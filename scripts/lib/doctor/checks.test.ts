import { CATALOGUES } from "../../../core/messages";
import { demoCustomer, productionCustomer } from "../../../infra/testing/demo-customer";
import type { Facts } from "./check";
import { CHECKS } from "./checks";
import type { Finding } from "./finding";
import { HEALTHY } from "./testing/healthy-facts";

function judged(id: string, changes: Partial<Facts> = {}): Finding {
  const check = CHECKS.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no check "${id}"`);
  return check.judge({ ...HEALTHY, ...changes });
}

const DASHBOARD = productionCustomer();
const [COMMAND] = HEALTHY.hookCommands as [Facts["hookCommands"][number]];
const [CREATE, ...OTHERS] = HEALTHY.subscriptions.all;
const BANK = HEALTHY.ledgers[0]!;
const LEAF = BANK.document!;

function subscribed(changes: Partial<typeof CREATE>): Partial<Facts> {
  return { subscriptions: { all: [{ ...CREATE!, ...changes }, ...OTHERS], isWhole: true } };
}

function setting(changes: object): Partial<Facts> {
  return { setting: { ...HEALTHY.setting, ...changes } };
}

function bank(document: Facts["ledgers"][number]["document"]): Partial<Facts> {
  return { ledgers: [{ ...BANK, document }] };
}

function scopes(...handles: string[]): Partial<Facts> {
  const accessScopes = handles.map((handle) => ({ handle }));
  const { currentAppInstallation } = HEALTHY.app;
  return { app: { ...HEALTHY.app, currentAppInstallation: { ...currentAppInstallation, accessScopes } } };
}

function ofApp(changes: Partial<Facts["app"]["currentAppInstallation"]["app"]>): Partial<Facts> {
  const { currentAppInstallation } = HEALTHY.app;
  const app = { ...currentAppInstallation.app, ...changes };
  return { app: { ...HEALTHY.app, currentAppInstallation: { ...currentAppInstallation, app } } };
}

const SHARED = { shared: [{ sku: "A", products: ["Cup", "Bowl"] }], variants: 12, isWhole: true };
const WITH_APP = { ...HEALTHY.customer, erpnext: { ...HEALTHY.customer.erpnext, booksApp: true } };
const recent = (some: Partial<Facts["recentOrders"]>): Partial<Facts> => ({
  recentOrders: { ...HEALTHY.recentOrders, ...some },
});
const NO_ORDER = { order: undefined };
const STOPPED = { stopped: true, ranAt: undefined };

function fixture(doctype: string, document: Facts["fixtures"][number]["document"]): Partial<Facts> {
  return { fixtures: [{ doctype, name: "Main", document }] };
}

function company(changes: object): Partial<Facts> {
  return { companyDocument: { ...HEALTHY.companyDocument, ...changes } };
}

function closed(until: string): Partial<Facts> {
  return { closedUntil: [{ what: "accounting", until }] };
}

const FOUND = {
  what: { urn: "u", type: "t", name: "x", parent: "p", provider: "q", inputs: {} },
  id: "projects/p/x",
};

function uiWith(changes: Partial<Facts["uiWith"]>): Partial<Facts> {
  return { uiWith: { status: 200, location: undefined, isPong: false, ...changes } };
}

function arrived(changes: Partial<Facts["arrival"]>): Partial<Facts> {
  return { arrival: { row: undefined, salesOrder: undefined, ...changes } };
}

const TRUSTED = {
  ...HEALTHY.customer,
  operations: { ...HEALTHY.customer.operations, certificate: "trusted" as const },
};

function taken(changes: Partial<Facts> = {}): Partial<Facts> {
  return { customer: TRUSTED, ...delivered({ acceptedLastDay: 0, forgedLastDay: 0 }), ...changes };
}

function unfinished(changes: Partial<Facts["adoption"]["seen"]>): Partial<Facts> {
  return { adoption: { ...HEALTHY.adoption, seen: { ...HEALTHY.adoption.seen, ...changes } } };
}

function certificate(changes: Partial<Facts["certificate"]>): Partial<Facts> {
  return { certificate: { ...HEALTHY.certificate, ...changes } };
}

/** A customer of Pub/Sub, and what the puller says of it. */
function pulled(
  changes: Partial<NonNullable<NonNullable<Facts["reported"]["deliveries"]>["bus"]>> | undefined,
  paused: NonNullable<Facts["reported"]["deliveries"]>["paused"] = null,
) {
  const customer = demoCustomer((file) => {
    file.setIn(["shopify", "delivery"], "pubsub");
  });
  const bus = {
    ...{ pulledAt: "2026-11-26T11:58:00Z", broughtAt: null, drainedAt: null, trouble: null, foreign: 0, unreadable: 0 },
    ...{ signatures: { verified: 7, absent: 0, wrong: 0 }, unacknowledged: 0, refused: 0 },
  };
  const { deliveries } = HEALTHY.reported;
  if (deliveries === undefined || changes === undefined) return { customer };
  return { customer, ...reported({ deliveries: { ...deliveries, paused, bus: { ...bus, ...changes } } }) };
}

function reported(changes: Partial<Facts["reported"]>): Partial<Facts> {
  return { reported: { ...HEALTHY.reported, ...changes } };
}

function queues(changes: Partial<NonNullable<Facts["reported"]["queues"]>>): Partial<Facts> {
  return reported({ queues: { ...HEALTHY.reported.queues!, ...changes } });
}

function delivered(changes: Partial<NonNullable<Facts["reported"]["deliveries"]>>): Partial<Facts> {
  return reported({ deliveries: { ...HEALTHY.reported.deliveries!, ...changes } });
}

function report(changes: Partial<Facts["report"]>): Partial<Facts> {
  return { report: { ...HEALTHY.report, ...changes } };
}

function log(changes: Partial<Facts["logCounts"]>): Partial<Facts> {
  return { logCounts: { ...HEALTHY.logCounts, ...changes } };
}

function consoleAnswers(status: number, text = "", location?: string): Partial<Facts> {
  return { consoleWithout: { kind: "answered", status, location, text } };
}

function consoleScans(changes: Partial<Facts["consoleScans"]>): Partial<Facts> {
  return { consoleScans: { ...HEALTHY.consoleScans, ...changes } };
}

const NO_SCAN = { ranAt: undefined, readUntil: undefined };
const SILENT_SHOP = { why: "demo-store.myshopify.com did not answer: HTTP 503", failures: 4 };

function at(time: string): Partial<Facts> {
  return { now: new Date(time) };
}

function without(part: keyof Facts["reported"]): Partial<Facts> {
  return { reported: Object.fromEntries(Object.entries(HEALTHY.reported).filter(([name]) => name !== part)) };
}

const WITHOUT_NOTES = demoCustomer((file) => {
  file.setIn(["sync", "deliveryNotes"], false);
});

const BACKFILL = {
  plan: "p",
  state: "running",
  windowsDone: 1,
  windowsTotal: 2,
  ordersExpected: 20,
  ordersDone: 10,
  counts: {},
  startedAt: "2026-11-26T11:00:00Z",
} as const;

const UNSET = { stackState: { ...HEALTHY.stackState!, outputs: undefined, partialOutputs: {} }, outputs: {} };

/** Check, what is different from a healthy customer, state, and a part of what was seen. */
const ROWS: [id: string, what: string, changes: Partial<Facts>, state: Finding["state"], saw: string][] = [
  ["intake", "two faults", { intake: { customer: undefined, faults: ["a", "b"] } }, "bad", "2 faults: a; b"],
  ["intake", "one fault", { intake: { customer: undefined, faults: ["a"] } }, "bad", "a fault: a"],
  ["stack", "none", { stackState: undefined }, "bad", "there is no stack"],
  ["stack", "never up", UNSET, "bad", "the stack is not up"],
  [
    "stack",
    "cut short",
    { stackState: { ...HEALTHY.stackState!, outputs: undefined, partialOutputs: { uiUrl: "x" } } },
    "bad",
    "1 of 21 outputs",
  ],
  ["unfinished", "killed", unfinished({ pending: ["network-network"] }), "bad", "an update was killed while it made"],
  ["unfinished", "labelled otherwise", unfinished({ foreign: [FOUND] }), "bad", 'not its label "customer"'],
  ["unfinished", "of no known owner", unfinished({ unlabelled: [FOUND] }), "warn", '"x" (projects/p/x) has the name'],
  ["unfinished", "found", unfinished({ found: [FOUND] }), "bad", '"x" exist and the state does not know them'],
  ["unfinished", "not asked", unfinished({ unasked: "no login" }), "ok", "made twice is not known (no login)"],
  ["unfinished", "twice", unfinished({ superfluous: [FOUND] }), "bad", '"x" exist once too often'],
  ["secrets", "one empty", { config: { ...HEALTHY.config, shopifyAdminToken: " " } }, "bad", '"shopifyAdminToken"'],
  ["secrets", "a dashboard app without its id", { customer: DASHBOARD }, "bad", '"shopifyClientId"'],
  ["file-and-stack", "another zone", { outputs: { ...HEALTHY.outputs, zone: "x" } }, "bad", '"gcp.zone"'],
  ["file-and-stack", "nothing to compare", { outputs: {} }, "skipped", "no outputs"],
  ["access-token", "ended", at("2027-11-27T00:00:00Z"), "bad", "it ended on 2027-11-26"],
  ["access-token", "ends soon", at("2027-11-20T00:00:00Z"), "warn", "in 6 days"],
  ["access-token", "none", { outputs: {} }, "skipped", "no Access service token yet"],
  ["access-token", "no time", { outputs: { accessExpiresAt: "soon" } }, "unknown", '"soon"'],
  ["expiry", "over", at("2031-01-02T00:00:00Z"), "warn", "its last day was 2030-12-31"],
  ["expiry", "near", at("2030-12-30T00:00:00Z"), "warn", "in 1 days"],
  ["expiry", "production", { customer: DASHBOARD }, "skipped", "does not expire"],

  ["shopify-token", "revoked", { shopifyAnswer: { kind: "refused", reason: "HTTP 401" } }, "bad", "HTTP 401"],
  [
    "shop",
    "another",
    { app: { ...HEALTHY.app, shop: { ...HEALTHY.app.shop, myshopifyDomain: "other.myshopify.com" } } },
    "bad",
    '"other.myshopify.com" answers',
  ],
  ["same-app", "another app", ofApp({ id: "gid://shopify/App/9", title: "Other" }), "bad", "cannot be seen with it"],
  ["same-app", "another client id", { config: { shopifyClientId: "client-2" } }, "bad", 'not "client-2"'],
  ["same-app", "not noted", { outputs: {} }, "skipped", "no update has noted"],
  ["app-secret", "granted", { config: { shopifyClientId: "client-1" } }, "ok", "a token for this very secret"],
  [
    "app-secret",
    "rotated",
    { config: { shopifyClientId: "client-1", shopifyApiSecretPrevious: "older" } },
    "ok",
    "a token for this very secret; deliveries may be signed with the previous one",
  ],
  ["app-secret", "refused", { grant: { kind: "refused", reason: "invalid_client" } }, "bad", "invalid_client"],
  ["app-secret", "of another", { config: { shopifyClientId: "client-2" } }, "bad", 'of app "client-1"'],
  ["scopes", "two missing", scopes("read_orders", "write_products"), "bad", "read_customers, read_inventory are not"],
  ["all-orders", "not granted", scopes("read_orders"), "warn", "last 60 days"],
  [
    "currency",
    "another",
    { app: { ...HEALTHY.app, shop: { ...HEALTHY.app.shop, currencyCode: "USD" } } },
    "bad",
    'sells in "USD"',
  ],
  ["api-versions", "webhooks retired", ofApp({ webhookApiVersion: "2024-10" }), "warn", "does not support any more"],
  [
    "api-versions",
    "GraphQL retired",
    { apiVersions: { ...HEALTHY.apiVersions, graphql: { asked: "2026-10", answered: "2027-01" } } },
    "warn",
    "GraphQL 2026-10 is answered by 2027-01",
  ],
  [
    "api-versions",
    "REST without a name",
    { apiVersions: { ...HEALTHY.apiVersions, rest: { asked: "2024-01", answered: undefined } } },
    "warn",
    "a version without a name",
  ],
  ["subscriptions", "one lost", { subscriptions: { all: OTHERS, isWhole: true } }, "bad", "no ORDERS_CREATE"],
  ["subscriptions", "elsewhere", subscribed({ uri: "https://old.example/x" }), "bad", "goes to https://old.example/x"],
  ["subscriptions", "a slash too much", subscribed({ uri: `${CREATE!.uri}/` }), "bad", "ORDERS_CREATE goes to"],
  ["subscriptions", "XML", subscribed({ format: "XML" }), "bad", "delivered as XML"],
  ["subscriptions", "filtered", subscribed({ filter: "test:true" }), "bad", 'the filter "test:true"'],
  [
    "subscriptions",
    "one whole, and a second one cut",
    { subscriptions: { all: [...HEALTHY.subscriptions.all, { ...CREATE!, includeFields: ["id"] }], isWhole: true } },
    "bad",
    "ORDERS_CREATE carries only id",
  ],
  [
    "foreign-subscriptions",
    "a topic of our app without it",
    { ...subscribed({ topic: "REFUNDS_CREATE" }) },
    "bad",
    "REFUNDS_CREATE (101)",
  ],
  [
    "foreign-subscriptions",
    "more than can be seen",
    { subscriptions: { all: HEALTHY.subscriptions.all, isWhole: false } },
    "unknown",
    "more than 250",
  ],
  [
    "skus",
    "used twice",
    { skus: SHARED },
    "warn",
    '1 of the SKUs of 12 variants is used more than once: "A" (Cup, Bowl)',
  ],
  ["taxes", "none", recent({ taxes: [] }), "skipped", "no recent order has a tax"],
  [
    "taxes",
    "without an account",
    recent({ taxes: [{ title: "Eco tax", rate: 0.02 }], rates: [] }),
    "warn",
    '"Eco tax" too, not in',
  ],
  ["gateways", "none", recent({ gateways: [] }), "skipped", "no recent order was paid"],
  [
    "gateways",
    "two in one account",
    recent({ gateways: ["manual", "paypal"] }),
    "warn",
    'paid by "manual", "paypal", all of',
  ],
  ["skus", "used twice, with our app", { skus: SHARED, customer: WITH_APP }, "ok", "found by variant"],
  ["subscriptions", "cut", subscribed({ includeFields: ["id"] }), "bad", "carries only id"],
  [
    "subscriptions",
    "before the first update",
    { subscriptions: { all: [], isWhole: true }, outputs: {} },
    "skipped",
    "not created its subscriptions",
  ],
  ["foreign-subscriptions", "a sixth topic", subscribed({ topic: "ORDERS_UPDATED" }), "bad", "ORDERS_UPDATED (101)"],
  [
    "foreign-subscriptions",
    "a sixth topic elsewhere",
    subscribed({ topic: "ORDERS_UPDATED", uri: "https://old.example/x" }),
    "ok",
    "the connector knows every topic",
  ],
  ["webhooks-table", "empty", setting({ webhooks: [] }), "bad", "the table is empty"],
  ["webhooks-table", "stale", setting({ webhooks: [{ webhook_id: "9" }] }), "bad", 'does not know "9"'],

  ["hook-dns", "no name", { hookAddresses: [] }, "bad", "has no address"],
  ["hook-dns", "proxied", { hookAddresses: ["104.16.0.1", "104.16.0.2"] }, "bad", "it is proxied"],
  ["hook-dns", "no server yet", { outputs: {} }, "warn", "no server address to compare"],
  [
    "hook-certificate",
    "belongs to another host",
    certificate({ nameFault: "not in the altnames" }),
    "bad",
    "belongs to another host",
  ],
  ["hook-certificate", "ended", at("2027-02-01T00:00:00Z"), "bad", "it ended on 2027-01-30"],
  ["hook-certificate", "not renewed", at("2027-01-15T00:00:00Z"), "warn", "15 days left: it should have been renewed"],
  ["hook-certificate", "staging, test", certificate({ trustFault: "UNABLE" }), "warn", "it is not trusted: UNABLE"],
  [
    "hook-certificate",
    "staging, production",
    { ...certificate({ trustFault: "UNABLE" }), customer: DASHBOARD },
    "bad",
    "it is not trusted",
  ],
  ["hook-health", "silent", { health: { kind: "silent", reason: "ECONNREFUSED" } }, "bad", "ECONNREFUSED"],
  ["hook-health", "not up", { health: { kind: "silent", reason: "x" }, ...UNSET }, "skipped", "the stack is not up"],
  [
    "hook-health",
    "without the token",
    { health: { kind: "report", report: { digest: "sha256:d", state: "ready", steps: [] } } },
    "warn",
    "/healthz answers: ready; it does not take the stack's token",
  ],
  [
    "hook-commands",
    "ERPNext",
    { hookCommands: [COMMAND, { ...COMMAND, sent: "form", status: 200, isPong: true }] },
    "bad",
    '"cmd=ping" sent as form was run by ERPNext',
  ],
  [
    "hook-commands",
    "taken",
    { hookCommands: [{ ...COMMAND, status: 200 }] },
    "bad",
    '"cmd=ping" sent as JSON, unsigned, was taken (HTTP 200)',
  ],
  ["hook-commands", "busy", { hookCommands: [{ ...COMMAND, status: 503 }] }, "unknown", "HTTP 503"],
  ["hook-closed", "a login", { hookAnswers: { "GET /": 404, "GET /app": 200 } }, "bad", "GET /app answers 200"],
  ["hook-https", "served in clear", { hookRedirect: { status: 200, location: undefined } }, "bad", "answers 200"],
  ["hook-https", "elsewhere", { hookRedirect: { status: 308, location: "https://x/" } }, "bad", "308 to https://x/"],
  [
    "hook-https",
    "to a name that only begins so",
    { hookRedirect: { status: 308, location: "https://hooks.demo-store.example.evil.example/" } },
    "bad",
    "308 to https://hooks.demo-store.example.evil.example/",
  ],
  ["closed-ports", "two open", { openPorts: [22, 8080] }, "bad", "port 22, 8080 of the server are open"],
  ["ui-refuses", "open to all", { uiWithout: { status: 200, location: undefined } }, "bad", "HTTP 200"],
  ["ui-refuses", "refused", { uiWithout: { status: 403, location: undefined } }, "warn", "not the login of Access"],
  [
    "ui-refuses",
    "a redirect that only names the login",
    { uiWithout: { status: 302, location: "https://x.example/?to=team.cloudflareaccess.com" } },
    "bad",
    "HTTP 302",
  ],
  ["ui-refuses", "another redirect", { uiWithout: { status: 302, location: "https://x/login" } }, "bad", "HTTP 302"],
  ["api-deadlines", "an app that is not told", { deprecatedCalls: { calls: undefined } }, "skipped", "does not show"],
  [
    "api-deadlines",
    "a near deadline",
    {
      deprecatedCalls: {
        calls: [{ what: "Product", version: "2024-01", description: "Gone.", deadline: "2026-12-31T00:00:00Z" }],
      },
    },
    "warn",
    "until 2026-12-31",
  ],
  ["ui-assets", "no page", { loginPage: { status: 500, sheet: undefined } }, "bad", "/login answers HTTP 500"],
  ["ui-assets", "a page without a sheet", { loginPage: { status: 200, sheet: undefined } }, "bad", "no style sheet"],
  [
    "ui-assets",
    "another image's sheet",
    { loginPage: { status: 200, sheet: { path: "/assets/old.css", status: 404 } } },
    "bad",
    "asks for /assets/old.css, which answers HTTP 404",
  ],
  ["ui-admits", "no tunnel", uiWith({ status: 530 }), "bad", "HTTP 530"],
  ["ui-admits", "no policy", uiWith({ status: 302 }), "bad", "HTTP 302 with"],
  ["ui-admits", "a parked page", uiWith({ status: 200 }), "bad", "something else than ERPNext answers"],

  ["server-digest", "behind", report({ digest: `sha256:${"0".repeat(64)}` }), "bad", "the server has 000000000000"],
  ["server-digest", "another's", report({ customer: "beta" }), "bad", 'that of "beta"'],
  ["server-digest", "no update", { outputs: {} }, "skipped", "does not say yet"],
  [
    "server-steps",
    "a failed one",
    report({ state: "failed", steps: [{ name: "image", state: "failed", detail: "no room" }] }),
    "bad",
    'step "image" failed with "no room"',
  ],
  [
    "server-steps",
    "under way",
    report({ state: "converging", steps: [{ name: "image", state: "running" }] }),
    "warn",
    "image is running",
  ],
  [
    "server-steps",
    "a status that stands still",
    report({ state: "stale", facts: { checkedAt: "2026-11-26T10:00:00Z" } }),
    "bad",
    "has not looked at itself since 2026-11-26T10:00:00Z: its boot disk is full",
  ],
  ["image", "another", reported({ image: { ref: "x@sha256:0", tag: "1.0" } }), "bad", 'runs "x@sha256:0"'],
  ["image", "another tag", { ...reported({ image: { ref: "r", tag: "0.9" } }), outputs: {} }, "bad", '"0.9"'],
  ["image", "unreported", without("image"), "unknown", "not reported"],
  [
    "patches",
    "one missing",
    reported({ patches: HEALTHY.reported.patches!.slice(1) }),
    "bad",
    "fetch-all-orders is missing",
  ],
  [
    "patches",
    "made upstream",
    reported({ patches: HEALTHY.reported.patches!.map(({ id }) => ({ id, state: "upstream" })) }),
    "ok",
    "fetch-all-orders (upstream)",
  ],
  ["patches", "unreported", without("patches"), "unknown", "not reported"],
  ["deliveries-waiting", "late", delivered({ oldestWaitingSeconds: 901 }), "bad", "1 wait, the oldest for 901 s"],
  ["deliveries-waiting", "paused", delivered({ paused: "migration" }), "warn", "while there is a migration"],
  ["deliveries-waiting", "none", delivered({ waiting: 0, oldestWaitingSeconds: null }), "ok", "0 wait"],
  ["deliveries-waiting", "unreported", without("deliveries"), "skipped", "does not report its deliveries yet"],
  ["deliveries-failed", "failed", delivered({ failed: 2, parked: 1 }), "bad", "ERPNext refused 2 for good"],
  ["deliveries-failed", "parked", delivered({ parked: 1 }), "warn", "given to it again by themselves"],
  ["deliveries-forged", "all of them", delivered({ forgedLastDay: 51, acceptedLastDay: 0 }), "bad", "none a right one"],
  [
    "deliveries-forged",
    "scanners",
    { ...delivered({ forgedLastDay: 50, acceptedLastDay: 0 }), newestOrder: NO_ORDER },
    "ok",
    "50 of 50",
  ],
  [
    "deliveries-forged",
    "all of a small shop's",
    { customer: TRUSTED, ...delivered({ forgedLastDay: 3, acceptedLastDay: 0 }) },
    "bad",
    "3 of 3 deliveries of 24 hours had a wrong signature, and none a right one",
  ],
  ["deliveries-forged", "a flood", delivered({ forgedLastDay: 10_001 }), "warn", "10001 of 10513"],
  ["deliveries-pubsub", "not asked", pulled(undefined), "bad", "has not asked Pub/Sub yet"],
  ["deliveries-pubsub", "pulled", pulled({}), "ok", "7 messages with a right signature, 0 without one"],
  ["deliveries-pubsub", "never pulled", pulled({ pulledAt: null }), "bad", "was never pulled"],
  [
    "deliveries-pubsub",
    "long ago",
    pulled({ pulledAt: "2026-11-26T11:49:00Z" }),
    "bad",
    "last pulled on 2026-11-26T11:49",
  ],
  ["deliveries-pubsub", "paused", pulled({ pulledAt: null }, "migration"), "ok", "7 messages"],
  [
    "deliveries-pubsub",
    "of another time",
    { ...pulled({}), now: new Date("2026-11-26T13:00:00Z") },
    "unknown",
    "last looked at itself",
  ],
  ["deliveries-pubsub", "refused", pulled({ trouble: "User not authorized" }), "bad", "User not authorized"],
  ["deliveries-pubsub", "left", pulled({ refused: 2 }), "bad", "2 are left with Pub/Sub"],
  ["deliveries-pubsub", "foreign", pulled({ foreign: 3 }), "warn", "3 were of another shop"],
  ["queue", "stands", queues({ oldestQueuedSeconds: 901 }), "bad", "the oldest for 901 s"],
  [
    "queue",
    "one stands behind another's long job",
    queues({
      oldestQueuedSeconds: 1_800,
      queued: { short: 1, default: 0, long: 1 },
      waits: { short: 901, default: null, long: 1_800 },
    }),
    "bad",
    "the oldest for 1800 s",
  ],
  [
    "queue",
    "a catalog import waits",
    queues({ oldestQueuedSeconds: 1_200, waits: { short: 2, default: null, long: 1_200 } }),
    "ok",
    "the oldest for 1200 s",
  ],
  ["queue", "seen yesterday", at("2026-11-27T12:00:00Z"), "unknown", "last looked at itself on 2026-11-26T11:59:00Z"],
  ["disk", "seen yesterday", at("2026-11-27T12:00:00Z"), "unknown", "last looked at itself"],
  ["image", "seen yesterday", at("2026-11-27T12:00:00Z"), "unknown", "last looked at itself"],
  ["queue", "empty", queues({ oldestQueuedSeconds: null }), "ok", "the oldest for 0 s"],
  ["queue", "unserved", queues({ workers: { short: 1, default: 1, long: 0 } }), "bad", "no worker serves long"],
  ["queue", "unreported", without("queues"), "unknown", "not reported"],
  ["disk", "filling", reported({ disk: { totalBytes: 100, freeBytes: 14 } }), "warn", "are free"],
  ["disk", "full", reported({ disk: { totalBytes: 100, freeBytes: 4 } }), "bad", "are free"],
  ["disk", "unreported", without("disk"), "unknown", "not reported"],
  ["boot-disk", "full", reported({ bootDisk: { totalBytes: 100, freeBytes: 4 } }), "bad", "are free"],
  ["boot-disk", "of an older server", without("bootDisk"), "skipped", "not report its boot disk yet"],
  ["backup", "old", at("2026-11-27T06:00:00Z"), "bad", "is 27 hours old"],
  [
    "backup",
    "none five hours after the machine came up",
    { ...report({ lastBackup: undefined }), ...at("2026-11-26T08:00:00Z") },
    "bad",
    "no backup",
  ],
  [
    "backup",
    "none in the first hours",
    { ...report({ lastBackup: undefined }), ...at("2026-11-26T06:59:00Z") },
    "skipped",
    "not due yet",
  ],
  [
    "restore-proof",
    "failed",
    reported({ restoreProof: { ...HEALTHY.reported.restoreProof!, ok: false, detail: "no table" } }),
    "bad",
    "no table",
  ],
  ["restore-proof", "none", without("restoreProof"), "skipped", "no backup was due to be tried"],
  [
    "restore-proof",
    "none in three weeks",
    { ...without("restoreProof"), ...at("2026-12-17T12:00:00Z") },
    "bad",
    "ever",
  ],
  ["restore-proof", "three weeks old", at("2026-12-13T12:00:00Z"), "bad", "on 2026-11-22: 4 tables compared"],
  ["backup", "of no time", report({ lastBackup: { set: "s", finishedAt: "soon" } }), "unknown", 'is "soon"'],
  ["token-age", "fresh", { customer: DASHBOARD }, "ok", "renewed 4 hours ago"],
  ["token-age", "late", { customer: DASHBOARD, ...at("2026-11-27T01:00:00Z") }, "warn", "17 hours ago"],
  ["token-age", "ended", { customer: DASHBOARD, ...at("2026-11-27T08:00:00Z") }, "bad", "has ended"],
  ["token-age", "unreported", { customer: DASHBOARD, ...without("token") }, "unknown", "not reported"],

  ["automation-user", "refused", { automationUser: { refused: "HTTP 401" } }, "bad", "HTTP 401"],
  ["connector-enabled", "disabled", setting({ enable_shopify: 0 }), "bad", "enable_shopify is 0"],
  [
    "setting",
    "another account",
    setting({ cash_bank_account: "Cash - DSG" }),
    "bad",
    '"cash_bank_account" is "Cash - DSG"',
  ],
  ["setting", "a tax less", setting({ taxes: [] }), "bad", '"taxes" is 0 rows'],
  [
    "setting",
    "rows with more in them",
    setting({ taxes: (HEALTHY.setting["taxes"] as object[]).map((row) => ({ ...row, name: "x", idx: 1 })) }),
    "ok",
    "fields are as the intake",
  ],
  ["password-field", "empty", setting({ password: null }), "bad", "is empty"],
  ["connector-token", "ended", { connectorCall: { failed: "UnauthorizedAccess" } }, "bad", "UnauthorizedAccess"],
  ["shared-secret", "another", setting({ shared_secret: "another" }), "bad", "is not the stack's secret"],
  [
    "shared-secret",
    "rotated",
    { config: { ...HEALTHY.config, shopifyApiSecretPrevious: "older" } },
    "warn",
    "a rotation is under way",
  ],
  [
    "shared-secret",
    "rotated to itself",
    { config: { ...HEALTHY.config, shopifyApiSecretPrevious: HEALTHY.config["shopifyApiSecret"]! } },
    "warn",
    '"shopifyApiSecretPrevious" is the same secret',
  ],
  ["shared-secret", "empty", setting({ shared_secret: "" }), "bad", "is empty"],
  ["shared-secret", "masked", setting({ shared_secret: "***" }), "unknown", "reads back masked"],
  ["shared-secret", "no value to compare", { config: {} }, "skipped", '"shopifyApiSecret"'],
  ["old-data-migrated", "not", setting({ is_old_data_migrated: 0 }), "bad", "is 0"],
  ["hourly-history", "forgotten", { historyEvent: STOPPED }, "warn", "no backfill is under way"],
  ["hourly-history", "on, and the scheduler off", { scheduler: { enabled: false } }, "bad", "scheduler is off"],
  ["hourly-history", "on, and not run", at("2026-11-26T15:00:00Z"), "warn", "began last at 2026-11-26T11:00:00Z"],
  ["hourly-history", "on, and new", { historyEvent: { stopped: false, ranAt: undefined } }, "ok", "was not due yet"],
  [
    "hourly-history",
    "paused for a backfill",
    { historyEvent: STOPPED, health: { kind: "report", report: { ...HEALTHY.report, backfill: BACKFILL } } },
    "ok",
    "rests while a backfill is running",
  ],
  [
    "hourly-history",
    "of a silent server",
    { historyEvent: STOPPED, health: { kind: "silent", reason: "x" } },
    "unknown",
    "does not say whether",
  ],
  ["cash-account", "a group", bank({ ...LEAF, is_group: 1 }), "bad", '"Demo Bank - DSG" for payments is a group'],
  ["cash-account", "missing", bank(undefined), "bad", "does not exist"],
  ["cash-account", "disabled", bank({ ...LEAF, disabled: 1 }), "bad", "is disabled"],
  ["cash-account", "frozen", bank({ ...LEAF, freeze_account: "Yes" }), "bad", "is frozen"],
  [
    "cash-account",
    "in another currency",
    bank({ ...LEAF, account_currency: "USD" }),
    "bad",
    "is in USD, the company's currency is EUR",
  ],
  [
    "cash-account",
    "an income account",
    bank({ ...LEAF, account_type: "Income Account", root_type: "Income" }),
    "bad",
    'is of type "Income Account" and not Bank or Cash',
  ],
  ["cash-account", "another company's", bank({ ...LEAF, company: "Other" }), "bad", 'belongs to "Other"'],
  [
    "posting-accounts",
    "a group",
    { ledgers: [{ ...BANK, purpose: "shipping", document: { ...LEAF, is_group: 1 } }] },
    "bad",
    "for shipping is a group",
  ],
  ["posting-accounts", "only payments are ill", bank(undefined), "ok", "leaves of"],
  ["fixtures", "one missing", fixture("UOM", undefined), "bad", 'there is no UOM "Main"'],
  ["fixtures", "a group warehouse", fixture("Warehouse", { is_group: 1 }), "bad", 'Warehouse "Main" is a group'],
  ["fixtures", "a disabled one", fixture("Warehouse", { disabled: 1 }), "bad", "is disabled"],
  ["fixtures", "another company's", fixture("Warehouse", { company: "Other" }), "bad", 'belongs to "Other"'],
  ["fixtures", "a group of groups", fixture("Customer Group", { is_group: 1 }), "bad", "which no customer may be in"],
  ["fixtures", "a frozen customer", fixture("Customer", { is_frozen: 1 }), "bad", "is frozen"],
  ["fixtures", "a customer abroad", fixture("Customer", { default_currency: "USD" }), "bad", "buys in USD"],
  ["company", "another currency", company({ default_currency: "USD" }), "bad", 'its books are in "USD"'],
  ["company", "no receivable", company({ default_receivable_account: null }), "bad", "no default receivable account"],
  ["company", "no income", company({ default_income_account: "" }), "bad", "no default income account"],
  ["company", "missing", { companyDocument: undefined }, "bad", "there is no company"],
  ["closed-days", "today", closed("2026-11-26"), "bad", "documents of new orders are refused"],
  ["closed-days", "in history", closed("2025-12-31"), "warn", "accounting is closed until 2025-12-31"],
  [
    "cash-account",
    "a receivable",
    bank({ ...LEAF, account_type: "Receivable" }),
    "bad",
    "needs a customer or supplier",
  ],
  [
    "books-settings",
    "one changed by hand, one gone",
    {
      booksSettings: HEALTHY.booksSettings.map(({ wanted }) => ({
        wanted,
        document: wanted.single ? { ...wanted.values, disable_rounded_total: 0 } : undefined,
      })),
    },
    "bad",
    '"disable_rounded_total" of Global Defaults is 0 and not 1; there is no Property Setter "Sales Order Item-rate-precision"',
  ],
  ["fiscal-years", "none for today", at("2027-01-01T00:00:00Z"), "bad", "covers today, 2027-01-01"],
  [
    "fiscal-years",
    "a gap in history",
    {
      fiscalYears: [
        { from: "2020-01-01", to: "2020-12-31" },
        { from: "2022-01-01", to: "2026-12-31" },
      ],
    },
    "warn",
    "covers 2021-01-01",
  ],
  ["delivery-notes", "no stock", { stock: { itemsInStock: 0, items: 9 } }, "warn", "no item has stock"],
  ["delivery-notes", "one of many", { stock: { itemsInStock: 1, items: 9 } }, "warn", "1 of 9 items are in stock"],
  ["delivery-notes", "not wanted", { customer: WITHOUT_NOTES }, "skipped", "is off"],
  ["workers", "none", { workers: [] }, "bad", "no worker lives"],
  ["workers", "long is not served", { workers: [HEALTHY.workers[0]!] }, "bad", "no worker serves long"],
  [
    "migration-loop",
    "one runs",
    { jobs: [{ id: "j", name: "x.migrate_from_old_connector", status: "started" }] },
    "bad",
    "1 of them: started",
  ],

  ["order-errors", "half of them", log({ success: 5, error: 5, lastError: "no account" }), "bad", '"no account"'],
  ["order-errors", "some", log({ success: 10, error: 1 }), "warn", "1 failed"],
  ["order-errors", "one of many", log({ success: 100, error: 1 }), "ok", "1 failed"],
  ["order-errors", "the only one", log({ success: 0, error: 1, invalid: 0 }), "warn", "1 failed"],
  ["stuck-orders", "two", log({ stuck: 2 }), "bad", "2 rows"],
  ["deliveries-arrive", "not this order", arrived({}), "bad", "neither a log row nor a Sales Order of it"],
  [
    "deliveries-arrive",
    "a row",
    arrived({ row: HEALTHY.arrival.row }),
    "ok",
    "arrived at 2026-11-26T10:00:04Z (Success)",
  ],
  [
    "deliveries-arrive",
    "just placed",
    { ...arrived({}), ...at("2026-11-26T10:05:00Z") },
    "unknown",
    "still be on its way",
  ],
  ["deliveries-arrive", "no order", { ...arrived({}), newestOrder: NO_ORDER }, "skipped", "no order"],
  ["deliveries-taken", "none, though ordered", taken(), "bad", "no delivery was taken in 24 hours, and order #1007"],
  ["deliveries-taken", "some", { customer: TRUSTED }, "ok", "512 deliveries were taken"],
  ["deliveries-taken", "none due", taken(at("2026-11-28T12:00:00Z")), "unknown", "last looked at itself"],
  ["deliveries-taken", "no order", taken({ newestOrder: NO_ORDER }), "skipped", "no order"],
  ["deliveries-taken", "staging", {}, "skipped", "Let's Encrypt's staging"],
  [
    "deliveries-arrive",
    "older than the subscription",
    { ...arrived({}), ...subscribed({ createdAt: "2026-11-26T11:00:00Z" }) },
    "skipped",
    "#1007 is older",
  ],
  [
    "deliveries-arrive",
    "not subscribed",
    { ...arrived({}), subscriptions: { all: OTHERS, isWhole: true } },
    "skipped",
    "not subscribed",
  ],

  ["console-closed", "the login", {}, "ok", "HTTP 302 to the login at team.cloudflareaccess.com"],
  [
    "console-closed",
    "the login below a domain of the team's own",
    consoleAnswers(302, "", "https://login.demo-store.example/cdn-cgi/access/login/sync.demo-store.example"),
    "ok",
    "HTTP 302 to the login at login.demo-store.example",
  ],
  ["console-closed", "open to all", consoleAnswers(200, "<!doctype html>"), "bad", "HTTP 200 to someone who is not"],
  [
    "console-closed",
    "the Worker alone",
    consoleAnswers(403, `${CATALOGUES.de["refusal.refused"]}\n`),
    "bad",
    "no Access application",
  ],
  [
    "console-closed",
    "a Worker that throws",
    consoleAnswers(500, "error code: 1101"),
    "bad",
    "the Worker fails (HTTP 500",
  ],
  ["console-closed", "its page", consoleAnswers(500, "<title>Error 1101</title>"), "bad", "(HTTP 500, Error 1101)"],
  [
    "console-closed",
    "no name",
    { consoleWithout: { kind: "no name" } },
    "bad",
    "sync.demo-store.example has no address",
  ],
  ["console-closed", "no Worker", consoleAnswers(522, "<html>"), "bad", "no Worker answers at sync.demo-store.example"],
  ["console-closed", "a name alone", consoleAnswers(530, "error code: 1016"), "bad", "(HTTP 530, error code: 1016)"],
  ["console-closed", "another page", consoleAnswers(404, "not found"), "bad", "something else answers"],
  ["console-closed", "led elsewhere", consoleAnswers(301, "", "https://x.example/?a=b"), "bad", "https://x.example/"],
  ["console-closed", "led nowhere", consoleAnswers(302, "", "/login"), "bad", "HTTP 302, /login"],
  [
    "console-closed",
    "a firewall rule",
    consoleAnswers(403, "Sorry, you have been blocked"),
    "warn",
    "neither the login",
  ],
  ["console-scans", "fresh", {}, "ok", "both sides were last compared 3 minutes ago"],
  ["console-scans", "new", consoleScans({ ...NO_SCAN, madeAt: "2026-11-26T11:51:00Z" }), "skipped", "it is new"],
  ["console-scans", "never ran", consoleScans(NO_SCAN), "bad", "its schedule has never run; it should every 60 s"],
  [
    "console-scans",
    "of an unknown age, never ran",
    consoleScans({ ...NO_SCAN, madeAt: undefined }),
    "bad",
    "never run",
  ],
  ["console-scans", "stopped", consoleScans({ ranAt: "2026-11-26T09:30:00Z" }), "bad", "last ran 2 hours ago"],
  ["console-scans", "a clock that is ahead", consoleScans({ ranAt: "2026-11-26T12:03:00Z" }), "ok", "3 minutes ago"],
  [
    "console-scans",
    "the first one",
    consoleScans({ readUntil: undefined, building: { ordersDone: 2_000, ordersTotal: 40_000 } }),
    "ok",
    "under way: 2000 of 40000 orders",
  ],
  [
    "console-scans",
    "the first one, of an unknown number",
    consoleScans({ readUntil: undefined, building: { ordersDone: 7, ordersTotal: null } }),
    "ok",
    "under way: 7 orders",
  ],
  [
    "console-scans",
    "the first one fails",
    consoleScans({ readUntil: undefined, trouble: SILENT_SHOP }),
    "warn",
    'no scan has begun yet; failures in a row: 4, the last one "demo-store.myshopify.com did not answer: HTTP 503"',
  ],
  ["console-scans", "none begun", consoleScans({ readUntil: undefined }), "warn", "no scan has begun yet"],
  [
    "console-scans",
    "about to begin",
    consoleScans({ readUntil: undefined, madeAt: "2026-11-26T11:58:00Z" }),
    "ok",
    "no scan has begun yet",
  ],
  ["console-scans", "one failure", consoleScans({ trouble: { ...SILENT_SHOP, failures: 1 } }), "ok", "in a row: 1"],
  ["console-scans", "late", consoleScans({ readUntil: "2026-11-26T11:44:00Z" }), "warn", "compared 16 minutes ago"],
  [
    "console-scans",
    "failing for hours",
    consoleScans({ readUntil: "2026-11-26T09:00:00Z", trouble: SILENT_SHOP }),
    "bad",
    'compared 3 hours ago; failures in a row: 4, the last one "demo-store',
  ],
];

it.each(CHECKS.map(({ id }) => [id]))("%s is well when all is well", (id) => {
  const skipped = ["token-age", "deliveries-taken", "deliveries-pubsub"];
  const expected = id === "app-secret" ? "bad" : skipped.includes(id) ? "skipped" : "ok";
  expect(judged(id).state).toBe(expected);
});

it.each(ROWS)("%s: %s", (...[id, , changes, state, saw]) => {
  const finding = judged(id, changes);
  expect([finding.state, finding.saw]).toEqual([state, expect.stringContaining(saw)]);
  expect(finding.next !== undefined).toBe(state === "bad" || state === "warn");
});

it("tries every check in more than one state", () => {
  const tried = new Set(ROWS.map(([id]) => id));
  expect(CHECKS.filter(({ id }) => !tried.has(id)).map(({ id }) => id)).toEqual([]);
});

it("gives every check a name of its own and sentences that end", () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  for (const { why } of CHECKS) expect(why).toMatch(/^[A-Z].*\.$/);
});

it("never says what the secret is", () => {
  const told = CHECKS.flatMap(({ judge }) => [
    judge(HEALTHY),
    judge({ ...HEALTHY, ...setting({ shared_secret: "held-by-erpnext" }) }),
  ]);
  expect(JSON.stringify(told)).not.toMatch(/secret-of-the-app|held-by-erpnext|token-of-the-app/);
});

test("what has no label hides neither what is pending nor that the cure comes before a refresh", () => {
  const all = unfinished({ pending: ["network-network"], foreign: [FOUND], unlabelled: [FOUND] });
  expect(judged("unfinished", all)).toEqual({
    state: "bad",
    saw: [
      'an update was killed while it made "network-network"',
      `"x" (projects/p/x) has the name of this customer's, and not its label "customer"`,
      `"x" (projects/p/x) has the name of this customer's, and may be someone's own`,
    ].join("; "),
    next: [
      'run "./stack doctor demo-store --fix" before any "pulumi refresh"',
      "delete what has no label, or give it the label customer=demo-store",
      "delete at Cloudflare (Zero Trust, Access) the one that is not in use",
      'run "pulumi up -s demo-store"',
    ].join(", then "),
  });
});
