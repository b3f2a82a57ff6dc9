import { allows } from "../access";
import { catalogRoutes } from "./catalog-routes";
import { orderRoutes } from "./order-routes";
import { notFound, type RestAnswer, type RestRequest, type RestRoute } from "./request";
import { webhookRoutes } from "./webhook-routes";

interface CompiledRoute extends RestRoute {
  readonly pattern: RegExp;
}

const routes: readonly CompiledRoute[] = [...orderRoutes, ...catalogRoutes, ...webhookRoutes].map((route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replaceAll(".", "\\.").replace(":id", "(\\d+)")}$`),
}));

export type Denied = { readonly status: 403; readonly body: unknown };

/**
 * Answers a request below /admin/api/<version>/.
 *
 * @param path - for example "orders/5800000001001.json".
 */
export function answerRest(method: string, path: string, request: Omit<RestRequest, "id">): RestAnswer | Denied {
  const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(path));
  if (route === undefined) return notFound;
  if (route.scope !== undefined && !allows(request.app.scopes, route.scope)) {
    return { status: 403, body: { errors: `[API] This action requires merchant approval for ${route.scope} scope.` } };
  }
  return route.answer({ ...request, id: Number(route.pattern.exec(path)?.[1] ?? Number.NaN) });
}
