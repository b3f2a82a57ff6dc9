import { RunError } from "@pulumi/pulumi/errors";

import { UserError } from "../../core/user-error";

/** What Cloudflare says of an account's Zero Trust organization. */
interface Organization {
  /** For example "agency.cloudflareaccess.com". */
  readonly authDomain: string;
}

/**
 * Who issues the tokens of Cloudflare Access in an account: its team domain, as an address.
 * @throws RunError, which Pulumi prints without a trace, where there is no organization or it may not be read
 */
export async function accessIssuer(asked: Promise<Organization>, customer: string): Promise<string> {
  const { authDomain, why } = await asked.then(
    (organization) => ({ authDomain: organization.authDomain, why: "it has no team domain" }),
    (error: unknown) => ({ authDomain: "", why: firstLine(error) }),
  );
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(authDomain)) return `https://${authDomain}`;
  const { message } = new UserError({
    what: `the Zero Trust organization of the Cloudflare account could not be read (${why})`,
    customer,
    next: "switch Zero Trust on for the account, and give the API token Account / Access: Organizations, Identity Providers, and Groups / Read",
  });
  throw new RunError(message);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.trim() ?? "";
}
