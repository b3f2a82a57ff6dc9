import * as pulumi from "@pulumi/pulumi";

import { ConnectorSettings, type ConnectorSettingsArgs } from "./connector-settings";
import { booksSettings } from "./shared/books-settings";
import { COMPANY, ERPNEXT, SYNC } from "./testing/company";
import { type RecordedResource, recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const customer: ConnectorSettingsArgs["customer"] = {
  slug: "acme",
  shopify: { shopDomain: "acme.myshopify.com", app: "custom" },
  company: COMPANY,
  accounting: {
    warehouse: "Stores - AG",
    customerGroup: "Shopify",
    defaultCustomer: "Shopify Customer",
    cashBankAccount: "Bank - AG",
    costCenter: "Main - AG",
    shippingAccount: "Freight - AG",
    defaultTaxAccount: "USt 19 % - AG",
    taxAccounts: [
      { shopifyTax: "DE VAT", account: "USt 19 % - AG" },
      { shopifyTax: "DE VAT reduced", account: "USt 7 % - AG" },
    ],
    paymentAccounts: [],
  },
  sync: SYNC,
  environment: "test",
  erpnext: ERPNEXT,
};

/** The machine, as far as this component needs one; `ready` holds up its registration. */
class Server extends pulumi.CustomResource {
  constructor(ready?: Promise<boolean>) {
    super("test:index:Server", "server", { ready });
  }
}

/** Without Cloudflare Access before ERPNext. */
const openArgs = (server = new Server()): ConnectorSettingsArgs => ({
  customer,
  siteUrl: "https://erp.example.com",
  subscriptions: [{ topic: "ORDERS_PAID", webhookId: "1001" }],
  server,
});

const argsOf = (server?: Server): ConnectorSettingsArgs => ({
  ...openArgs(server),
  accessClientId: "id.access",
  accessClientSecret: pulumi.secret("canary-client-secret"),
});

const build = () => new ConnectorSettings("connector", argsOf());

/** What every document is sent with. */
const REACH = {
  customer: "acme",
  siteUrl: "https://erp.example.com",
  accessClientId: "id.access",
  accessClientSecret: new Secret("canary-client-secret"),
};

const FIXTURES = {
  "connector-customer-group": {
    doctype: "Customer Group",
    documentName: "Shopify",
    values: { customer_group_name: "Shopify", parent_customer_group: "All Customer Groups", is_group: 0 },
  },
  "connector-address-template": {
    doctype: "Address Template",
    documentName: "Germany",
    values: { country: "Germany" },
  },
  "connector-uom-kg": { doctype: "UOM", documentName: "Kg", values: { uom_name: "Kg", must_be_whole_number: 0 } },
  "connector-uom-nos": { doctype: "UOM", documentName: "Nos", values: { uom_name: "Nos", must_be_whole_number: 1 } },
  "connector-warehouse": {
    doctype: "Warehouse",
    documentName: "Stores - AG",
    values: { warehouse_name: "Stores", company: "Acme GmbH" },
  },
  "connector-default-customer": {
    doctype: "Customer",
    documentName: "Shopify Customer",
    values: {
      customer_name: "Shopify Customer",
      customer_type: "Individual",
      customer_group: "Shopify",
      territory: "All Territories",
    },
  },
};

const LEDGERS = {
  "connector-account-Bank - AG": { doctype: "Account", documentName: "Bank - AG" },
  "connector-account-Freight - AG": { doctype: "Account", documentName: "Freight - AG" },
  "connector-account-USt 19 % - AG": { doctype: "Account", documentName: "USt 19 % - AG" },
  "connector-account-USt 7 % - AG": { doctype: "Account", documentName: "USt 7 % - AG" },
  "connector-cost-center": { doctype: "Cost Center", documentName: "Main - AG" },
};

const BOOKS = Object.fromEntries(
  booksSettings(customer).map(({ single, ...document }) => [
    `connector-books-${document.documentName}`,
    single ? { ...document, single } : document,
  ]),
);

const SETTING = "connector-shopify-setting";

test("fixtures, ledgers and one Shopify Setting, each account once, all children of the component", async () => {
  const { resources } = await recordResources(build);
  const made = resources.filter(({ name }) => name !== "server");
  expect(made.map(({ type, name, parentType }) => [type, name, parentType]).sort()).toEqual(
    [
      ["erpnext:frappe:ConnectorSettings", "connector", undefined],
      ...[FIXTURES, LEDGERS, BOOKS, { [SETTING]: {} }]
        .flatMap(Object.keys)
        .map((name) => ["pulumi-nodejs:dynamic/frappe:Document", name, "erpnext:frappe:ConnectorSettings"]),
    ].sort(),
  );
});

test.each(Object.entries(FIXTURES))("%s is made where it is missing and never changed", async (name, document) => {
  const { named } = await recordResources(build);
  expect(inputsOf(named(name))).toEqual({ ...REACH, ...document, ifAbsent: true });
});

const LEAF = { company: "Acme GmbH", is_group: 0, disabled: 0 };

test.each(Object.entries(LEDGERS))(
  "%s is only checked: a leaf of the company, in use and in its currency",
  async (name, document) => {
    const { named } = await recordResources(build);
    expect(inputsOf(named(name))).toEqual({
      ...REACH,
      ...document,
      values: {
        ...LEAF,
        ...(document.doctype === "Account" ? { account_currency: "EUR" } : {}),
      },
      expect: true,
    });
  },
);

test.each(Object.entries(BOOKS))("%s is set and kept", async (name, document) => {
  const { named } = await recordResources(build);
  expect(inputsOf(named(name))).toEqual({ ...REACH, ...document });
});

test("our app's setting is saved before the connector is enabled, where the image holds the app", async () => {
  const withApp = { ...argsOf(), customer: { ...customer, erpnext: { ...customer.erpnext, booksApp: true } } };
  const { named } = await recordResources(() => new ConnectorSettings("connector", withApp));
  const document = named("connector-shopify-books-setting");
  expect(inputsOf(document)).toMatchObject({
    doctype: "Shopify Books Setting",
    documentName: "Shopify Books Setting",
    single: true,
    values: { refunds: "draft", book_test_orders: 1 },
  });
  expect(named(SETTING).dependencies).toContain(document.urn);
});

test("Shopify Setting is one document with every field, the managed subscriptions, and secrets by name only", async () => {
  const { named } = await recordResources(build);
  expect(inputsOf(named(SETTING))).toEqual({
    ...REACH,
    doctype: "Shopify Setting",
    documentName: "Shopify Setting",
    single: true,
    values: {
      enable_shopify: 1,
      shopify_url: "acme.myshopify.com",
      webhooks: [{ webhook_id: "1001", method: "orders/paid" }],
      company: "Acme GmbH",
      warehouse: "Stores - AG",
      customer_group: "Shopify",
      default_customer: "Shopify Customer",
      cash_bank_account: "Bank - AG",
      cost_center: "Main - AG",
      sales_order_series: "SO-Shopify-",
      sync_delivery_note: 0,
      delivery_note_series: "DN-Shopify-",
      sync_sales_invoice: 1,
      sales_invoice_series: "SI-Shopify-",
      taxes: [
        { shopify_tax: "DE VAT", tax_account: "USt 19 % - AG" },
        { shopify_tax: "DE VAT reduced", tax_account: "USt 7 % - AG" },
      ],
      default_sales_tax_account: "USt 19 % - AG",
      default_shipping_charges_account: "Freight - AG",
      add_shipping_as_item: 0,
      upload_erpnext_items: 0,
      update_erpnext_stock_levels_to_shopify: 0,
      is_old_data_migrated: 1,
    },
    secretValues: { password: "shopifyAdminToken", shared_secret: "shopifyApiSecret" },
  });
});

test("a Dev-Dashboard app's token is left to the server", async () => {
  const shopify = { ...customer.shopify, app: "dev-dashboard" as const };
  const { named } = await recordResources(
    () => new ConnectorSettings("connector", { ...argsOf(), customer: { ...customer, shopify } }),
  );
  expect(named(SETTING).inputs["secretValues"]).toEqual({ shared_secret: "shopifyApiSecret" });
});

test("the connector is enabled after every fixture, every ledger check and every setting of the books, the customer after its group", async () => {
  const { named } = await recordResources(build);
  const before = [FIXTURES, LEDGERS, BOOKS].flatMap(Object.keys).map((name) => named(name).urn);
  expect([...named(SETTING).dependencies].sort()).toEqual(before.sort());
  expect(named("connector-default-customer").dependencies).toEqual([named("connector-customer-group").urn]);
});

test("no document is sent before what the component waits for", async () => {
  const { resources } = await recordResources(() => {
    const server = new Server(new Promise((resolve) => setTimeout(resolve, 20, true)));
    return new ConnectorSettings("connector", argsOf(server), { dependsOn: [server] });
  });
  expect(resources.map(({ name }) => name).indexOf("server")).toBe(0);
});

test("no document is asked to delete itself from a server that goes", async () => {
  const deletedWith: string[] = [];
  const { resources, named } = await recordResources(() => {
    hearDeletedWith(deletedWith);
    return build();
  });
  const documents = resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/frappe:Document");
  expect(deletedWith).toEqual(documents.map(() => named("server").urn));
});

test("the one secret among the inputs is Access's, and it is marked as one everywhere", async () => {
  const { resources } = await recordResources(build);
  const secrets = resources.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, value]) => value instanceof Secret),
  );
  expect(new Set(secrets.map(([field]) => field))).toEqual(new Set(["accessClientSecret"]));
  const unmarked = resources.map(({ inputs }) =>
    Object.entries(inputs).filter(([, value]) => !(value instanceof Secret)),
  );
  expect(JSON.stringify(unmarked)).not.toContain("canary");
});

test("where no Access stands before ERPNext no token is sent, and a stand-in's address is", async () => {
  const { named } = await recordResources(
    () => new ConnectorSettings("connector", { ...openArgs(), apiUrl: "http://127.0.0.1:9" }),
  );
  expect(inputsOf(named("connector-cost-center"))).toEqual({
    customer: "acme",
    siteUrl: "https://erp.example.com",
    apiUrl: "http://127.0.0.1:9",
    ...LEDGERS["connector-cost-center"],
    values: LEAF,
    expect: true,
  });
});

test("the output is the setting's id", async () => {
  const { result, resources, outputs } = await recordResources(build);
  const component = resources.find(({ name }) => name === "connector");
  expect(await valueOf(result.settingId)).toBe(`${SETTING}-id`);
  expect(outputs.get(component!.urn)).toEqual({ settingId: `${SETTING}-id` });
});

/** The inputs without the source text that Pulumi's dynamic provider host evaluates. */
function inputsOf({ inputs }: RecordedResource) {
  return Object.fromEntries(Object.entries(inputs).filter(([field]) => field !== "__provider"));
}

/** Notes the resource whose deletion takes each registered one along, which the recording leaves out. */
function hearDeletedWith(heard: string[]): void {
  interface Request {
    getDeletedwith(): string;
  }
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, done: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    if (request.getDeletedwith() !== "") heard.push(request.getDeletedwith());
    return register(request, done);
  };
}
