import { readdirSync } from "node:fs";
import { join } from "node:path";

import { knownSlugs, loadCustomer } from "./load";

const EXAMPLES = join(__dirname, "../examples");

test("there are three examples, and nothing else in their folder", () => {
  expect(knownSlugs(EXAMPLES)).toEqual(["dev-dashboard-store", "production-store", "test-store"]);
  expect(readdirSync(EXAMPLES)).toHaveLength(3);
});

test.each(knownSlugs(EXAMPLES))("%s is a customer", (slug) => {
  const loaded = loadCustomer(slug, EXAMPLES);
  expect(loaded.ok ? [] : loaded.faults).toEqual([]);
});

test("they show both kinds of app, and both environments", () => {
  const kinds = knownSlugs(EXAMPLES).flatMap((slug) => {
    const loaded = loadCustomer(slug, EXAMPLES);
    return loaded.ok ? [[loaded.customer.environment, loaded.customer.shopify.app]] : [];
  });
  expect(kinds).toEqual([
    ["test", "dev-dashboard"],
    ["production", "custom"],
    ["test", "custom"],
  ]);
});
