import { createHash } from "node:crypto";
import { Hono } from "hono";

import type { Cloud, CloudRecord } from "./cloud";
import type { RequestLog } from "./request-log";
import { serveRest } from "./rest-server";
import { settings } from "./vm/cloud-view";

export interface ComputeApiOptions {
  readonly cloud: Cloud;
  readonly log: RequestLog;
  readonly port: number;
}

type Metadata = Readonly<Record<string, string>>;

interface SetMetadata {
  readonly fingerprint?: string;
  readonly items?: readonly { readonly key: string; readonly value: string }[];
}

/** The part of the Compute Engine API that a script talks to past Pulumi: an instance and its metadata. */
export function computeRoutes({ cloud, log }: Pick<ComputeApiOptions, "cloud" | "log">): Hono {
  const app = new Hono();
  const path = "/projects/:project/zones/:zone";

  app.get(`${path}/instances/:instance`, (context) => {
    const record = find(cloud, context.req.param("instance"));
    if (record === undefined) {
      return context.json({ error: { code: 404, message: "The resource was not found" } }, 404);
    }
    const metadata = metadataOf(record);
    const items = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    return context.json({
      name: context.req.param("instance"),
      labels: settings(record)["labels"] ?? {},
      metadata: { fingerprint: fingerprint(metadata), items },
    });
  });

  app.post(`${path}/instances/:instance/setMetadata`, async (context) => {
    const record = find(cloud, context.req.param("instance"));
    if (record === undefined) {
      return context.json({ error: { code: 404, message: "The resource was not found" } }, 404);
    }
    const wanted = await context.req.json<SetMetadata>();
    // Someone else wrote in between: Google refuses rather than lose what they wrote.
    if (wanted.fingerprint !== fingerprint(metadataOf(record))) {
      return context.json(
        { error: { code: 412, message: "Supplied fingerprint does not match current metadata" } },
        412,
      );
    }
    const metadata = Object.fromEntries((wanted.items ?? []).map(({ key, value }) => [key, value]));
    log.record({ service: "gcp", method: "POST", path: "setMetadata", write: true, status: 200 });
    cloud.mutate(record, { inputs: { metadata } });
    return context.json({ name: "operation-1", status: "DONE" });
  });
  return app;
}

/** Serves {@link computeRoutes} by itself. */
export async function startComputeApi(options: ComputeApiOptions): Promise<{ close(): Promise<void> }> {
  return serveRest(computeRoutes(options), options.port);
}

function find(cloud: Cloud, name: string): CloudRecord | undefined {
  return cloud.find("gcp:compute/instance:Instance", (record) => settings(record)["name"] === name);
}

function metadataOf(record: CloudRecord): Metadata {
  return (settings(record)["metadata"] ?? {}) as Metadata;
}

function fingerprint(metadata: Metadata): string {
  return createHash("sha256").update(JSON.stringify(metadata)).digest("base64").slice(0, 12);
}
