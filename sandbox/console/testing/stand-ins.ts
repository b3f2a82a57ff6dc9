import { request as httpRequest } from "node:http";

import type { Hosts } from "./running-worker";

/** A host that a stand-in on this machine answers for. It finds its site or shop by the name that was asked for. */
export function forwardTo(address: () => string): Hosts[string] {
  return async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const body = await request.text();
    const headers = { ...Object.fromEntries(request.headers), host, connection: "close" };
    return new Promise((resolve, reject) => {
      const options = { method: request.method, headers, agent: false as const };
      const sent = httpRequest(`${address()}${pathname}${search}`, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const given = Object.entries(incoming.headers).flatMap(([name, value]) =>
            typeof value === "string" && name !== "transfer-encoding" ? [[name, value] as [string, string]] : [],
          );
          resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 502, headers: given }));
        });
      });
      sent.on("error", reject);
      sent.end(body === "" ? undefined : body);
    });
  };
}
