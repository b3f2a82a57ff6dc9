import type { Customer } from "./schema";
import { faultsAfter, untyped } from "./testing/refusals";

type Change = (customer: Customer) => void;
type OwnImage = Customer & { erpnext: { apps: { url: string; branch: string }[] } };

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

const production: Change = (customer) => {
  customer.environment = "production";
  delete customer.expiresOn;
  customer.operations.finalBackup = true;
  customer.erpnext.baseImages = { build: DIGEST, base: DIGEST };
};
const hosts =
  (changed: Partial<Customer["hosts"]>): Change =>
  (customer) => {
    Object.assign(customer.hosts, changed);
  };
const app = (name: string, branch: string): { url: string; branch: string } => ({
  url: `https://github.com/frappe/${name}`,
  branch,
});
/** A change of what the customer's file lists itself, under a tag that is no release. */
const own =
  (change: (customer: OwnImage) => unknown): Change =>
  (customer) => {
    customer.erpnext.imageTag = "own-1";
    change(customer as OwnImage);
  };

const branches = (frappe: string, erpnext: string, connector: string): Change =>
  own((customer) => {
    customer.erpnext.frappeBranch = frappe;
    customer.erpnext.apps = [app("erpnext", erpnext), app("ecommerce_integrations", connector)];
  });

const accepted: readonly (readonly [promise: string, change: Change])[] = [
  ["a production customer without an end", production],
  ["a test customer without an address for alerts", ({ operations }) => (operations.alertEmails = [])],
  ["a test customer with a trusted certificate", ({ operations }) => (operations.certificate = "trusted")],
  ["a test customer with a final backup", ({ operations }) => (operations.finalBackup = true)],
  [
    "a production customer whose image was built elsewhere",
    (customer) => {
      production(customer);
      customer.erpnext.build = false;
      delete customer.erpnext.baseImages;
    },
  ],
  [
    "a test customer on pinned base images",
    ({ erpnext }) => (erpnext.baseImages = { build: DIGEST, base: `sha256:${"f".repeat(64)}` }),
  ],
  ["a hook host deep in the zone, because its record is DNS only", hosts({ hook: "a.b.hooks.demo-store.example" })],
  ["a history of one day", ({ sync }) => (sync.history.to = sync.history.from)],
  [
    "a release that the file says nothing more of",
    ({ erpnext }) => {
      delete erpnext.apps;
      delete erpnext.frappeBranch;
    },
  ],
  ["version 15 with the connector's main", branches("version-15", "version-15", "main")],
  ["version 16 with the connector's version-16", branches("version-16", "version-16", "version-16")],
  ["version 16 with the connector's develop", branches("version-16", "version-16", "develop")],
  [
    "a localization app",
    own(({ erpnext }) => (erpnext.localization = { url: "https://git.example/de/books", branch: "x" })),
  ],
  [
    "an app's address in capitals and with .git",
    own(({ erpnext }) => (erpnext.apps[0]!.url = "https://github.com/Frappe/ERPNext.git")),
  ],
];

test.each(accepted)("accepts %s", (_, change) => {
  expect(faultsAfter(change)).toEqual([]);
});

const untested = (made: string): string =>
  `which with the branches of erpnext and ecommerce_integrations makes the untested combination ${made}: write one of version-15 / version-15 / main, version-15 / version-15 / version-15, version-16 / version-16 / version-16, version-16 / version-16 / develop`;
const noCertificate =
  'which is not exactly one label below the zone "demo-store.example" and so has no certificate at Cloudflare: write for example';
const confused = "so that the connector takes one for the other: write for example";

const refused: readonly (readonly [problem: string, change: Change, faults: readonly string[]])[] = [
  [
    "production that is built on base images which move",
    (customer) => {
      production(customer);
      delete customer.erpnext.baseImages;
    },
    [
      `"erpnext.baseImages" is required for production, because upstream tags can change under you: run npm run pin-base-images -- demo-store --apply, which writes for example { build: "${DIGEST}", base: "${DIGEST}" }`,
    ],
  ],
  [
    "a test customer without an end",
    (customer) => delete customer.expiresOn,
    [
      '"expiresOn" is missing, which every test customer needs because expired ones are swept: write for example "2030-12-31"',
    ],
  ],
  [
    "a production customer with an end",
    (customer) => {
      production(customer);
      customer.expiresOn = "2030-01-31";
    },
    [
      '"expiresOn" is "2030-01-31", which only a test customer may have: remove it, or write for example environment: "test"',
    ],
  ],
  [
    "production without a final backup and an alert address",
    (customer) => {
      production(customer);
      customer.operations = { alertEmails: [], backupRetentionDays: 30, finalBackup: false };
    },
    [
      '"operations.alertEmails" is an empty list, so no one is told when production fails: write for example ["ops@agency.example"]',
      '"operations.finalBackup" is false, which only a test customer may use: write for example true',
    ],
  ],
  [
    "production with a certificate that is not trusted",
    (customer) => {
      production(customer);
      customer.operations.certificate = "staging";
    },
    [
      '"operations.certificate" is "staging", which only a test customer may use, because Shopify does not deliver to it: write for example "trusted"',
    ],
  ],
  [
    "proxied hosts two labels below the zone",
    hosts({ ui: "erp.a.demo-store.example", console: "sync.a.demo-store.example" }),
    [
      `"hosts.ui" is "erp.a.demo-store.example", ${noCertificate} "erp.demo-store.example"`,
      `"hosts.console" is "sync.a.demo-store.example", ${noCertificate} "sync.demo-store.example"`,
    ],
  ],
  [
    "a console at the zone itself",
    hosts({ console: "demo-store.example" }),
    [`"hosts.console" is "demo-store.example", ${noCertificate} "sync.demo-store.example"`],
  ],
  [
    "hosts of another zone that ends alike",
    hosts({ ui: "erp.my-demo-store.example", hook: "hooks.my-demo-store.example" }),
    [
      `"hosts.ui" is "erp.my-demo-store.example", ${noCertificate} "erp.demo-store.example"`,
      '"hosts.hook" is "hooks.my-demo-store.example", which is not inside the zone "demo-store.example": write for example "hooks.demo-store.example"',
    ],
  ],
  [
    "a hook host that contains the UI's",
    hosts({ hook: "hooks-erp.demo-store.example" }),
    [
      `"hosts.hook" is "hooks-erp.demo-store.example", which contains the UI's host "erp.demo-store.example", ${confused} "hooks.demo-store.example"`,
    ],
  ],
  [
    "a hook host below the UI's",
    hosts({ hook: "hooks.erp.demo-store.example" }),
    [
      `"hosts.hook" is "hooks.erp.demo-store.example", which contains the UI's host "erp.demo-store.example", ${confused} "hooks.demo-store.example"`,
    ],
  ],
  [
    "a UI host that contains the hook's",
    hosts({ ui: "my-hooks.demo-store.example" }),
    [
      `"hosts.hook" is "hooks.demo-store.example", which the UI's host "my-hooks.demo-store.example" contains, ${confused} "deliveries.demo-store.example"`,
    ],
  ],
  [
    "one host for all three",
    hosts({ hook: "erp.demo-store.example", console: "erp.demo-store.example" }),
    [
      '"hosts.hook" is "erp.demo-store.example", which is the UI\'s host too: write for example "hooks.demo-store.example"',
      '"hosts.console" is "erp.demo-store.example", which is "hosts.ui" too: write for example "sync.demo-store.example"',
      '"hosts.console" is "erp.demo-store.example", which is "hosts.hook" too: write for example "sync.demo-store.example"',
    ],
  ],
  [
    "a hook at the console's host",
    hosts({ hook: "sync.demo-store.example" }),
    [
      '"hosts.console" is "sync.demo-store.example", which is "hosts.hook" too: write for example "console.demo-store.example"',
    ],
  ],
  [
    "a zone of another region",
    ({ gcp }) => (gcp.zone = "europe-west4-a"),
    [
      '"gcp.zone" is "europe-west4-a", which is not a zone of the region "europe-west3": write for example "europe-west3-a"',
    ],
  ],
  [
    "a region whose name merely starts like the zone's",
    ({ gcp }) => Object.assign(gcp, { region: "europe-west1", zone: "europe-west12-a" }),
    [
      '"gcp.zone" is "europe-west12-a", which is not a zone of the region "europe-west1": write for example "europe-west1-a"',
    ],
  ],
  [
    "the account id given as zone id",
    ({ cloudflare }) => (cloudflare.zoneId = cloudflare.accountId),
    [
      '"cloudflare.zoneId" is "9a7806061c88ada191ed06f989cc3dac", which is the accountId again: write the zone\'s own id from its overview page, for example "023e105f4ecef8ad9ca31a8372d0c353"',
    ],
  ],
  [
    "a history that runs backwards",
    ({ sync }) => (sync.history.to = "2019-12-31"),
    [
      '"sync.history.to" is "2019-12-31", which is before "sync.history.from" "2020-01-01": leave it out for all orders, or write for example "2020-01-01"',
    ],
  ],
  [
    "accounts of another company",
    ({ company }) => (company.abbreviation = "XY"),
    [
      ["warehouse", "Stores"],
      ["cashBankAccount", "Demo Bank"],
      ["costCenter", "Main"],
      ["shippingAccount", "Freight and Forwarding Charges"],
      ["taxAccounts[0].account", "Umsatzsteuer 19 %"],
      ["defaultTaxAccount", "Umsatzsteuer 19 %"],
    ].map(
      ([field = "", name = ""]) =>
        `"accounting.${field}" is "${name} - DSG", which does not end with the company's abbreviation " - XY": write for example "${name} - XY"`,
    ),
  ],
  [
    "an account without the abbreviation",
    ({ accounting }) => (accounting.costCenter = "Freight-Out"),
    [
      '"accounting.costCenter" is "Freight-Out", which does not end with the company\'s abbreviation " - DSG": write for example "Freight-Out - DSG"',
    ],
  ],
  [
    "a topic that stands twice",
    ({ shopify }) => (shopify.topics = ["orders/paid", "orders/create", "orders/paid"]),
    [
      '"shopify.topics[2]" is "orders/paid", which stands in the list already, and Shopify takes a topic once: remove it, or write for example "orders/create"',
    ],
  ],
  [
    "a topic that the connector does not understand",
    ({ shopify }) => Object.assign(shopify, { topics: ["orders/deleted"] }),
    [
      '"shopify.topics[0]" is "orders/deleted", which is not one of "orders/create", "orders/paid", "orders/fulfilled", "orders/cancelled", "orders/partially_fulfilled", "refunds/create", "orders/edited": write for example "orders/create"',
    ],
  ],
  [
    "no topic at all",
    ({ shopify }) => (shopify.topics = []),
    ['"shopify.topics" is an empty list, which leaves nothing to deliver: write for example ["orders/create"]'],
  ],
  [
    "a tax title that stands twice",
    ({ accounting }) => accounting.taxAccounts.push({ shopifyTax: "VAT", account: "Umsatzsteuer 7 % - DSG" }),
    [
      '"accounting.taxAccounts[1].shopifyTax" is "VAT", which stands in the list already: give each Shopify tax title, or title and rate, one account, for example { shopifyTax: "VAT", rate: 7, account: "VAT 7 % - DSG" }',
    ],
  ],
  [
    "a tax that stands twice with one rate",
    ({ accounting, erpnext }) => {
      erpnext.booksApp = true;
      const account = "Umsatzsteuer 7 % - DSG";
      accounting.taxAccounts.push({ shopifyTax: "VAT", rate: 7, account }, { shopifyTax: "VAT", rate: 7, account });
    },
    [
      '"accounting.taxAccounts[2].shopifyTax" is "VAT" with "rate" 7, which stands in the list already: give each Shopify tax title, or title and rate, one account, for example { shopifyTax: "VAT", rate: 7, account: "VAT 7 % - DSG" }',
    ],
  ],
  [
    "a gateway that stands twice",
    ({ accounting, erpnext }) => {
      erpnext.booksApp = true;
      const paypal = { gateway: "paypal", account: "PayPal - DSG" };
      accounting.paymentAccounts = [paypal, paypal];
    },
    [
      '"accounting.paymentAccounts[1].gateway" is "paypal", which stands in the list already: give each gateway one account, for example "paypal"',
    ],
  ],
  [
    "what only the image's own app does, without the app",
    ({ accounting, sync, shopify }) => {
      accounting.giftCardAccount = "Gift Cards - DSG";
      sync.refunds = "submit";
      shopify.topics.push("refunds/create");
    },
    ["shopify.topics[5]", "accounting.giftCardAccount", "sync.refunds"].map(
      (field) =>
        `"${field}" needs the app shopify_books in the image: remove it, or build an image with the app and write "erpnext.booksApp": true`,
    ),
  ],
  [
    "an image without the connector",
    own(({ erpnext }) => erpnext.apps.pop()),
    [
      '"erpnext.apps" lacks https://github.com/frappe/ecommerce_integrations, without which no order arrives: add for example { url: "https://github.com/frappe/ecommerce_integrations", branch: "version-15" }',
    ],
  ],
  [
    "a fork in place of ERPNext",
    own(({ erpnext }) => (erpnext.apps[0]!.url = "https://github.com/demo-store/erpnext")),
    [
      '"erpnext.apps" lacks https://github.com/frappe/erpnext, without which no order arrives: add for example { url: "https://github.com/frappe/erpnext", branch: "version-15" }',
    ],
  ],
  [
    "an app that stands twice, once as a fork and once as localization",
    own(({ erpnext }) => {
      erpnext.apps.push({ url: "https://github.com/demo-store/ERPNext.git", branch: "version-15" });
      erpnext.localization = app("ecommerce_integrations", "main");
    }),
    [
      '"erpnext.apps[2].url" is "https://github.com/demo-store/ERPNext.git", which is the app "erpnext" a second time: remove it, or write another app such as "https://github.com/frappe/hrms"',
      '"erpnext.localization.url" is "https://github.com/frappe/ecommerce_integrations", which is the app "ecommerce_integrations" a second time: remove it, or write another app such as "https://github.com/frappe/hrms"',
    ],
  ],
  [
    "an app that refuses the connector's orders",
    own(({ erpnext }) => {
      erpnext.localization = { url: "https://github.com/resilient-tech/india-compliance", branch: "version-15" };
    }),
    [
      '"erpnext.localization.url" is "https://github.com/resilient-tech/india-compliance", which refuses each order with GST ("No GST is being charged on Taxable Items") until frappe/ecommerce_integrations has merged its pull request 466: leave it out, or write another app such as "https://github.com/frappe/hrms"',
    ],
  ],
  [
    "frappe among the apps",
    own(({ erpnext }) => erpnext.apps.push(app("frappe", "version-15"))),
    [
      '"erpnext.apps[2].url" is "https://github.com/frappe/frappe", which is in the image anyway: remove it and choose its branch by for example frappeBranch: "version-15"',
    ],
  ],
  [
    "another connector than its release's",
    ({ erpnext }) => (erpnext.apps = [app("erpnext", "version-15"), app("ecommerce_integrations", "main")]),
    [
      '"erpnext.apps[1]" is "https://github.com/frappe/ecommerce_integrations main", which the release "1.0" does not hold: remove "erpnext.apps", or give the image a tag of its own, which is no release, for example imageTag: "own-1.0"',
    ],
  ],
  [
    "another version than its release's, and a localization that it lacks",
    ({ erpnext }) => {
      erpnext.frappeBranch = "version-16";
      delete erpnext.apps;
      erpnext.localization = { url: "https://git.example/de/books", branch: "x" };
    },
    [
      '"erpnext.frappeBranch" is "version-16", and the release "1.0" has "version-15": remove the line, or give the image a tag of its own, which is no release, for example imageTag: "own-1.0"',
      '"erpnext.localization" is "https://git.example/de/books x", which the release "1.0" does not hold: remove it, or give the image a tag of its own, which is no release, for example imageTag: "own-1.0"',
    ],
  ],
  [
    "an image that neither a release nor the file says anything of",
    ({ erpnext }) => {
      erpnext.imageTag = "3.1";
      delete erpnext.apps;
      delete erpnext.frappeBranch;
    },
    [
      '"erpnext.frappeBranch" is missing, and releases/ has no "3.1" that says it: write imageTag: "1.0", which is a release, or for example "version-15"',
      '"erpnext.apps" is missing, and releases/ has no "3.1" that says it: write imageTag: "1.0", which is a release, or for example [{ url: "https://github.com/frappe/erpnext", branch: "version-15" }, { url: "https://github.com/frappe/ecommerce_integrations", branch: "version-15" }]',
    ],
  ],
  [
    "the connector of the next version",
    branches("version-15", "version-15", "develop"),
    [`"erpnext.frappeBranch" is "version-15", ${untested("version-15 / version-15 / develop")}`],
  ],
  [
    "an untested version",
    branches("version-14", "version-14", "main"),
    [`"erpnext.frappeBranch" is "version-14", ${untested("version-14 / version-14 / main")}`],
  ],
];

test.each(refused)("refuses %s", (_, change, faults) => {
  expect(faultsAfter(change)).toEqual(faults);
});

test("asks no rule about a field that is refused by itself", () => {
  const faults = faultsAfter((customer) => {
    customer.cloudflare.zone = "Other.example";
    untyped(customer.company)["abbreviation"] = "D S G";
  });
  expect(faults).toEqual([
    '"company.abbreviation" is "D S G", which is not an abbreviation of 1 to 10 letters and digits: write for example "DSG"',
    '"cloudflare.zone" is "Other.example", which has upper case letters: write for example "other.example"',
  ]);
});

test("asks every rule although some other field is refused, so that one round is enough", () => {
  const faults = faultsAfter((customer) => {
    customer.gcp.zone = "us-east1-b";
    untyped(customer.gcp)["disk"] = 1;
    customer.company.currency = "eur";
  });
  expect(faults).toEqual([
    '"company.currency" is "eur", which is not in capital letters: write for example "EUR"',
    '"gcp.zone" is "us-east1-b", which is not a zone of the region "europe-west3": write for example "europe-west3-a"',
    '"gcp.disk" is not a known field: remove it or use one of project, region, zone, machineType, dataDiskGb, backupLocation, for example project: "demo-store-erpnext"',
  ]);
});
