import { UserError } from "../core/user-error";
import { loadCustomer } from "../customers/load";
import type { Customer } from "../customers/schema";

/**
 * The customer of a stack; the stack's name is the customer's slug.
 * @throws UserError with every fault of the intake file at once.
 */
export function readCustomer(stack: string, directory: string): Customer {
  const loaded = loadCustomer(stack, directory);
  if (loaded.ok) {
    return loaded.customer;
  }
  const faults = loaded.faults.map((fault) => `\n  - ${fault}`).join("");
  const what = loaded.faults.length === 1 ? "a fault" : `${loaded.faults.length} faults`;
  throw new UserError({
    what: `customers/${stack}.yaml has ${what}`,
    customer: stack,
    next: `fix the problems below and run again; nothing was changed${faults}`,
  });
}
