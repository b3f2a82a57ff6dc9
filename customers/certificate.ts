import type { Customer } from "./schema";

/** Who signs the certificate of a customer's hook host. */
export type Certificate = "trusted" | "staging";

/** What the file says, else Let's Encrypt's staging for a test customer: the limits of the real one can lock a name out for a week. */
export function certificateOf({ environment, operations }: Pick<Customer, "environment" | "operations">): Certificate {
  return operations.certificate ?? (environment === "production" ? "trusted" : "staging");
}
