import { exampleOutputs } from "../testing/example-outputs";
import { stateOf } from "./stack-state";

const outputs = Object.fromEntries(
  Object.entries(exampleOutputs()).map(([key, value]) => [key, { value, secret: false }]),
);

it("names the project's own keys without its prefix, and says which are secret", () => {
  const state = stateOf(
    {
      "erpnext:shopifyApiSecret": { value: "shpss_1", secret: true },
      "erpnext:shopifyApiUrl": { value: "http://127.0.0.1:1", secret: false },
      "cloudflare:apiToken": { value: "cf", secret: true },
    },
    outputs,
  );
  expect(state.config).toEqual({
    shopifyApiSecret: "shpss_1",
    shopifyApiUrl: "http://127.0.0.1:1",
    "cloudflare:apiToken": "cf",
  });
  expect(state.secretKeys).toEqual(["shopifyApiSecret", "cloudflare:apiToken"]);
  expect(state.outputs).toEqual(exampleOutputs());
});

it("has no outputs while they are not all there, and keeps those that are", () => {
  const rest = Object.fromEntries(Object.entries(outputs).filter(([key]) => key !== "webhookUrl"));
  const state = stateOf({}, rest);
  expect(state.outputs).toBeUndefined();
  expect(Object.keys(state.partialOutputs)).toHaveLength(Object.keys(outputs).length - 1);
  expect(stateOf({}, {}).partialOutputs).toEqual({});
});
