import { z } from "zod";
import { IMAGE_DIGEST_EXAMPLE } from "./erpnext-shapes";
import { parseCustomer } from "./parse";
import { customerSchema, type Customer } from "./schema";
import { isSecretKey } from "../core/secrets";
import { demoStore, faultsAfter, untyped } from "./testing/refusals";

const faultsOf = (data: unknown): readonly string[] => {
  const parsed = parseCustomer(data, "demo-store");
  return parsed.ok ? [] : parsed.faults;
};

test("gives the customer as it was, when nothing is left to fill in", () => {
  expect(parseCustomer(demoStore(), "demo-store")).toEqual({ ok: true, customer: demoStore() });
});

test("fills in what a customer may leave out, and only that", () => {
  const short = demoStore();
  for (const [part, fields] of [
    [short.company, ["chartOfAccounts", "fiscalYearStart"]],
    [short.accounting, ["customerGroup", "defaultCustomer"]],
    [short.erpnext, ["build"]],
    [short.gcp, ["machineType", "dataDiskGb"]],
    [short, ["operations"]],
  ] as const) {
    for (const field of fields) Reflect.deleteProperty(part, field);
  }
  const full = demoStore();
  full.operations = { alertEmails: [], backupRetentionDays: 30, finalBackup: true };
  expect(parseCustomer(short, "demo-store")).toEqual({ ok: true, customer: full });
});

test("requires every other field", () => {
  const missing = faultsOf({
    shopify: {},
    company: {},
    accounting: { taxAccounts: [{}] },
    sync: { history: {} },
    erpnext: { apps: [{}], localization: {} },
    hosts: {},
    gcp: {},
    cloudflare: {},
    access: {},
  });
  expect(missing.map((fault) => /^"(.*)" is missing: write for example ./.exec(fault)?.[1])).toEqual([
    ...["slug", "environment", "shopify.shopDomain", "shopify.app"],
    ...["company.legalName", "company.abbreviation", "company.country", "company.currency", "company.timeZone"],
    ...["accounting.warehouse", "accounting.cashBankAccount", "accounting.costCenter", "accounting.shippingAccount"],
    ...["accounting.taxAccounts[0].shopifyTax", "accounting.taxAccounts[0].account", "accounting.defaultTaxAccount"],
    ...["sync.salesInvoices", "sync.deliveryNotes", "sync.history.from"],
    ...["erpnext.imageTag", "erpnext.apps[0].url", "erpnext.apps[0].branch"],
    ...["erpnext.localization.url", "erpnext.localization.branch"],
    ...["hosts.ui", "hosts.hook", "hosts.console"],
    ...["gcp.project", "gcp.region", "gcp.zone"],
    ...["cloudflare.accountId", "cloudflare.zoneId", "cloudflare.zone"],
    ...["access.ui", "access.console"],
  ]);
});

test("names a missing section with its required fields", () => {
  const faults = faultsAfter((customer) => {
    Reflect.deleteProperty(customer, "hosts");
    untyped(customer)["sync"] = null;
    untyped(customer)["gcp"] = "europe-west3";
    untyped(customer)["erpnext"] = [];
    untyped(customer.access)["ui"] = "ops@agency.example";
  });
  expect(faults).toEqual([
    '"sync" is empty: write for example { salesInvoices: true, deliveryNotes: true, history: { from: "2020-01-01" } }',
    '"erpnext" is an empty list, which is not a mapping of fields: write for example { imageTag: "1.0" }',
    '"hosts" is missing: write for example { ui: "erp.demo-store.example", hook: "hooks.demo-store.example", console: "sync.demo-store.example" }',
    '"gcp" is "europe-west3", which is not a mapping of fields: write for example { project: "demo-store-erpnext", region: "europe-west3", zone: "europe-west3-a" }',
    '"access.ui" is "ops@agency.example", which is not a list: write for example ["@demo-store.example"]',
  ]);
});

test("refuses empty lists where emptiness means harm", () => {
  const faults = faultsAfter((customer) => {
    customer.access = { ui: [], console: [] };
    customer.accounting.taxAccounts = [];
    customer.erpnext.apps = [];
  });
  expect(faults).toEqual([
    '"accounting.taxAccounts" is an empty list, which leaves the tax of every order without an account: write for example [{ shopifyTax: "VAT", account: "Umsatzsteuer 19 % - DSG" }]',
    '"erpnext.apps" is an empty list, which makes an image without ERPNext: write for example [{ url: "https://github.com/frappe/erpnext", branch: "version-15" }]',
    '"access.ui" is an empty list, which lets no one in: write for example ["@demo-store.example"]',
    '"access.console" is an empty list, which lets no one in: write for example ["@demo-store.example"]',
  ]);
});

test.each([
  ["dataDiskGb", 19, "GB from 20 to 65536: write for example 50"],
  ["dataDiskGb", 65537, "GB from 20 to 65536: write for example 50"],
])("refuses gcp.%s %d", (field, value, said) => {
  expect(faultsAfter(({ gcp }) => (untyped(gcp)[field] = value))).toEqual([
    `"gcp.${field}" is the number ${value}, which is not a whole number of ${said}`,
  ]);
});

test.each([6, 3651])("refuses %d days of backups", (days) => {
  expect(faultsAfter(({ operations }) => (operations.backupRetentionDays = days))).toEqual([
    `"operations.backupRetentionDays" is the number ${days}, which is not a whole number of days from 7 to 3650: write for example 30`,
  ]);
});

test.each([7, 3650])("accepts %d days of backups", (days) => {
  expect(faultsAfter(({ operations }) => (operations.backupRetentionDays = days))).toEqual([]);
});

describe("unknown keys", () => {
  /** Every mapping of a customer by its path, found in the schema, so that a new section is tested too. */
  function mappings(
    schema: z.core.$ZodType,
    path: readonly (string | number)[] = [],
  ): (readonly (string | number)[])[] {
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
      return mappings(schema.unwrap(), path);
    }
    if (schema instanceof z.ZodArray) return mappings(schema.element, [...path, 0]);
    if (!(schema instanceof z.ZodObject)) return [];
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    return [path, ...Object.entries(shape).flatMap(([key, field]) => mappings(field, [...path, key]))];
  }

  const places = mappings(customerSchema);

  test("there are 17 mappings", () => {
    expect(places).toHaveLength(17);
  });

  test.each(places.map((path) => [path.join(".") || "(top)", path] as const))("are refused in %s", (_, path) => {
    const data = demoStore();
    data.erpnext.localization = { url: "https://git.example/de/books", branch: "version-15" };
    data.accounting.paymentAccounts = [{ gateway: "paypal", account: "PayPal - DSG" }];
    data.erpnext.booksApp = true;
    data.erpnext.imageTag = "own-1";
    data.erpnext.baseImages = { build: IMAGE_DIGEST_EXAMPLE, base: IMAGE_DIGEST_EXAMPLE };
    const mapping = path.reduce<unknown>((part, key) => untyped(part as object)[key], data);
    untyped(mapping as object)["zzzzzz"] = "value";
    const field = [...path, "zzzzzz"].reduce<string>(
      (name, part) => (typeof part === "number" ? `${name}[${part}]` : name === "" ? part : `${name}.${part}`),
      "",
    );
    expect(faultsOf(data)).toEqual([expect.stringMatching(/^"[^"]+" is not a known field: remove it or use one of /)]);
    expect(faultsOf(data)[0]).toContain(`"${field}"`);
  });

  test("name the field that was meant", () => {
    expect(faultsAfter(({ shopify }) => (untyped(shopify)["shopDomian"] = "x"))).toEqual([
      '"shopify.shopDomian" is not a known field: did you mean "shopDomain", for example shopDomain: "demo-store.myshopify.com"',
    ]);
  });

  test("are each one fault, after the known fields of their mapping and in the order they stand in", () => {
    const faults = faultsAfter((customer) => {
      untyped(customer)["constructor"] = 1;
      Object.defineProperty(customer, "__proto__", { value: { slug: "x" }, enumerable: true });
      untyped(customer.hosts)["door"] = "x";
      customer.hosts.console = "SYNC.demo-store.example";
      customer.access.ui = [];
    });
    expect(faults.map((fault) => fault.split(" is ")[0])).toEqual([
      '"hosts.console"',
      '"hosts.door"',
      '"access.ui"',
      '"constructor"',
      '"__proto__"',
    ]);
  });
});

describe("secrets", () => {
  const refusal = (field: string, next: string): string =>
    `"${field}" holds what looks like a secret (not shown), and customer files are committed in clear: remove it, revoke it if it was committed, and ${next}`;
  const store = (key: string): string => `run for example pulumi config set --secret ${key} -s demo-store`;

  test.each<[string, (customer: Customer) => void, string[]]>([
    [
      "an Admin API token in a field",
      ({ company }) => (company.legalName = "shpat_hunter2"),
      [refusal("company.legalName", store("shopifyAdminToken"))],
    ],
    [
      "an API secret in a field, only once although the field refuses it too",
      ({ shopify }) => (shopify.shopDomain = "shpss_hunter2"),
      [refusal("shopify.shopDomain", store("shopifyApiSecret"))],
    ],
    [
      "a key that announces one",
      ({ shopify }) => (untyped(shopify)["adminToken"] = "hunter2"),
      [refusal("shopify.adminToken", store("shopifyAdminToken"))],
    ],
    [
      "a key that announces one and holds more",
      ({ hosts }) => (untyped(hosts)["Passwords"] = [{ value: "hunter2" }]),
      [refusal("hosts.Passwords", store("shopifyAdminToken"))],
    ],
    [
      "a key that is one",
      (customer) => (untyped(customer)["shpat_hunter2"] = 1),
      [refusal("[secret]", store("shopifyAdminToken"))],
    ],
    [
      "credentials in an address",
      ({ erpnext }) => (erpnext.apps![0]!.url = "https://bot:hunter2@github.com/frappe/erpnext"),
      [refusal("erpnext.apps[0].url", "write the address without them, for example https://github.com/frappe/erpnext")],
    ],
    [
      "several at once",
      (customer) => {
        untyped(customer)["secret"] = "hunter2";
        customer.access.ui.push("shpat_hunter2");
      },
      [refusal("access.ui[2]", store("shopifyAdminToken")), refusal("secret", store("shopifyAdminToken"))],
    ],
  ])("refuses %s", (_, change, faults) => {
    expect(faultsAfter(change)).toEqual(faults);
    expect(faultsAfter(change).join()).not.toContain("hunter2");
  });

  test("are not printed by the schema itself either", () => {
    const data = demoStore();
    data.hosts.ui = "shpat_hunter2";
    const parsed = customerSchema.safeParse(data);
    expect(parsed.error?.message).toBeDefined();
    expect(parsed.error?.message).not.toContain("hunter2");
  });

  test("no field of a customer has a name that announces one", () => {
    const names = [...JSON.stringify(z.toJSONSchema(customerSchema, { io: "input" })).matchAll(/"(\w+)":/g)];
    expect(names.map(([, name = ""]) => name).filter(isSecretKey)).toEqual([]);
  });
});

describe("slug", () => {
  test("must be the name that the customer is asked for by", () => {
    expect(faultsAfter((customer) => (customer.slug = "other-store"))).toEqual([
      '"slug" is "other-store", which is not the name of the file demo-store.yaml: write for example "demo-store"',
    ]);
  });

  test("is refused once when it is no slug at all", () => {
    expect(faultsAfter((customer) => (customer.slug = "Other"))).toEqual([
      '"slug" is "Other", which has upper case letters: write for example "other"',
    ]);
  });
});

test.each([
  [undefined, "is empty"],
  [null, "is empty"],
  [3, "is the number 3 and not a mapping of fields"],
  ["shpat_hunter2", "is a value that may be a secret (not shown) and not a mapping of fields"],
  [[], "is an empty list and not a mapping of fields"],
])("refuses %j in place of a customer", (data, said) => {
  expect(faultsOf(data)).toEqual([
    `customer "demo-store" ${said}: start from a copy of customers/demo-store.yaml, the documented example`,
  ]);
});

test("bears data that contains itself", () => {
  const data: Record<string, unknown> = untyped(demoStore());
  data["hosts"] = data;
  data["access"] = [data];
  expect(faultsOf(data)).toContain(
    '"access" is a list, which is not a mapping of fields: write for example { ui: ["@demo-store.example"], console: ["@demo-store.example"] }',
  );
});
