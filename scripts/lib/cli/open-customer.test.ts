import { readCustomer } from "../../../infra/customer";
import { exampleOutputs } from "../testing/example-outputs";
import {
  hookDoorOf,
  PROJECT_DIRECTORY,
  reached,
  refuseDisagreement,
  refuseWrongShop,
  requireUp,
} from "./open-customer";

const customer = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);

it.each([
  ["shopDomain", "other.myshopify.com", "shopify.shopDomain", "demo-store.myshopify.com"],
  ["project", "other-project", "gcp.project", "demo-store-erpnext"],
  ["environment", "production", "environment", "test"],
] as const)("refuses a file whose %s is not the stack's", (...row) => {
  const [output, value, field, inFile] = row;
  expect(() => {
    refuseDisagreement(customer, exampleOutputs({ [output]: value }));
  }).toThrow(
    `"${field}" is "${inFile}" in the customer's file and "${value}" in the running stack for customer "demo-store": ` +
      `put "${value}" back into the file, or run "pulumi up -s demo-store" so that both agree.`,
  );
});

it("takes a file that says what the stack is", () => {
  expect(() => {
    refuseDisagreement(customer, exampleOutputs());
  }).not.toThrow();
});

it("refuses credentials that work for another shop", async () => {
  const shopify = (myshopifyDomain: string) => ({ query: jest.fn().mockResolvedValue({ shop: { myshopifyDomain } }) });
  await expect(refuseWrongShop({ customer, shopify: shopify("demo-store.myshopify.com") })).resolves.toBeUndefined();
  await expect(refuseWrongShop({ customer, shopify: shopify("other.myshopify.com") })).rejects.toThrow(
    `the stack's Shopify credentials belong to the shop "other.myshopify.com", not to "demo-store.myshopify.com" for customer "demo-store": ` +
      `set those of an app in "demo-store.myshopify.com" with "pulumi config set --secret shopifyAdminToken -s demo-store".`,
  );
});

it("tells a stack that is not there, one that is not up and one that is half up apart", () => {
  const state = { config: {}, secretKeys: [], outputs: undefined };
  expect(() => requireUp("acme", undefined)).toThrow('there is no stack for customer "acme": run "pulumi up -s acme"');
  expect(() => requireUp("acme", { ...state, partialOutputs: {} })).toThrow("the stack is not up");
  expect(() => requireUp("acme", { ...state, partialOutputs: { uiUrl: "" } })).toThrow("only 1 of its outputs");
  const up = { ...state, partialOutputs: {}, outputs: exampleOutputs() };
  expect(requireUp("acme", up)).toEqual(up);
});

it("keeps the path and the real host when a stack is reached elsewhere", () => {
  expect(reached("https://hooks.acme.example/healthz", undefined)).toEqual({
    url: new URL("https://hooks.acme.example/healthz"),
    host: "hooks.acme.example",
  });
  expect(reached("https://hooks.acme.example/healthz", "https://127.0.0.1:8443")).toEqual({
    url: new URL("https://127.0.0.1:8443/healthz"),
    host: "hooks.acme.example",
  });
});

it("takes any certificate of a hook host whose certificate is of the staging directory, and of no other", () => {
  const address = "https://hooks.acme.example/healthz";
  const trusted = { ...customer, operations: { ...customer.operations, certificate: "trusted" as const } };
  expect(hookDoorOf(customer, address, undefined)).toEqual({ ...reached(address, undefined), anyCertificate: true });
  expect(hookDoorOf(trusted, address, undefined).anyCertificate).toBe(false);
});
