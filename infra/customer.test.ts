import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../core/user-error";
import { readCustomer } from "./customer";
import { demoCustomer } from "./testing/demo-customer";

const EXAMPLE = join(__dirname, "../customers/demo-store.yaml");

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "customer-"));
  directory = join(root, "customers");
  mkdirSync(directory);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What reading demo-store says when its file is the example with these texts replaced. */
function refusal(...replacements: readonly (readonly [string, string])[]): unknown {
  let text = readFileSync(EXAMPLE, "utf8");
  for (const [from, to] of replacements) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(join(directory, "demo-store.yaml"), text);
  return thrownBy(() => readCustomer("demo-store", directory));
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("the customer of a stack is the file of its name", () => {
  expect(readCustomer("demo-store", join(__dirname, "../customers"))).toEqual(demoCustomer());
});

test("one fault is one", () => {
  const error = refusal(["currency: EUR", "currency: Euro"]);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatchInlineSnapshot(`
    "customers/demo-store.yaml has a fault for customer "demo-store": fix the problems below and run again; nothing was changed
      - "company.currency" is "Euro", which is not a currency of ISO 4217: write for example "EUR"."
  `);
});

test("several faults come at once, in the order of the file", () => {
  const error = refusal(
    ["currency: EUR", "currency: Euro"],
    ['imageTag: "1.0"', "imageTag: latest"],
    ["zone: europe-west3-a", "zone: europe-west1-b"],
  );
  expect((error as UserError).message).toMatchInlineSnapshot(`
    "customers/demo-store.yaml has 3 faults for customer "demo-store": fix the problems below and run again; nothing was changed
      - "company.currency" is "Euro", which is not a currency of ISO 4217: write for example "EUR"
      - "erpnext.imageTag" is "latest", which is a moving tag, where a release must name one build for good: write for example "1.0"
      - "gcp.zone" is "europe-west1-b", which is not a zone of the region "europe-west3": write for example "europe-west3-a"."
  `);
});

test("a stack without a file is one fault", () => {
  const error = thrownBy(() => readCustomer("missing", directory));
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatchInlineSnapshot(`
    "customers/missing.yaml has a fault for customer "missing": fix the problems below and run again; nothing was changed
      - customers/missing.yaml does not exist, there are no customers there: write it."
  `);
});
