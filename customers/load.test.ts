import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownSlugs, loadCustomer } from "./load";

const example = readFileSync(join(__dirname, "demo-store.yaml"), "utf8");
const remedy = "correct the YAML; customers/demo-store.yaml is a valid example";
const startOver = "start from a copy of customers/demo-store.yaml, the documented example";

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "customers-"));
  directory = join(root, "customers");
  mkdirSync(directory);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What loading demo-store says when its file has this content. */
function faultsIn(content: string | Uint8Array): readonly string[] {
  writeFileSync(join(directory, "demo-store.yaml"), content);
  const loaded = loadCustomer("demo-store", directory);
  return loaded.ok ? [] : loaded.faults;
}

/** The documented example with one text replaced, which must be there. */
function exampleWith(text: string, replacement: string): string {
  expect(example).toContain(text);
  return example.replace(text, replacement);
}

describe("the documented example", () => {
  test("is a customer", () => {
    expect(loadCustomer("demo-store", __dirname)).toEqual({
      ok: true,
      customer: {
        slug: "demo-store",
        environment: "test",
        expiresOn: "2030-12-31",
        shopify: {
          shopDomain: "demo-store.myshopify.com",
          app: "custom",
          delivery: "https",
          topics: [
            "orders/create",
            "orders/paid",
            "orders/fulfilled",
            "orders/cancelled",
            "orders/partially_fulfilled",
          ],
        },
        company: {
          legalName: "Demo Store GmbH",
          abbreviation: "DSG",
          country: "Germany",
          currency: "EUR",
          chartOfAccounts: "Standard",
          fiscalYearStart: "01-01",
          timeZone: "Europe/Berlin",
        },
        accounting: {
          warehouse: "Stores - DSG",
          customerGroup: "Shopify",
          defaultCustomer: "Shopify Customer",
          cashBankAccount: "Demo Bank - DSG",
          costCenter: "Main - DSG",
          shippingAccount: "Freight and Forwarding Charges - DSG",
          taxAccounts: [{ shopifyTax: "VAT", account: "Umsatzsteuer 19 % - DSG", description: "Umsatzsteuer 19 %" }],
          defaultTaxAccount: "Umsatzsteuer 19 % - DSG",
          paymentAccounts: [],
        },
        sync: {
          salesInvoices: true,
          deliveryNotes: true,
          history: { from: "2020-01-01" },
          refunds: "draft",
          unmappedTaxes: "default",
          partialPayments: false,
        },
        erpnext: {
          imageTag: "1.0",
          build: true,
          booksApp: false,
          frappeBranch: "version-15",
          apps: [
            { url: "https://github.com/frappe/erpnext", branch: "version-15" },
            { url: "https://github.com/frappe/ecommerce_integrations", branch: "version-15" },
          ],
        },
        hosts: {
          ui: "erp.demo-store.example",
          hook: "hooks.demo-store.example",
          console: "sync.demo-store.example",
        },
        gcp: {
          project: "demo-store-erpnext",
          region: "europe-west3",
          zone: "europe-west3-a",
          machineType: "e2-standard-4",
          dataDiskGb: 50,
        },
        cloudflare: {
          accountId: "9a7806061c88ada191ed06f989cc3dac",
          zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
          zone: "demo-store.example",
        },
        access: { ui: ["ops@agency.example", "@demo-store.example"], console: ["ops@agency.example"] },
        operations: { alertEmails: ["ops@agency.example"], backupRetentionDays: 30, finalBackup: false },
      },
    });
  });

  test("tells the editor where its schema is", () => {
    expect(example.split("\n")[0]).toBe("# yaml-language-server: $schema=./customer.schema.json");
  });

  test("explains every field on its line", () => {
    const fields = example.split("\n").filter((line) => /^ *(?:- )?\w+:/.test(line));
    expect(fields.filter((line) => !line.includes(" # "))).toEqual([]);
    expect(fields).toHaveLength(62);
  });

  test.each([
    ["a byte order mark", `\uFEFF${example}`],
    ["line ends of Windows", example.replaceAll("\n", "\r\n")],
    ["both", `\uFEFF${example.replaceAll("\n", "\r\n")}`],
    ["its document marked as such", `---\n${example}...\n`],
    [
      "a few aliases",
      exampleWith("- ops@agency.example", "- &ops ops@agency.example").replaceAll("- ops@agency.example", "- *ops"),
    ],
  ])("is a customer with %s", (_, content) => {
    expect(faultsIn(content)).toEqual([]);
  });
});

describe("finding the file", () => {
  test("refuses what is no slug before it touches the disk", () => {
    expect(loadCustomer("../../etc/passwd", "/nowhere")).toEqual({
      ok: false,
      faults: [
        '"slug" is "../../etc/passwd", which is not a customer\'s name in lower case letters, digits and single hyphens that starts with a letter: write for example "demo-store"',
      ],
    });
  });

  test("names a missing file, the customers that are there, and what to do", () => {
    for (const file of ["b-store.yaml", "a-store.yaml", "Pulumi.a-store.yaml", "notes.txt", "Draft.yaml"]) {
      writeFileSync(join(directory, file), "");
    }
    expect(knownSlugs(directory)).toEqual(["a-store", "b-store"]);
    expect(loadCustomer("c-store", directory)).toEqual({
      ok: false,
      faults: [
        'customers/c-store.yaml does not exist, the customers there are "a-store", "b-store": write it, for example as a copy of a-store.yaml, or choose a stack that has one with pulumi stack select a-store',
      ],
    });
  });

  test("says so when there are no customers at all", () => {
    expect(loadCustomer("c-store", join(root, "nowhere"))).toEqual({
      ok: false,
      faults: ["nowhere/c-store.yaml does not exist, there are no customers there: write it"],
    });
  });

  test("refuses a folder in the file's place", () => {
    mkdirSync(join(directory, "demo-store.yaml"));
    expect(loadCustomer("demo-store", directory)).toEqual({
      ok: false,
      faults: [`customers/demo-store.yaml is not a file: ${startOver}`],
    });
  });

  test("refuses a pipe in the file's place instead of waiting for it", () => {
    execFileSync("mkfifo", [join(directory, "demo-store.yaml")]);
    expect(loadCustomer("demo-store", directory)).toEqual({
      ok: false,
      faults: [`customers/demo-store.yaml is not a file: ${startOver}`],
    });
  });

  test("tells why a file cannot be read", () => {
    writeFileSync(join(root, "file"), "");
    expect(loadCustomer("demo-store", join(root, "file"))).toEqual({
      ok: false,
      faults: [
        "file/demo-store.yaml cannot be read (ENOTDIR): save it as a readable text file in UTF-8, like customers/demo-store.yaml",
      ],
    });
  });

  test("refuses a file that is larger than any customer", () => {
    expect(faultsIn(`# ${"x".repeat(262143)}`)).toEqual([
      `customers/demo-store.yaml has 262145 bytes, where 262144 fit: ${startOver}`,
    ]);
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(faultsIn(Buffer.from(example.replace("GmbH", "Büro"), "latin1"))).toEqual([
      "customers/demo-store.yaml is not UTF-8: save it as a readable text file in UTF-8, like customers/demo-store.yaml",
    ]);
  });

  test("refuses a copy that still has the other customer's slug", () => {
    writeFileSync(join(directory, "my-store.yaml"), example);
    expect(loadCustomer("my-store", directory)).toEqual({
      ok: false,
      faults: ['"slug" is "demo-store", which is not the name of the file my-store.yaml: write for example "my-store"'],
    });
  });
});

describe("YAML", () => {
  test.each([
    ["an empty file", "", [`customer "demo-store" is empty: ${startOver}`]],
    ["a file of comments", "# nothing yet\n", [`customer "demo-store" is empty: ${startOver}`]],
    ["a list", "- slug: demo-store\n", [`customer "demo-store" is a list and not a mapping of fields: ${startOver}`]],
    ["a text", "demo-store", [`customer "demo-store" is "demo-store" and not a mapping of fields: ${startOver}`]],
    [
      "every error of the notation, with line and column",
      'hosts: [a\nslug: "demo',
      [
        `customers/demo-store.yaml, line 2, column 1: Flow sequence in block collection must be sufficiently indented and end with a ]: ${remedy}`,
        `customers/demo-store.yaml, line 2, column 12: Missing closing "quote: ${remedy}`,
      ],
    ],
    [
      "tabs",
      "hosts:\n\tui: a\n",
      [`customers/demo-store.yaml, line 2, column 1: Tabs are not allowed as indentation: ${remedy}`],
    ],
    [
      "several documents",
      `${example}---\nslug: demo-store\n`,
      [
        `customers/demo-store.yaml, line ${example.split("\n").length}, column 1: a second document starts there: keep one customer a file; customers/demo-store.yaml is a valid example`,
      ],
    ],
    [
      "a tag",
      "slug: !customer demo-store\n",
      [`customers/demo-store.yaml, line 1, column 7: Unresolved tag: !customer: ${remedy}`],
    ],
    [
      "binary data",
      "slug: !!binary ZGVtbw==\n",
      [`customers/demo-store.yaml, line 1, column 7: Unresolved tag: tag:yaml.org,2002:binary: ${remedy}`],
    ],
    [
      "an unknown alias",
      "slug: *name\n",
      [
        `customers/demo-store.yaml cannot be read as YAML (Unresolved alias (the anchor must be set before the alias): name): ${remedy}`,
      ],
    ],
  ])("refuses %s", (_, content, faults) => {
    expect(faultsIn(content)).toEqual(faults);
  });

  test("refuses a key that stands twice, and checks the fields nevertheless", () => {
    expect(faultsIn(exampleWith("environment: test", "slug: demo-store\nenvironment: staging"))).toEqual([
      'customers/demo-store.yaml, line 8, column 1: the key "slug" stands there a second time: keep one of the two; customers/demo-store.yaml is a valid example',
      '"environment" is "staging", which is not one of "production", "test": write for example "production"',
    ]);
  });

  test("does not merge keys, in YAML 1.1 neither", () => {
    const merged = exampleWith("  app: custom", "  <<: { app: custom }");
    const faults = [
      '"shopify.app" is missing: write for example "custom"',
      '"shopify.<<" is not a known field: remove it or use one of shopDomain, app, delivery, topics, for example shopDomain: "demo-store.myshopify.com"',
    ];
    expect(faultsIn(merged)).toEqual(faults);
    expect(faultsIn(`%YAML 1.1\n---\n${merged}`)).toEqual(faults);
  });

  test("survives a bomb of aliases", () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const items = level === 0 ? "x" : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(items).join(", ")}]`;
    });
    expect(faultsIn(`${levels.join("\n")}\n`)).toEqual([
      `customers/demo-store.yaml cannot be read as YAML (Excessive alias count indicates a resource exhaustion attack): ${remedy}`,
    ]);
  });

  test("survives an alias that contains itself", () => {
    expect(faultsIn(exampleWith("operations:", "loop: &loop [*loop]\noperations:"))).toEqual([
      expect.stringMatching(/^"loop" is not a known field: /),
    ]);
  });

  test.each([1_000, 5_000, 100_000])("survives lists that are nested %d deep", (depth) => {
    expect(faultsIn(`slug: ${"[".repeat(depth)}${"]".repeat(depth)}\n`).length).toBeGreaterThan(0);
  });
});

describe("secrets", () => {
  const said = (place: string): string =>
    `customers/demo-store.yaml, ${place}: there is what looks like a secret (not shown), and customer files are committed in clear: remove it, revoke it if it was committed, and run for example pulumi config set --secret shopifyAdminToken -s demo-store`;

  test("are refused in a comment too, by line and column", () => {
    expect(faultsIn(exampleWith("  app: custom #", "  app: custom # shpat_hunter2"))).toEqual([
      said(`line ${example.split("\n").findIndex((line) => line.startsWith("  app:")) + 1}, column 17`),
    ]);
  });

  test("are refused once, by field, where they stand in one", () => {
    expect(faultsIn(exampleWith("Demo Store GmbH", "shpat_hunter2"))).toEqual([
      '"company.legalName" holds what looks like a secret (not shown), and customer files are committed in clear: remove it, revoke it if it was committed, and run for example pulumi config set --secret shopifyAdminToken -s demo-store',
    ]);
  });

  test.each([
    ["an error of the notation", "slug: shpat_hunter2: x\n", 7],
    ["a reserved character", "slug: `shpat_hunter2\n", 8],
    ["a tag", "slug: !shpat_hunter2 x\n", 8],
  ])("are not printed with %s", (_, content, column) => {
    const faults = faultsIn(content);
    expect(faults).toContain(said(`line 1, column ${column}`));
    expect(faults.join()).not.toContain("hunter2");
  });

  test("are not printed with an unknown alias", () => {
    expect(faultsIn("slug: *shpat_hunter2\n")).toEqual([
      `customers/demo-store.yaml cannot be read as YAML ([secret]): ${remedy}`,
    ]);
  });
});

test("gives every fault at once, in the order of the schema", () => {
  const broken = [
    ["slug: demo-store", "slug: Demo-Store"],
    ["expiresOn: 2030-12-31", "expiresOn: 2030-02-30"],
    ["shopDomain: demo-store.myshopify.com", "shopDomain: https://admin.shopify.com/store/demo-store"],
    ["currency: EUR", "currency: euro"],
    ["warehouse: Stores - DSG", "warehouse: Stores"],
    ['imageTag: "1.0"', "imageTag: latest"],
    ["ui: erp.demo-store.example", "ui: shop.erp.demo-store.example"],
    ["zone: europe-west3-a", "zone: europe-west4-a"],
    ["console: # who may open the Sync Console\n    - ops@agency.example", "console: []"],
    ["operations: #", "backups: daily\noperations: #"],
  ] as const;
  expect(faultsIn(broken.reduce((text, [from, to]) => text.replace(from, to), example))).toEqual([
    '"slug" is "Demo-Store", which has upper case letters: write for example "demo-store"',
    '"expiresOn" is "2030-02-30", which is not a day of the calendar (YYYY-MM-DD): write for example "2030-12-31"',
    '"shopify.shopDomain" is "https://admin.shopify.com/store/demo-store", which is an address of the admin and not the shop\'s domain: write for example "demo-store.myshopify.com"',
    '"company.currency" is "euro", which is not a currency of ISO 4217: write for example "EUR"',
    '"accounting.warehouse" is "Stores", which does not end with the company\'s abbreviation " - DSG": write for example "Stores - DSG"',
    '"erpnext.imageTag" is "latest", which is a moving tag, where a release must name one build for good: write for example "1.0"',
    '"hosts.ui" is "shop.erp.demo-store.example", which is not exactly one label below the zone "demo-store.example" and so has no certificate at Cloudflare: write for example "erp.demo-store.example"',
    '"gcp.zone" is "europe-west4-a", which is not a zone of the region "europe-west3": write for example "europe-west3-a"',
    '"access.console" is an empty list, which lets no one in: write for example ["@demo-store.example"]',
    '"backups" is not a known field: remove it or use one of slug, environment, expiresOn, shopify, company, accounting, sync, erpnext, hosts, gcp, cloudflare, access, operations, for example slug: "demo-store"',
  ]);
});
