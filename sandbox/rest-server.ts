import { serve, type ServerType } from "@hono/node-server";
import type { Hono } from "hono";

import { freePort } from "./ports";

/** A server of a stand-in's REST API on this machine. */
export interface RestServer {
  /** http://127.0.0.1:<port> */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an API at a port, or at one that is free. */
export async function serveRest(app: Hono, wanted?: number): Promise<RestServer> {
  const port = wanted ?? (await freePort());
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => {
      resolve(started);
    });
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
