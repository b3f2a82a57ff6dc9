/**
 * Largest body of a delivery (bytes) that the door takes; Shopify's largest orders are a few hundred kB. The server has it from its `.env`
 * (MAX_DELIVERY_BYTES): Caddy, which ends a body that does not say how long it is, and the receiver, which refuses one that does.
 */
export const MAX_DELIVERY_BYTES = 5_000_000;
