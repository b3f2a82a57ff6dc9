import { readFileSync, statSync } from "node:fs";

import { MAX_DELIVERY_BYTES } from "../../../core/delivery-limit";
import { UserError } from "../../../core/user-error";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { readStack } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";
import { progressTo } from "../../../tools/progress";

/** A captured body, byte for byte. @throws UserError */
export function readBody(file: string, customer: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size <= MAX_DELIVERY_BYTES) return readFileSync(file);
    throw new UserError({
      what: `${file} has ${size} bytes, and the door takes ${MAX_DELIVERY_BYTES}`,
      customer,
      next: "name the file with the raw body of one delivery",
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError({
      what: `${file} cannot be read (${error instanceof Error ? error.message : String(error)})`,
      customer,
      next: "name the file with the raw body, as it came over the wire",
    });
  }
}

/** What the customer's stack checks signatures with. */
export interface SigningSecrets {
  readonly secret: string;
  /** The older one, while the app's secret is rotated. */
  readonly previous: string | undefined;
}

/** The secrets of the customer's stack, which need not be up for this. @throws UserError */
export async function stackSecrets(slug: string, terminal: Terminal): Promise<SigningSecrets> {
  const state = await readStack({ slug, directory: PROJECT_DIRECTORY }, progressTo(process.stderr));
  const { shopifyApiSecret: secret = "", shopifyApiSecretPrevious: previous = "" } = state?.config ?? {};
  terminal.hide(secret);
  terminal.hide(previous);
  if (secret !== "") return { secret, previous: previous === "" ? undefined : previous };
  throw new UserError({
    what: state === undefined ? "there is no stack" : 'the stack has no value for "shopifyApiSecret"',
    customer: slug,
    next: `run "pulumi config set --secret shopifyApiSecret -s ${slug}"`,
  });
}
