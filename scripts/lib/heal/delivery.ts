import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  isGatewayFailure,
  persist,
  type Effort,
  type Patience,
} from "../../../clients/http";
import { send } from "../../../clients/node-http";
import type { ConnectorEvent } from "../../../core/connector";
import { UserError } from "../../../core/user-error";
import type { Door } from "../cli/open-customer";
import { deliveryRequest } from "../signed-delivery";

/** Who delivers what to whom. */
export interface Sender {
  readonly door: Door;
  readonly shopDomain: string;
  /** Slug, for messages. */
  readonly customer: string;
  /** Signs the body. */
  readonly secret: string;
}

export interface Delivery {
  readonly event: ConnectorEvent;
  /** JSON of the order. */
  readonly body: string;
}

/** A server that is being replaced is back within two minutes. */
const PATIENCE: Patience = { maxWaitMs: 120_000, tries: 12, firstDelayMs: 1_000 };

/** The door cannot be reached at the moment; another order may fare better. */
export class DoorUnreachable extends Error {
  override readonly name = "DoorUnreachable";
}

/**
 * Delivers once: 200 says that the server keeps it. It is sent again only where it cannot have arrived: the door refused the
 * connection, or said that it cannot be kept now. Without an answer it is unknown, and the connector's log tells.
 * @throws DoorUnreachable, or UserError for an answer that every further delivery would get too
 */
export async function deliver(sender: Sender, { event, body }: Delivery, patience: Patience = PATIENCE): Promise<void> {
  const { secret, shopDomain } = sender;
  const unreachable = (why: string) => (effort: Effort) =>
    new DoorUnreachable(`the door of ${sender.door.host} did not take it: ${why}${givenUp(effort)}`);
  // One delivery with one webhook id, however often it is sent: the server keeps what it has seen once.
  const request = deliveryRequest(sender.door, { topic: event, body, secret, shopDomain });
  await persist(patience, async (remainingMs) => {
    try {
      const { status } = await send({ ...request, timeoutMs: Math.min(request.timeoutMs, remainingMs) });
      if (status === 503 || isGatewayFailure(status))
        throw new AttemptFailed(unreachable(`HTTP ${status}`), { repeat: true });
      if (status < 200 || status > 299) throw refused(sender, status);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.sent) return;
      throw new AttemptFailed(unreachable(error.message), { repeat: true });
    }
  });
}

function refused({ door, customer }: Sender, status: number): UserError {
  const what = `the door of ${door.host} answered HTTP ${status} to a signed delivery`;
  const next =
    status === 401
      ? `run "pulumi up -s ${customer}", which gives the server the stack's "shopifyApiSecret"`
      : 'see that "hosts.hook" leads to this server and that it has converged';
  return new UserError({ what, customer, next });
}
