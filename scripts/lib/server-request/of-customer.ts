import type { OpenCustomer } from "../cli/open-customer";
import type { Terminal } from "../cli/terminal";
import { computeAddress } from "./compute-address";
import { googleToken } from "./google-token";
import { askServer, type Asking } from "./index";

/** Milliseconds between two looks at the server. */
const INTERVAL_MS = 1_000;

/** What a command asks the customer's server for; what to do next has answers that fit most. */
export type CustomerRequest = Pick<Asking, "request" | "subject" | "timeoutMs"> & {
  readonly next?: Partial<Asking["next"]>;
};

/** As {@link askServer}, with all that is known of an open customer. */
export async function askCustomersServer(
  { customer, outputs, config, health }: OpenCustomer,
  { next, ...request }: CustomerRequest,
  terminal: Terminal,
): Promise<string> {
  const token = await googleToken(process.env);
  terminal.hide(token);
  return askServer({
    next: { ...nextSteps(customer.slug), ...next },
    ...request,
    customer: customer.slug,
    project: outputs.project,
    zone: outputs.zone,
    instance: outputs.instanceName,
    computeUrl: computeAddress(config["gcp:computeCustomEndpoint"] ?? process.env["GCP_COMPUTE_ENDPOINT"]),
    token,
    health,
    intervalMs: INTERVAL_MS,
    onProgress: (line) => {
      terminal.say(line);
    },
  });
}

function nextSteps(slug: string): Asking["next"] {
  return {
    refused: `check that your Google account may change the server's metadata (compute.instances.setMetadata), and try again`,
    failed: `fix that and try again; a server that is older than this project's files learns new requests by "pulumi up -s ${slug}"`,
  };
}
