import { z } from "zod";
import { loadCustomer } from "../load";
import { parseCustomer } from "../parse";
import type { Customer } from "../schema";

/** Every sentence with which a shape refuses a value that stands in the field "field"; empty where it accepts it. */
export function refusals(shape: z.ZodType, value: unknown): readonly string[] {
  const parsed = z.strictObject({ field: shape }).safeParse({ field: value });
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

/** The demo store as data that a test may change. */
export function demoStore(): Customer {
  const loaded = loadCustomer("demo-store", `${__dirname}/..`);
  if (!loaded.ok) throw new Error(loaded.faults.join("\n"));
  return loaded.customer;
}

/** A part of a customer as the plain data that it comes from, so that a test can put anything there. */
export function untyped(part: object): Record<string, unknown> {
  return part as Record<string, unknown>;
}

/** The faults of the demo store after a change; empty where it is still a customer. */
export function faultsAfter(change: (customer: Customer) => void): readonly string[] {
  const customer = demoStore();
  change(customer);
  const parsed = parseCustomer(customer, "demo-store");
  return parsed.ok ? [] : parsed.faults;
}
