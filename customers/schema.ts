import type { z } from "zod";

import { BOOKS_EVENTS, CONNECTOR_EVENTS } from "../core/connector";
import { backupLocation, cloudflareId, gcpProjectId, gcpRegion, gcpZone, machineType } from "./cloud-shapes";
import { abbreviation, frappeName, gitBranch, gitUrl, imageDigest, imageTag } from "./erpnext-shapes";
import { BOOKS_ACCOUNTS, BOOKS_SYNC } from "./books-fields";
import { MOST_ORDERS_AT_ONCE } from "./orders-at-once";
import { RULES } from "./rules";
import { list, section } from "./sections";
import * as shapes from "./shapes";

const app = (description: string) =>
  section(description, {
    url: gitUrl.describe("https address of the app's git repository, without credentials."),
    branch: gitBranch.describe("Branch that is built."),
  });

const shopify = section("The merchant's store and the one app in it that token and secret come from.", {
  shopDomain: shapes.shopDomain.describe("The store's permanent domain <store>.myshopify.com (Settings > Domains)."),
  app: shapes
    .choice(["custom", "dev-dashboard"])
    .describe(
      "custom: app made in the store's admin, with a static shpat token. dev-dashboard: client id and secret, 24-hour tokens.",
    ),
  delivery: shapes
    .choice(["https", "pubsub"])
    .default("https")
    .describe(
      "How Shopify delivers. https: to the server's own door. pubsub: to Google Cloud Pub/Sub in the customer's project, which keeps deliveries for 31 days while there is no server.",
    ),
  topics: list(shapes.choice([...CONNECTOR_EVENTS, ...BOOKS_EVENTS]), "leaves nothing to deliver")
    .default([...CONNECTOR_EVENTS])
    .describe(
      "What Shopify delivers, each topic once; default: all five that the connector understands. Refunds and edits need erpnext.booksApp, which adds them by itself.",
    ),
});

const company = section(
  "The company as ERPNext's setup wizard creates it. None of it can be changed once orders are booked.",
  {
    legalName: frappeName("a company's name", "Demo Store GmbH").describe(
      "Legal name; the name of the Company in ERPNext.",
    ),
    abbreviation: abbreviation.describe(
      '1 to 10 letters and digits; ERPNext ends account names with " - <abbreviation>".',
    ),
    country: shapes.country.describe(
      "English country name as ERPNext lists it; decides the chart of accounts on offer.",
    ),
    currency: shapes.currency.describe(
      "ISO 4217. Must be the shop's currency too: the connector writes amounts without one.",
    ),
    chartOfAccounts: frappeName("a chart of accounts", "Standard")
      .default("Standard")
      .describe("Chart of accounts, by its name in ERPNext's setup wizard."),
    fiscalYearStart: shapes.monthDay.default("01-01").describe("First day of the fiscal year, MM-DD."),
    timeZone: shapes.timeZone.describe("Time zone of the tz database; Frappe's dates are in it."),
  },
);

const taxAccount = section("One tax of Shopify and the account it is booked to.", {
  shopifyTax: frappeName("a tax title", "VAT").describe(
    "The tax's title as it stands on Shopify's orders; each title with each rate once.",
  ),
  rate: shapes
    .percentage(19)
    .optional()
    .describe("Its rate in per cent, where one title has several; default: every rate that has no row of its own."),
  account: frappeName("an account", "Umsatzsteuer 19 % - DSG").describe(
    'Tax account with its " - <abbreviation>" ending.',
  ),
  description: frappeName("a description", "Umsatzsteuer 19 %")
    .optional()
    .describe("Text on the document; default: the title with its rate."),
});

const accounting = section("Where the connector books, by the exact names in ERPNext.", {
  warehouse: frappeName("a warehouse", "Stores - DSG").describe("Warehouse that orders are delivered from."),
  customerGroup: frappeName("a customer group", "Shopify")
    .default("Shopify")
    .describe("Group of customers that come from Shopify; made if absent."),
  defaultCustomer: frappeName("a customer", "Shopify Customer")
    .default("Shopify Customer")
    .describe("Customer of orders without one; made if absent."),
  cashBankAccount: frappeName("an account", "Demo Bank - DSG").describe(
    "Cash or bank account of paid orders: a leaf, never a group.",
  ),
  costCenter: frappeName("a cost center", "Main - DSG").describe("Cost center of everything that comes from Shopify."),
  shippingAccount: frappeName("an account", "Freight and Forwarding Charges - DSG").describe(
    "Account that shipping is booked to.",
  ),
  taxAccounts: list(taxAccount, "leaves the tax of every order without an account").describe(
    "Each tax title of Shopify and its account.",
  ),
  defaultTaxAccount: frappeName("an account", "Umsatzsteuer 19 % - DSG").describe(
    "Account of taxes whose title is not in the list.",
  ),
  ...BOOKS_ACCOUNTS,
});

const history = section("The window of orders that the backfill fetches.", {
  from: shapes.calendarDate("2020-01-01").describe("First day, YYYY-MM-DD."),
  to: shapes.calendarDate("2026-12-31").optional().describe("Last day, YYYY-MM-DD; default: the day of the backfill."),
});

const sync = section("What becomes of an order.", {
  salesInvoices: shapes.flag(true).describe("Whether paid orders become Sales Invoice and Payment Entry."),
  deliveryNotes: shapes
    .flag(true)
    .describe("Whether fulfilments become Delivery Notes; they need stock and a valuation rate."),
  history,
  ...BOOKS_SYNC,
});

const REQUIRED_APPS = [
  { url: "https://github.com/frappe/erpnext", branch: "version-15" },
  { url: "https://github.com/frappe/ecommerce_integrations", branch: "main" },
];

const baseImages = section("Digests of the prebuilt images that the build starts from; npm run pin-base-images asks.", {
  build: imageDigest.describe("Digest of frappe/build:<frappeBranch>, in which the apps are put together."),
  base: imageDigest.describe("Digest of frappe/base:<frappeBranch>, which the image runs on."),
});

const erpnext = section("The image that every container runs: <slug>/erpnext:<imageTag>.", {
  imageTag: imageTag.describe(
    "A release of releases/, or the tag of an image of this customer's own; never reused: a new one is an upgrade, the old one stays for rollback.",
  ),
  build: shapes
    .flag(true)
    .default(true)
    .describe("true: this stack builds the image. false: it was pushed elsewhere and is read back."),
  frappeBranch: gitBranch
    .optional()
    .describe("Branch of Frappe, of an image of its own; must go with those of erpnext and ecommerce_integrations."),
  apps: list(app("An app baked into the image."), "makes an image without ERPNext")
    .meta({ examples: [REQUIRED_APPS] })
    .optional()
    .describe("Apps of an image of its own: erpnext and ecommerce_integrations at least, frappe itself never."),
  localization: app("The country's localization app.").optional(),
  booksApp: shapes
    .flag(true)
    .default(false)
    .describe("Whether the image holds our app shopify_books, which books refunds, edits and lines without a product."),
  ordersAtOnce: shapes
    .wholeNumber({ from: 1, to: MOST_ORDERS_AT_ONCE, unit: "orders", example: 3 })
    .optional()
    .describe(
      "Orders that ERPNext books at once, each in a process that stays warm; more than one needs booksApp. Default: by gcp.machineType. 1: one after the other, by bench's own worker.",
    ),
  baseImages: baseImages
    .optional()
    .describe("What the image is built on, by digest; production needs it. A new pair needs a new imageTag."),
});

const hosts = section("The three host names; all different, in the zone.", {
  ui: shapes
    .hostname("erp.demo-store.example")
    .describe("ERPNext's UI, and the name of its site: one label below the zone (proxied by Cloudflare)."),
  hook: shapes
    .hostname("hooks.demo-store.example")
    .describe(
      "Where Shopify delivers: DNS only, straight to the server; may not contain the UI's host or be contained in it.",
    ),
  console: shapes
    .hostname("sync.demo-store.example")
    .describe("Sync Console: one label below the zone (proxied by Cloudflare)."),
});

const gcp = section("Where the server stands.", {
  project: gcpProjectId.describe("Google Cloud project id; the project exists already."),
  region: gcpRegion.describe("Region of registry, address and, unless backupLocation says otherwise, backups."),
  zone: gcpZone.describe("Zone of server and disk, in the region."),
  machineType: machineType.default("e2-standard-4").describe("Compute Engine machine type, x86-64."),
  dataDiskGb: shapes
    .wholeNumber({ from: 20, to: 65536, unit: "GB", example: 50 })
    .default(50)
    .describe("Size of the data disk in GB; can grow, never shrink."),
  backupLocation: backupLocation
    .optional()
    .describe(
      "Where the backups lie: another region, or a dual-region (EUR4) or multi-region (EU), of which Google keeps copies in two regions. Chosen before the first update, as a bucket cannot move. Default: the region.",
    ),
});

const cloudflare = section("The zone that the three hosts stand in.", {
  accountId: cloudflareId("an account id", "9a7806061c88ada191ed06f989cc3dac").describe(
    "Account id, on the zone's overview page.",
  ),
  zoneId: cloudflareId("a zone id", "023e105f4ecef8ad9ca31a8372d0c353").describe(
    "Zone id, on the zone's overview page.",
  ),
  zone: shapes.hostname("demo-store.example").describe("The zone's domain."),
});

const entries = () => list(shapes.accessEntry, "lets no one in");
const access = section("Who may pass Cloudflare Access.", {
  ui: entries().describe('Who may open ERPNext: e-mail addresses, or "@domain" for everyone there.'),
  console: entries().describe('Who may open the Sync Console: e-mail addresses, or "@domain" for everyone there.'),
});

const operations = section("How the server is looked after.", {
  alertEmails: list(shapes.email)
    .default([])
    .describe("Who is told when something fails; production needs at least one."),
  backupRetentionDays: shapes
    .wholeNumber({ from: 7, to: 3650, unit: "days", example: 30 })
    .default(30)
    .describe("How many days nightly backups are kept."),
  certificate: shapes
    .choice(["trusted", "staging"])
    .optional()
    .describe(
      "Who signs the hook host's certificate. trusted: Let's Encrypt, and Shopify delivers. staging: its test directory, which has no limits and which no client trusts, Shopify included; only for test. Default: trusted for production, staging for test.",
    ),
  closeGaps: shapes
    .flag(true)
    .optional()
    .describe(
      "Whether lost subscriptions are made again and missing orders delivered again by themselves, every night. Default: true for test, false for production.",
    ),
  finalBackup: shapes
    .flag(true)
    .default(true)
    .describe("Whether a last backup is made before the server goes; only a test customer may do without."),
});

const fields = section("One customer: everything that is not secret.", {
  slug: shapes.slug.describe("The customer's name in every cloud, and of this file: <slug>.yaml."),
  environment: shapes
    .choice(["production", "test"])
    .describe("production: disk, address, registry and backups are protected. test: may be torn down."),
  expiresOn: shapes
    .calendarDate("2030-12-31")
    .optional()
    .describe("Day a test customer is swept on, YYYY-MM-DD; required for test, refused for production."),
  shopify,
  company,
  accounting,
  sync,
  erpnext,
  hosts,
  gcp,
  cloudflare,
  access,
  operations: operations.prefault({}),
});

/** What a customer's fields are once each is valid by itself. */
export type CustomerFields = z.infer<typeof fields>;

/** A path of a refused field, before zod fills in the path of the root. */
interface Refused {
  readonly code?: string;
  readonly path?: readonly PropertyKey[] | undefined;
}

/** Whether a refusal concerns a field or something above or below it. Unknown keys spoil nothing but themselves. */
function concerns({ code, path = [] }: Refused, field: readonly string[]): boolean {
  if (code === "unrecognized_keys") return false;
  const shared = Math.min(path.length, field.length);
  return field.slice(0, shared).every((part, depth) => path[depth] === part);
}

/** The one schema of a customer: each field by itself, then the fields to one another, every fault in one pass. */
export const customerSchema = fields.superRefine(
  (customer, context) => {
    const refused: readonly Refused[] = [...context.issues];
    for (const rule of RULES) {
      if (rule.needs.some((field) => refused.some((issue) => concerns(issue, field)))) continue;
      rule.check(customer, (path, message) => {
        context.addIssue({ code: "custom", path: [...path], message, input: undefined });
      });
    }
  },
  // Without it zod skips the rules as soon as one field is refused, and the operator would meet the faults in two rounds.
  { when: () => true },
);

/** One customer, parsed: defaults filled in, every value checked. */
export type Customer = z.infer<typeof customerSchema>;
