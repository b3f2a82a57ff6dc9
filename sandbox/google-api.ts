import { Hono, type Context } from "hono";

import { serveRest, type RestServer } from "./rest-server";

export interface GoogleWorld {
  readonly token: string;
  readonly project: string;
  billingEnabled: boolean;
  /** Whether the Compute Engine API is switched on in the project. */
  computeEnabled: boolean;
  /** Machine types by zone. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
}

/** Quotas that a new project has in a region. */
const ROOM = new Map([
  ["CPUS", 24],
  ["INSTANCES", 24],
  ["IN_USE_ADDRESSES", 8],
  ["STATIC_ADDRESSES", 8],
  ["SSD_TOTAL_GB", 500],
]);

/** What Google's APIs say of a project before anything is made in it: Resource Manager v3 and v1, Cloud Billing v1, Compute v1. */
export async function startGoogleApi(world: GoogleWorld): Promise<RestServer> {
  const app = new Hono();
  app.use(async (context, next) => {
    if (context.req.header("Authorization") === `Bearer ${world.token}`) return next();
    return refused(context, 401, "Request had invalid authentication credentials.");
  });
  app.get("/v3/projects/:project", (context) => {
    if (context.req.param("project") !== world.project) {
      return refused(context, 403, "The caller does not have permission");
    }
    return context.json({ name: "projects/415104041262", projectId: world.project, state: "ACTIVE" });
  });
  app.get("/v1/projects/:project/billingInfo", (context) =>
    context.json({ name: `projects/${world.project}/billingInfo`, billingEnabled: world.billingEnabled }),
  );
  app.get("/compute/v1/projects/:project/zones/:zone", (context) => {
    if (!world.computeEnabled) return switchedOff(context, world.project);
    const { zone } = context.req.param();
    if (!(zone in world.zones)) return refused(context, 404, `The resource 'zones/${zone}' was not found`);
    const region = `https://www.googleapis.com/compute/v1/projects/${world.project}/regions/${zone.replace(/-[a-z]$/, "")}`;
    return context.json({ name: zone, region, status: "UP" });
  });
  app.get("/compute/v1/projects/:project/zones/:zone/machineTypes/:type", (context) => {
    if (!world.computeEnabled) return switchedOff(context, world.project);
    const { zone, type } = context.req.param();
    if (world.zones[zone]?.includes(type) !== true) {
      return refused(context, 404, `The resource 'machineTypes/${type}' was not found`);
    }
    return context.json({ name: type });
  });
  app.get("/compute/v1/projects/:project/regions/:region", (context) => {
    if (!world.computeEnabled) return switchedOff(context, world.project);
    const quotas = [...ROOM].map(([metric, limit]) => ({ metric, limit, usage: 0 }));
    return context.json({ name: context.req.param("region"), quotas });
  });
  // The login may do whatever it is asked about, and the organisation forbids nothing.
  app.post("/v3/projects/*", async (context) => context.json(await context.req.json<object>()));
  app.post("/v1/projects/*", async (context) => context.json(await context.req.json<object>()));
  return serveRest(app);
}

function switchedOff(context: Context, project: string): Response {
  return refused(context, 403, `Compute Engine API has not been used in project ${project} before or it is disabled.`);
}

function refused(context: Context, code: 401 | 403 | 404, message: string): Response {
  const status = { 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND" }[code];
  return context.json({ error: { code, message, status } }, code);
}
