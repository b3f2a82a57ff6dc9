import { CONNECTOR_TOPICS, connectorEvent, webhookUrl } from "../../../../core/connector";
import { booksSettings } from "../../../../components/shared/books-settings";
import { shopifySettingValues } from "../../../../components/shared/shopify-setting";
import { readCustomer } from "../../../../infra/customer";
import { exampleOutputs } from "../../testing/example-outputs";
import { PROJECT_DIRECTORY } from "../../cli/open-customer";
import type { Facts } from "../check";
import { CLOSED } from "../door-checks";

export const NOW = new Date("2026-11-26T12:00:00Z");

const customer = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);
const outputs = exampleOutputs();

const CONFIG = {
  shopifyApiSecret: "secret-of-the-app",
  shopifyAdminToken: "token-of-the-app",
  automationApiKey: "key",
  automationApiSecret: "secret",
  databaseRootPassword: "password",
  administratorPassword: "password",
};

const subscriptions = CONNECTOR_TOPICS.map((topic, index) => ({
  id: `gid://shopify/WebhookSubscription/${101 + index}`,
  legacyResourceId: String(101 + index),
  topic,
  uri: webhookUrl(customer.hosts.hook),
  format: "JSON",
  filter: null,
  includeFields: [],
  createdAt: "2026-11-01T00:00:00Z",
}));

const app = {
  currentAppInstallation: {
    app: {
      id: outputs.shopifyApp.id,
      title: "ERPNext",
      handle: "erpnext",
      apiKey: "client-1",
      webhookApiVersion: "2026-07",
    },
    accessScopes: ["read_products", "read_orders", "read_all_orders", "read_customers", "read_inventory"].map(
      (handle) => ({
        handle,
      }),
    ),
  },
  shop: { myshopifyDomain: "demo-store.myshopify.com", currencyCode: "EUR" },
  publicApiVersions: [
    { handle: "2026-07", supported: true },
    { handle: "2026-10", supported: true },
  ],
};

const leaf = { company: customer.company.legalName, is_group: 0, disabled: 0, account_type: "Bank" };

const reported = {
  checkedAt: "2026-11-26T11:59:00Z",
  image: { ref: outputs.image, tag: "1.0" },
  patches: ["fetch-all-orders", "line-item-name", "order-fault-tolerance", "product-item-name", "books-app"].map(
    (id) => ({
      id,
      state: "already-applied",
    }),
  ),
  queues: {
    workers: { short: 2, default: 2, long: 1 },
    queued: { short: 1, default: 0, long: 0 },
    oldestQueuedSeconds: 3,
    failedJobs: 0,
    oldMigrationJobs: 0,
    oldMigrationsCured: 0,
  },
  deliveries: {
    ...{ waiting: 1, oldestWaitingSeconds: 2, parked: 0, failed: 0 },
    ...{ forgedLastDay: 4, acceptedLastDay: 512, paused: null },
  },
  bootDisk: { totalBytes: 30 * 1024 ** 3, freeBytes: 20 * 1024 ** 3 },
  disk: { totalBytes: 50 * 1024 ** 3, freeBytes: 40 * 1024 ** 3 },
  token: { refreshedAt: "2026-11-26T08:00:00Z" },
  restoreProof: { set: "20261101T020000Z-nightly", at: "2026-11-22T03:00:00Z", ok: true, detail: "4 tables compared" },
};

const report = {
  customer: "demo-store",
  digest: outputs.serverDigest,
  state: "ready" as const,
  steps: [{ name: "door", state: "done" as const, finishedAt: "2026-11-26T03:00:00Z" }],
  lastBackup: { set: "20261126T020000Z-nightly", finishedAt: "2026-11-26T02:10:00Z" },
  facts: reported,
};

/** A customer with whom all is well. */
export const HEALTHY: Facts = {
  now: NOW,
  intake: { customer, faults: [] },
  customer,
  stackState: { config: CONFIG, secretKeys: [], outputs, partialOutputs: { ...outputs } },
  adoption: {
    seen: { pending: [], found: [], superfluous: [], foreign: [], unlabelled: [] },
    adopt: () => Promise.reject(new Error("there is nothing to adopt")),
  },
  config: CONFIG,
  outputs,
  shopifyAnswer: { kind: "answered", app },
  app,
  grant: { kind: "granted", apiKey: "client-1" },
  deprecatedCalls: { calls: [] },
  apiVersions: {
    graphql: { asked: "2026-10", answered: "2026-10" },
    rest: { asked: "2024-01", answered: "2026-01" },
  },
  subscriptions: { all: subscriptions, isWhole: true },
  skus: { shared: [], variants: 12, isWhole: true },
  recentOrders: { taxes: [{ title: "VAT", rate: 0.19 }], rates: [], gateways: ["manual"], buyersCurrencies: ["EUR"] },
  arrival: { row: { createdAt: "2026-11-26T10:00:04Z", status: "Success" }, salesOrder: "SO-Shopify-00007" },
  newestOrder: { order: { legacyResourceId: "7", name: "#1007", createdAt: "2026-11-26T10:00:00Z" } },
  hookAddresses: [outputs.serverAddress],
  certificate: {
    issuer: "Let's Encrypt R3",
    validFrom: "2026-11-01T00:00:00Z",
    validTo: "2027-01-30T00:00:00Z",
    nameFault: undefined,
    trustFault: undefined,
  },
  hookAnswers: Object.fromEntries(CLOSED.map((request) => [request, 404])),
  hookCommands: ["JSON", "form", "multipart"].map((sent) => ({ sent, status: 401, isPong: false })),
  hookRedirect: { status: 308, location: "https://hooks.demo-store.example/healthz" },
  openPorts: [],
  uiWithout: { status: 302, location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/erp.demo-store.example" },
  uiWith: { status: 200, location: undefined, isPong: true },
  loginPage: { status: 200, sheet: { path: "/assets/frappe/dist/css/login.bundle.ABC.css", status: 200 } },
  consoleWithout: {
    kind: "answered",
    status: 302,
    location:
      "https://team.cloudflareaccess.com/cdn-cgi/access/login/sync.demo-store.example?kid=1f0c&redirect_url=%2F",
    text: "",
  },
  consoleScans: {
    madeAt: "2026-11-01T00:00:00.000Z",
    ranAt: "2026-11-26T11:59:05.120Z",
    readUntil: "2026-11-26T11:56:04.020Z",
    building: undefined,
    trouble: undefined,
  },
  health: { kind: "report", report },
  report,
  reported,
  automationUser: { user: "automation@demo-store.invalid" },
  setting: {
    ...shopifySettingValues(customer),
    password: "*****",
    shared_secret: CONFIG.shopifyApiSecret,
    webhooks: subscriptions.map(({ legacyResourceId, topic }) => ({
      webhook_id: legacyResourceId,
      method: connectorEvent(topic),
    })),
  },
  connectorCall: { products: 6 },
  ledgers: [
    { doctype: "Account", name: "Demo Bank - DSG", purpose: "payments", document: leaf },
    { doctype: "Account", name: "Freight and Forwarding Charges - DSG", purpose: "shipping", document: leaf },
  ],
  fixtures: [
    { doctype: "UOM", name: "Kg", document: {} },
    { doctype: "Warehouse", name: "Stores - DSG", document: { company: customer.company.legalName, is_group: 0 } },
  ],
  companyDocument: {
    default_currency: "EUR",
    default_receivable_account: "Debtors - DSG",
    default_income_account: "Sales - DSG",
  },
  closedUntil: [{ what: "accounting", until: "2019-12-31" }],
  booksSettings: booksSettings(customer).map((wanted) => ({ wanted, document: wanted.values })),
  fiscalYears: [
    { from: "2024-01-01", to: "2026-12-31" },
    { from: "2020-01-01", to: "2023-12-31" },
  ],
  stock: { itemsInStock: 3, items: 4 },
  historyEvent: { stopped: false, ranAt: "2026-11-26T11:00:00Z" },
  scheduler: { enabled: true },
  workers: [
    { name: "w1", queues: ["short", "default"] },
    { name: "w2", queues: ["long"] },
  ],
  jobs: [{ id: "j1", name: "frappe.sync", status: "queued" }],
  logCounts: {
    success: 40,
    error: 0,
    invalid: 1,
    stuck: 0,
    lastError: undefined,
  },
};
