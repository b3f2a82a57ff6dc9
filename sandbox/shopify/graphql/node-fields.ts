import { GraphQLError } from "graphql";
import { productById } from "./catalog-fields";
import type { AdminContext } from "./context";
import { orderById } from "./order-fields";

/** The most that Shopify takes in one list. */
const listLimit = 250;

/** The object that a global id leads to, of the types that this stand-in looks up by id; null for what is not there. */
function node(id: string, context: AdminContext): Record<string, unknown> | null {
  const type = /^gid:\/\/shopify\/(\w+)\/\d+$/.exec(id)?.[1];
  if (type === undefined) {
    throw new GraphQLError(`Invalid global id '${id}'`, { extensions: { code: "argumentLiteralsIncompatible" } });
  }
  if (type === "Order") return orderById(id, context);
  if (type === "Product") return productById(id, context);
  throw new GraphQLError(`the Shopify stand-in does not look up ${type} by id`, {
    extensions: { code: "NOT_IN_STAND_IN" },
  });
}

export const nodeQueries = {
  node: ({ id }: { id: string }, context: AdminContext) => node(id, context),
  nodes: ({ ids }: { ids: readonly string[] }, context: AdminContext) => {
    if (ids.length > listLimit) {
      const message = `The input array size of ${ids.length} is greater than the maximum allowed of ${listLimit}.`;
      throw new GraphQLError(message, { extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" } });
    }
    return ids.map((id) => node(id, context));
  },
};
