import { createServer } from "node:http";
import { once } from "node:events";

import type { Rest } from "./amounts";
import type { Event } from "./events";

/** A shop that ERPNext reads orders and products from. */
export interface Shop {
  /** From now on it answers as after this event. */
  know(event: Event): void;
}

/**
 * Shopify's Admin REST as far as our app and the connector read it for an order: orders/ID.json, orders/ID/transactions.json and
 * products/ID.json, over HTTP. What it does not know is 404, as what was deleted is.
 */
export async function startShop(port: number): Promise<Shop & { readonly close: () => Promise<void> }> {
  const answers = new Map<string, Rest>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const found = answers.get(pathname.replace(/^\/admin\/api\/[^/]+\//, ""));
    const body = JSON.stringify(found ?? { errors: "Not Found" });
    response.writeHead(found === undefined ? 404 : 200, { "Content-Type": "application/json" }).end(body);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    know: ({ order, product }) => {
      const id = Number(order["id"]);
      answers.set(`orders/${id}.json`, { order });
      answers.set(`orders/${id}/transactions.json`, { transactions: order["transactions"] });
      if (product !== undefined) answers.set(`products/${Number(product["id"])}.json`, { product });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
