import { ClientError } from "../../clients/http";
import { redact } from "../../core/secrets";
import { UserError } from "../../core/user-error";

/** The customer that a failure concerns, and the secrets to mask in its message. */
export interface Concern {
  readonly customer: string;
  readonly secrets?: readonly string[];
}

/** Runs a provider's work so that a failure of Shopify or Frappe reaches the operator as one sentence. @throws UserError */
export async function explained<T>({ customer, secrets = [] }: Concern, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new UserError({ what: redact(error.what, secrets), customer, next: redact(error.next, secrets) });
  }
}
