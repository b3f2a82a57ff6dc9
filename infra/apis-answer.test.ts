import { apisAnswer } from "./apis-answer";
import { awaitApis, type ApiWait } from "./await-apis";
import { demoCustomer } from "./testing/demo-customer";

jest.mock("./await-apis", () => ({
  API_WAIT: {},
  awaitApis: jest.fn(() => Promise.resolve()),
  rightsWarning: () => Promise.resolve(undefined),
}));

test.each([
  ["https", false],
  ["pubsub", true],
] as const)("with delivery by %s, Pub/Sub's API is waited for: %s", async (delivery, waited) => {
  const customer = demoCustomer();
  await apisAnswer({ ...customer, shopify: { ...customer.shopify, delivery } })("token");
  const [wait] = jest.mocked(awaitApis).mock.lastCall as [ApiWait];
  expect(wait.apis.includes("pubsub")).toBe(waited);
  expect(wait.apis).toContain("compute");
});
