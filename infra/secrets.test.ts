import * as pulumi from "@pulumi/pulumi";

import { valueOf } from "../components/testing/value-of";
import { readSecrets, type StackSecrets } from "./secrets";
import { demoCustomer } from "./testing/demo-customer";

const CUSTOM = demoCustomer();
const DEV_DASHBOARD = demoCustomer((file) => {
  file.setIn(["shopify", "app"], "dev-dashboard");
});

const COMMON = {
  "erpnext:shopifyApiSecret": "api-secret",
  "erpnext:automationApiKey": "automation-key",
  "erpnext:automationApiSecret": "automation-secret",
  "erpnext:databaseRootPassword": "root-password",
  "erpnext:administratorPassword": "administrator-password",
};
const TOKEN = { "erpnext:shopifyAdminToken": "admin-token" };
const CLIENT_ID = { "erpnext:shopifyClientId": "client-id" };

/** Reads the secrets of a stack that has this configuration. */
function read(config: Record<string, string>, customer = CUSTOM): StackSecrets {
  pulumi.runtime.setAllConfig(config);
  return readSecrets(customer, new pulumi.Config("erpnext"), new pulumi.Config("cloudflare"));
}

test("a custom app's secrets, each under the name of its consumer and secret", async () => {
  const secrets = read({ ...COMMON, ...TOKEN, "cloudflare:apiToken": "cloudflare-token" });
  expect(await valueOf({ ...secrets })).toEqual({
    shopifyApiSecret: "api-secret",
    shopifyAdminToken: "admin-token",
    shopifyClientId: undefined,
    automationApiKey: "automation-key",
    automationApiSecret: "automation-secret",
    databaseRootPassword: "root-password",
    administratorPassword: "administrator-password",
    cloudflareApiToken: "cloudflare-token",
  });
  const outputs = Object.entries(secrets).filter(([, value]) => value !== undefined);
  const open = await Promise.all(
    outputs.map(async ([name, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [] : [name])),
  );
  expect(open.flat()).toEqual([]);
});

test("a Dev-Dashboard app has a client id, which is no secret, and no token, even where an old one is left", async () => {
  const secrets = read({ ...COMMON, ...TOKEN, ...CLIENT_ID }, DEV_DASHBOARD);
  expect(secrets.shopifyClientId).toBe("client-id");
  expect(secrets.shopifyAdminToken).toBeUndefined();
  expect(await valueOf(secrets.shopifyApiSecret)).toBe("api-secret");
});

test("without a token for Cloudflare in the stack, its provider looks in the environment itself", () => {
  expect(read({ ...COMMON, ...TOKEN }).cloudflareApiToken).toBeUndefined();
});

test.each([
  ["the older secret of a rotation", "older-secret", "older-secret"],
  ["an empty one, which does not count", " ", undefined],
])("%s", async (_title, value, expected) => {
  const { shopifyApiSecretPrevious } = read({ ...COMMON, ...TOKEN, "erpnext:shopifyApiSecretPrevious": value });
  expect(await valueOf({ shopifyApiSecretPrevious })).toEqual({ shopifyApiSecretPrevious: expected });
  if (shopifyApiSecretPrevious !== undefined) expect(await pulumi.isSecret(shopifyApiSecretPrevious)).toBe(true);
});

describe("what is missing is named all at once, with the commands that set it", () => {
  const ALL = [
    "shopifyApiSecret",
    "automationApiKey",
    "automationApiSecret",
    "databaseRootPassword",
    "administratorPassword",
    "shopifyAdminToken",
  ];
  const commands = ALL.map((key) => `"pulumi config set --secret ${key} -s demo-store"`);

  test.each([
    {
      what: "everything, for a custom app",
      config: {},
      customer: CUSTOM,
      message: `the stack has no value for ${ALL.map((key) => `"${key}"`).join(", ")} for customer "demo-store": run ${commands.join(" and ")}.`,
    },
    {
      what: "the token of a custom app, for which a client id will not do",
      config: { ...COMMON, ...CLIENT_ID },
      customer: CUSTOM,
      message:
        'the stack has no value for "shopifyAdminToken" for customer "demo-store": run "pulumi config set --secret shopifyAdminToken -s demo-store".',
    },
    {
      what: "the client id of a Dev-Dashboard app, for which a token will not do",
      config: { ...COMMON, ...TOKEN },
      customer: DEV_DASHBOARD,
      message:
        'the stack has no value for "shopifyClientId" for customer "demo-store": run "pulumi config set shopifyClientId -s demo-store".',
    },
  ])("$what", ({ config, customer, message }) => {
    expect(() => read(config, customer)).toThrow(new Error(message));
  });

  test.each(["", "  "])("an empty value (%j) does not count", (value) => {
    expect(() => read({ ...COMMON, "erpnext:shopifyAdminToken": value })).toThrow(
      'the stack has no value for "shopifyAdminToken" for customer "demo-store"',
    );
  });
});
