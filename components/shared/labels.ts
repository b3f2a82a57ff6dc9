import type { Customer } from "../../customers/schema";
import { UserError } from "../../core/user-error";

/** Google Cloud's rule for label values; keys obey it too and begin with a letter. */
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;

/** Labels of everything that can carry them: who it belongs to, and for test stacks when it may be swept away. */
export type CustomerLabels = Readonly<Record<string, string>>;

/**
 * The labels of one customer's resources. `expires-on` (YYYY-MM-DD) is there for test stacks only: the sweeper finds
 * leftovers by it.
 */
export function customerLabels(customer: Pick<Customer, "slug" | "environment" | "expiresOn">): CustomerLabels {
  const labels: Record<string, string> = {
    customer: customer.slug,
    environment: customer.environment,
    ...(customer.expiresOn === undefined ? {} : { "expires-on": customer.expiresOn }),
    "managed-by": "pulumi",
  };
  for (const [key, value] of Object.entries(labels)) {
    if (!LABEL_VALUE.test(value)) throw unlabelled(customer.slug, key, value);
  }
  return labels;
}

function unlabelled(customer: string, key: string, value: string): UserError {
  return new UserError({
    what: `label "${key}" cannot hold "${value}"`,
    customer,
    next: "use at most 63 lower case letters, digits, hyphens and underscores",
  });
}
