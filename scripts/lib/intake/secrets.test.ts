import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { explainShopify } from "./explain-shopify";
import { plainConfig } from "./plain-config";
import { generatedSecrets, givenCredentials } from "./secrets";

function file(text: string, mode: number): string {
  const path = join(mkdtempSync(join(tmpdir(), "secret-")), "value");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const given = (files: readonly string[], environment = {}): unknown => givenCredentials({ environment, files });

it("takes a credential from a file before the environment's", () => {
  const path = file("from-the-file\n", 0o600);
  expect(given([`shopifyApiSecret=${path}`], { SHOPIFY_API_SECRET: "other", CLOUDFLARE_API_TOKEN: " cf " })).toEqual({
    shopifyApiSecret: "from-the-file",
    "cloudflare:apiToken": "cf",
  });
});

it.each([
  ["a file that the group may read", () => `shopifyApiSecret=${file("x", 0o640)}`, /mode 0640\): run "chmod 600/],
  ["a file that is not there", () => "shopifyApiSecret=/nowhere", /is not there: correct the path/],
  ["a file that holds much more", () => `shopifyApiSecret=${file("x".repeat(5000), 0o600)}`, /has 5000 bytes/],
  ["a file without a value", () => `shopifyApiSecret=${file("\n", 0o600)}`, /"shopifyApiSecret" is empty/],
  ["a file with two values", () => `shopifyApiSecret=${file("a b", 0o600)}`, /has blanks in it/],
  ["an unknown key", () => `databaseRootPassword=${file("x", 0o600)}`, /does not start with a known key/],
])("refuses %s", (_what, argument, message) => {
  expect(() => given([argument()])).toThrow(message);
});

it("shows nothing of an argument that may be a secret itself", () => {
  expect(() => given(["canary-0123456789"])).toThrow(expect.not.stringContaining("canary") as never);
  expect(() => plainConfig(["shopifyApiSecret=canary-0123456789"])).toThrow(
    '"shopifyApiSecret" is not one of their keys',
  );
});

it("makes up what is not there, again each time, and nothing else", () => {
  const made = generatedSecrets({ databaseRootPassword: "kept", administratorPassword: " " });
  expect(Object.keys(made)).toEqual(["automationApiKey", "automationApiSecret", "administratorPassword"]);
  expect(made["automationApiKey"]).toMatch(/^[0-9a-f]{32}$/);
  expect(generatedSecrets({})["automationApiKey"]).not.toBe(made["automationApiKey"]);
});

it("takes addresses as plain configuration, and nothing else", () => {
  const given = ["registryUrl=http://127.0.0.1:1", "gcp:computeCustomEndpoint=https://a.example/v1/"];
  expect(plainConfig(given)).toEqual({
    registryUrl: "http://127.0.0.1:1",
    "gcp:computeCustomEndpoint": "https://a.example/v1/",
  });
  expect(() => plainConfig(["hookUrl=ftp://a"])).toThrow('"--config hookUrl" has no http address');
  expect(() => plainConfig(["hookUrl=https://me:pw@a"])).toThrow('"--config hookUrl" has no http address');
});

it("explains every scope and both kinds of app", () => {
  const text = explainShopify();
  for (const word of [
    ...["read_products", "read_orders", "read_customers", "read_inventory", "read_all_orders", "60 days"],
    ...[
      'kind "dev-dashboard"',
      'kind "custom"',
      "shop_not_permitted",
      "custom distribution",
      "protected customer data",
    ],
    ...["1 January 2026", "Client ID", "Reveal token once", "API secret key"],
  ]) {
    expect(text).toContain(word);
  }
  expect(text.split("\n").filter((line) => line.length > 130)).toEqual([]);
});
