import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";

import { parseCustomer } from "../../customers/parse";
import type { Customer } from "../../customers/schema";

const EXAMPLE = join(__dirname, "../../customers/demo-store.yaml");

/** The documented example, edited as an operator would, and still a customer that the schema takes. */
export function demoCustomer(edit: (file: Document) => void = () => undefined): Customer {
  const file = parseDocument(readFileSync(EXAMPLE, "utf8"));
  edit(file);
  const parsed = parseCustomer(file.toJS(), "demo-store");
  if (!parsed.ok) throw new Error(parsed.faults.join("\n"));
  return parsed.customer;
}

/** The same store in production, with a Dev-Dashboard app and a last backup. */
export function productionCustomer(): Customer {
  return demoCustomer((file) => {
    file.set("environment", "production");
    file.delete("expiresOn");
    file.setIn(["shopify", "app"], "dev-dashboard");
    file.setIn(["operations", "finalBackup"], true);
    file.setIn(["erpnext", "baseImages"], { build: digest("b"), base: digest("c") });
  });
}

/** A digest of the right form, of one digit. */
function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}
