import { secret } from "@pulumi/pulumi";

import { FrappeError, type FrappeClientOptions } from "../../clients/frappe";
import { recordResources, Secret } from "../testing/record-resources";
import { UserError } from "../../core/user-error";
import { FrappeDocument } from "./frappe-document";
import { createProvider } from "./frappe-document.provider";
import { providerSource } from "./lazy-provider";
import { FakeSite } from "./testing/fake-site";
import { configured } from "./testing/stack-config";

const TOKEN = "shpat_canary000000000000000000000001";
const SECRET = "shpss_canary00000000000000000000002";
const CONFIG = {
  automationApiKey: "key0001",
  automationApiSecret: "secret0002",
  shopifyAdminToken: TOKEN,
  shopifyApiSecret: SECRET,
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const PLACE = { siteUrl: "https://erp.acme.example", customer: "acme", __provider: "source" };
const UOM = { ...PLACE, doctype: "UOM", documentName: "Kg", values: { uom_name: "Kg", must_be_whole_number: 0 } };
const SETTING = {
  ...PLACE,
  doctype: "Shopify Setting",
  documentName: "Shopify Setting",
  single: true,
  values: { enable_shopify: true, warehouse: "Stores - A", webhooks: [{ webhook_id: "7", method: "orders/create" }] },
  secretValues: { password: "shopifyAdminToken", shared_secret: "shopifyApiSecret" },
};

let site: FakeSite;
let opened: FrappeClientOptions[];
beforeEach(() => {
  site = new FakeSite();
  opened = [];
});

function provide(config: Readonly<Record<string, string>> = CONFIG) {
  const made = createProvider((options) => {
    opened.push(options);
    return site;
  });
  return configured(made, config);
}

type Provider = ReturnType<typeof provide>;
type Inputs = Parameters<Provider["create"]>[0];
type State = Parameters<Provider["delete"]>[1];

/** What Pulumi does for a new resource: check, then create with the checked inputs. */
async function up(inputs: Inputs, config = CONFIG): Promise<State> {
  const { inputs: news, failures } = await provide(config).check(inputs, inputs);
  expect(failures).toEqual([]);
  const { id, outs } = await provide(config).create(news!);
  expect(id).toBe(`${inputs.doctype}/${inputs.documentName}`);
  return outs!;
}

/** What Pulumi does for a known resource: check, diff, and update where there are changes. */
async function upAgain(olds: State, inputs: Inputs, config = CONFIG): Promise<State | "unchanged"> {
  const { inputs: news } = await provide(config).check(inputs, inputs);
  const { changes } = await provide(config).diff("id", olds, news!);
  return changes === true ? (await provide(config).update("id", olds, news!)).outs! : "unchanged";
}

async function failure(
  promise: Promise<unknown>,
): Promise<UserError & { id?: string; properties?: State; reasons?: string[] }> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${String(error)}`);
  expect(JSON.stringify([error.message, error.stack, error])).not.toMatch(/canary/);
  return error;
}

describe("the resource", () => {
  test("passes the inputs to its provider, with Access's secret marked as one", async () => {
    const { named } = await recordResources(
      () => new FrappeDocument("setting", { ...SETTING, accessClientId: "id", accessClientSecret: "plain" }),
    );
    const { type, inputs } = named("setting");
    expect(type).toBe("pulumi-nodejs:dynamic/frappe:Document");
    expect(inputs).toEqual({
      ...SETTING,
      accessClientId: "id",
      accessClientSecret: new Secret("plain"),
      __provider: providerSource("frappe-document"),
    });
  });

  test("takes a secret that is marked already", async () => {
    const { named } = await recordResources(
      () => new FrappeDocument("uom", { ...UOM, accessClientId: "id", accessClientSecret: secret("marked") }),
    );
    expect(named("uom").inputs["accessClientSecret"]).toEqual(new Secret("marked"));
  });
});

describe("check", () => {
  test("adds a digest of every secret, and no secret", async () => {
    const { inputs } = await provide().check(SETTING, SETTING);
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    expect(inputs).toEqual({ ...SETTING, secretDigests: { password: digest, shared_secret: digest } });
    expect(JSON.stringify(inputs)).not.toMatch(/canary/);
    expect(opened).toEqual([]);
  });

  test.each([
    {
      what: "a secret that is not configured",
      config: { shopifyAdminToken: TOKEN },
      property: "secretValues",
      reason: `"secretValues" names "shopifyApiSecret", which the stack's configuration does not hold`,
    },
    {
      what: "a secret among the values",
      change: { values: { password: "x" } },
      property: "values",
      reason: '"values" holds "password", which is a secret field',
    },
    {
      what: "a Single under another name",
      change: { documentName: "X" },
      property: "documentName",
      reason: `"documentName" is "X", but a Single has its doctype's name, "Shopify Setting"`,
    },
    {
      what: "two modes at once",
      change: { ifAbsent: true, expect: true },
      property: "expect",
      reason: '"expect" cannot go together with "ifAbsent"',
    },
  ])("refuses $what", async ({ config = CONFIG, change = {}, property, reason }) => {
    const { failures } = await provide(config).check(SETTING, { ...SETTING, ...change });
    expect(failures).toEqual([{ property, reason }]);
  });
});

describe("create", () => {
  test("makes what is absent", async () => {
    expect(await up(UOM)).toEqual({ ...UOM, secretDigests: {}, createdHere: true });
    expect(site.writes).toEqual([["insert", "UOM/Kg", { uom_name: "Kg", must_be_whole_number: 0, name: "Kg" }]]);
  });

  test("adopts what is present and writes what differs", async () => {
    site.documents.set("UOM/Kg", { uom_name: "Kg", must_be_whole_number: 1, enabled: 1 });
    expect((await up(UOM)).createdHere).toBe(false);
    expect(site.writes).toEqual([["update", "UOM/Kg", { must_be_whole_number: 0 }]]);
  });

  test("writes nothing where nothing differs", async () => {
    site.documents.set("UOM/Kg", { uom_name: "Kg", must_be_whole_number: null });
    expect((await up(UOM)).createdHere).toBe(false);
    expect(site.writes).toEqual([]);
  });

  test.each([
    [
      { doctype: "Warehouse", documentName: "Stores - A", ifAbsent: true },
      { is_group: 1 },
      'Warehouse "Stores - A" is a group',
    ],
    [
      { doctype: "Account", documentName: "Bank - A", expect: true },
      { freeze_account: "Yes" },
      'Account "Bank - A" is frozen',
    ],
  ])("refuses what ERPNext would not book on: %j with %j", async (...[place, fields, what]) => {
    site.documents.set(`${place.doctype}/${place.documentName}`, fields);
    expect((await failure(up({ ...UOM, ...place, values: {} }))).message).toBe(
      `${what} for customer "acme": correct it in ERPNext or name another one in the customer's file.`,
    );
    expect(site.writes).toEqual([]);
  });

  test("saves a Single once, with its secrets, and keeps digests of them only", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", { enable_shopify: 0 });
    const state = await up(SETTING);
    expect(site.writes).toEqual([
      ["update", "Shopify Setting/Shopify Setting", { ...SETTING.values, password: TOKEN, shared_secret: SECRET }],
    ]);
    expect(state.createdHere).toBe(false);
    expect(JSON.stringify(state)).not.toMatch(/canary/);
  });

  test("does not make a Single that no app brings", async () => {
    expect((await failure(up(SETTING))).message).toBe(
      'the site has no "Shopify Setting" for customer "acme": check that the app it belongs to is in the image and installed on the site.',
    );
    expect(site.writes).toEqual([]);
  });

  test("takes key and stand-in's address from the configuration, and passes Access", async () => {
    const config = { ...CONFIG, frappeApiUrl: "http://127.0.0.1:1" };
    await up({ ...UOM, apiUrl: "http://127.0.0.1:2", accessClientId: "id", accessClientSecret: "s" }, config);
    expect(opened).toEqual([
      {
        siteUrl: "https://erp.acme.example",
        apiUrl: "http://127.0.0.1:1",
        apiKey: "key0001",
        apiSecret: "secret0002",
        access: { clientId: "id", clientSecret: "s" },
      },
    ]);
  });

  test("names a field that did not stick, and tells Pulumi that the document is there", async () => {
    site.unknownFields = ["uom_nmae", "shared"];
    const inputs = { ...UOM, values: { uom_nmae: "Kg", enabled: 1 } };
    const error = await failure(up(inputs));
    expect(error.message).toBe(
      'UOM "Kg" was saved but does not hold "uom_nmae" for customer "acme": check that the field exists in the installed version of the app and that nothing on the site changes it back.',
    );
    expect(error.id).toBe("UOM/Kg");
    expect(error.reasons).toEqual([error.message]);
    expect(error.properties).toEqual({
      ...inputs,
      values: { uom_nmae: null, enabled: 1 },
      secretDigests: {},
      createdHere: true,
    });
  });

  test("names a secret that did not stick", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", {});
    site.unknownFields = ["password", "shared_secret"];
    expect((await failure(up(SETTING))).message).toMatch(/does not hold "password", "shared_secret" for/);
  });

  test("deletes what Frappe named otherwise", async () => {
    site.naming = () => "CUST-00001";
    const inputs = { ...PLACE, doctype: "Customer", documentName: "Shopify", values: { customer_name: "Shopify" } };
    expect((await failure(up(inputs))).message).toBe(
      'Frappe named the new Customer "CUST-00001" and not "Shopify" (it was deleted again) for customer "acme": write the name in the customer\'s file as Frappe\'s naming rule makes it.',
    );
    expect(site.documents.size).toBe(0);
  });

  test("tells why Frappe refused, for which customer, without secrets", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", {});
    const problem = { what: `erp refused to save "Shopify Setting": echo ${TOKEN} ${SECRET}`, next: "create it" };
    site.failure = new FrappeError({ kind: "refused", status: 417, exception: "LinkValidationError" }, problem);
    expect((await failure(up(SETTING))).message).toBe(
      'erp refused to save "Shopify Setting": echo [secret] [secret] for customer "acme": create it.',
    );
  });
});

describe("a document that is only made where it is missing", () => {
  const inputs = { ...UOM, ifAbsent: true };

  test("is left as it is", async () => {
    site.documents.set("UOM/Kg", { must_be_whole_number: 1 });
    const state = await up(inputs);
    expect(await upAgain(state, { ...inputs, values: { uom_name: "Other" } })).toBe("unchanged");
    expect(await provide().read("UOM/Kg", state)).toEqual({ id: "UOM/Kg", props: state });
    expect([state.createdHere, site.writes]).toEqual([false, []]);
  });

  test("is made, and missed when it goes", async () => {
    const state = await up(inputs);
    expect(state.createdHere).toBe(true);
    site.documents.clear();
    expect(await provide().read("UOM/Kg", state)).toEqual({ id: "" });
  });
});

describe("a document that is only expected", () => {
  const inputs = {
    ...PLACE,
    doctype: "Account",
    documentName: "Cash - A",
    values: { is_group: 0, company: "Acme" },
    expect: true,
  };

  test("is compared and never written", async () => {
    site.documents.set("Account/Cash - A", { is_group: 0, company: "Acme" });
    const state = await up(inputs);
    expect(state.createdHere).toBe(false);
    expect(await upAgain(state, inputs)).toBe("unchanged");
    await provide().delete("Account/Cash - A", state);
    expect(site.writes).toEqual([]);
  });

  test("fails when it is not there or differs, naming every field", async () => {
    expect((await failure(up(inputs))).message).toBe(
      'there is no Account "Cash - A" for customer "acme": correct it in ERPNext or name another one in the customer\'s file.',
    );
    site.documents.set("Account/Cash - A", { is_group: 1 });
    expect((await failure(up(inputs))).message).toBe(
      'Account "Cash - A" has "is_group" 1 instead of 0, "company" null instead of "Acme" for customer "acme": correct it in ERPNext or name another one in the customer\'s file.',
    );
    expect(site.writes).toEqual([]);
  });

  test("is checked again after a refresh found it changed", async () => {
    site.documents.set("Account/Cash - A", { is_group: 0, company: "Acme" });
    const state = await up(inputs);
    site.documents.set("Account/Cash - A", { is_group: 1, company: "Acme" });
    const { props } = await provide().read("Account/Cash - A", state);
    expect(props!.values).toEqual({ is_group: 1, company: "Acme" });
    expect((await failure(upAgain(props!, inputs))).message).toContain('"is_group" 1 instead of 0');
  });
});

describe("diff", () => {
  const diff = async (change: Partial<Inputs>) => {
    const state = await up(UOM);
    const { inputs } = await provide().check(UOM, { ...UOM, ...change });
    return provide().diff("UOM/Kg", state, inputs!);
  };

  test("another doctype or name replaces", async () => {
    expect(await diff({ doctype: "Territory" })).toEqual({ changes: true, replaces: ["doctype"] });
    expect(await diff({ documentName: "Nos" })).toEqual({ changes: true, replaces: ["documentName"] });
  });

  test.each<[string, Partial<Inputs>]>([
    ["a value", { values: { ...UOM.values, must_be_whole_number: 1 } }],
    ["a value that is not known yet", { values: { ...UOM.values, must_be_whole_number: UNKNOWN } }],
    ["a row that is not known yet", { values: { uom_name: "Kg", must_be_whole_number: [{ a: UNKNOWN }] } }],
    ["a new field", { values: { ...UOM.values, enabled: 0 } }],
    ["a field less", { values: { uom_name: "Kg" } }],
    ["the site", { siteUrl: "https://erp2.acme.example" }],
    ["Access's service token", { accessClientId: "id", accessClientSecret: UNKNOWN }],
    ["the mode", { expect: true }],
  ])("%s updates", async (_what, change) => {
    expect(await diff(change)).toEqual({ changes: true, replaces: [] });
  });

  test.each<[string, Partial<Inputs>]>([
    ["nothing", {}],
    ["another notation", { values: { uom_name: "Kg", must_be_whole_number: false } }],
    ["another address of the API", { apiUrl: "http://127.0.0.1:9" }],
    ["a mode that is named and off", { single: false, ifAbsent: false, expect: false }],
  ])("%s is no change", async (_what, change) => {
    expect(await diff(change)).toEqual({ changes: false, replaces: [] });
  });
});

describe("secrets", () => {
  beforeEach(() => site.documents.set("Shopify Setting/Shopify Setting", {}));

  test("are not written again while they are the same", async () => {
    const state = await up(SETTING);
    expect(await upAgain(state, SETTING)).toBe("unchanged");
    await upAgain(state, { ...SETTING, values: { ...SETTING.values, warehouse: "Other - A" } });
    expect(site.writes[1]).toEqual(["update", "Shopify Setting/Shopify Setting", { warehouse: "Other - A" }]);
  });

  test("are written when they were rotated, each alone", async () => {
    const state = await up(SETTING);
    const rotated = { ...CONFIG, shopifyAdminToken: "shpat_canary_rotated" };
    const next = await upAgain(state, SETTING, rotated);
    expect(site.writes[1]).toEqual(["update", "Shopify Setting/Shopify Setting", { password: "shpat_canary_rotated" }]);
    expect(await upAgain(next as State, SETTING, rotated)).toBe("unchanged");
  });

  test("that someone changed are found by a refresh where they can be read or are gone", async () => {
    const state = await up(SETTING);
    const stored = site.documents.get("Shopify Setting/Shopify Setting")!;
    Object.assign(stored, { shared_secret: "someone's", password: null });
    const { props } = await provide().read("Shopify Setting/Shopify Setting", state);
    expect(JSON.stringify(props)).not.toMatch(/someone|canary/);
    await upAgain(props!, SETTING);
    expect(site.writes[1]).toEqual([
      "update",
      "Shopify Setting/Shopify Setting",
      { password: TOKEN, shared_secret: SECRET },
    ]);
  });
});

describe("read", () => {
  test("changes nothing where nothing changed", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", {});
    const state = await up(SETTING);
    const { id, props, inputs } = await provide().read("Shopify Setting/Shopify Setting", state);
    const { createdHere, ...rest } = state;
    expect([id, props, inputs, createdHere]).toEqual(["Shopify Setting/Shopify Setting", state, rest, false]);
  });

  test("shows drift in the managed fields only, which the next update puts right", async () => {
    const state = await up(UOM);
    Object.assign(site.documents.get("UOM/Kg")!, { must_be_whole_number: 1, enabled: 0 });
    const { props, inputs } = await provide().read("UOM/Kg", state);
    expect(props!.values).toEqual({ uom_name: "Kg", must_be_whole_number: 1 });
    expect(inputs!.values).toEqual({ uom_name: "Kg", must_be_whole_number: 1 });
    expect(await upAgain(props!, UOM)).toEqual(state);
    expect(site.writes[1]).toEqual(["update", "UOM/Kg", { must_be_whole_number: 0 }]);
  });

  test("shows rows that were added, and the table is written as a whole", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", {});
    const state = await up(SETTING);
    const stored = site.documents.get("Shopify Setting/Shopify Setting")!;
    (stored["webhooks"] as object[]).push({ webhook_id: "8", method: "orders/paid", idx: 2 });
    const { props } = await provide().read("Shopify Setting/Shopify Setting", state);
    expect(props!.values["webhooks"]).toEqual([
      { webhook_id: "7", method: "orders/create" },
      { webhook_id: "8", method: "orders/paid" },
    ]);
    await upAgain(props!, SETTING);
    expect(site.writes[1]).toEqual([
      "update",
      "Shopify Setting/Shopify Setting",
      { webhooks: SETTING.values.webhooks },
    ]);
  });

  test("misses what is gone, and says what it needs to know", async () => {
    const state = await up(UOM);
    site.documents.clear();
    expect(await provide().read("UOM/Kg", state)).toEqual({ id: "" });
    await expect(provide().read("UOM/Kg", {} as never)).rejects.toThrow("nothing says on which site UOM/Kg is");
  });
});

describe("update", () => {
  test("makes again what is gone without a refresh", async () => {
    site.documents.set("UOM/Kg", UOM.values);
    const adopted = await up(UOM);
    site.documents.clear();
    const made = await upAgain(adopted, { ...UOM, values: { uom_name: "Kg", must_be_whole_number: 1 } });
    expect((made as State).createdHere).toBe(true);
  });

  test("sees to the document on a new site and forgets who made the old one", async () => {
    const state = await up(UOM);
    expect(state.createdHere).toBe(true);
    site.documents.set("UOM/Kg", { ...UOM.values });
    const moved = await upAgain(state, { ...UOM, siteUrl: "https://erp2.acme.example" });
    expect((moved as State).createdHere).toBe(false);
    expect(site.writes.map(([method]) => method)).toEqual(["insert"]);
  });

  test("records a new service token without writing to the site", async () => {
    const state = await up(UOM);
    const next = await upAgain(state, { ...UOM, accessClientId: "id", accessClientSecret: "s" });
    expect(next).toEqual({ ...state, accessClientId: "id", accessClientSecret: "s" });
    expect(site.writes).toHaveLength(1);
  });
});

describe("delete", () => {
  test("deletes what was made here", async () => {
    await provide().delete("UOM/Kg", await up(UOM));
    expect(site.documents.size).toBe(0);
  });

  test("leaves what records point to by now, and says so; any other failure is one", async () => {
    const state = await up(UOM);
    const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const problem = { what: 'erp refused to delete UOM "Kg" (HTTP 417 LinkExistsError): linked', next: "keep it" };
    site.failure = new FrappeError({ kind: "refused", status: 417, exception: "LinkExistsError" }, problem);
    await provide().delete("UOM/Kg", state);
    expect(said.mock.calls).toEqual([[`UOM "Kg" stays in ERPNext for customer "acme": ${problem.what}.\n`]]);
    said.mockRestore();
    site.failure = new FrappeError({ kind: "unauthorized", status: 403 }, problem);
    await expect(provide().delete("UOM/Kg", state)).rejects.toThrow(problem.what);
  });

  test("leaves what was adopted", async () => {
    site.documents.set("UOM/Kg", { ...UOM.values });
    await provide().delete("UOM/Kg", await up(UOM));
    expect(site.documents.size).toBe(1);
  });

  test("never deletes a Single, and makes no request", async () => {
    site.documents.set("Shopify Setting/Shopify Setting", {});
    const state = await up(SETTING);
    opened = [];
    await provide().delete("Shopify Setting/Shopify Setting", { ...state, createdHere: true });
    expect([site.documents.size, opened]).toEqual([1, []]);
  });

  test("needs no secret of the document", async () => {
    const inputs = { ...UOM, secretValues: { password: "shopifyAdminToken" } };
    const state = await up(inputs);
    const { automationApiKey, automationApiSecret } = CONFIG;
    await provide({ automationApiKey, automationApiSecret }).delete("UOM/Kg", state);
    expect(site.documents.size).toBe(0);
  });
});
