import { readCustomer } from "../../../infra/customer";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { exampleOutputs } from "../testing/example-outputs";
import { refuseProduction } from "./run";

const customer = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);

it.each([
  ["production", "production"],
  ["test", "production"],
  ["production", "test"],
] as const)("refuses a file that says %s and a stack that says %s", (file, stack) => {
  const outputs = exampleOutputs({ environment: stack });
  expect(() => {
    refuseProduction({ customer: { ...customer, environment: file }, outputs });
  }).toThrow('the "environment" is "production", and this makes orders and books them for customer "demo-store"');
});

it("takes a test store", () => {
  expect(() => {
    refuseProduction({ customer, outputs: exampleOutputs() });
  }).not.toThrow();
});
