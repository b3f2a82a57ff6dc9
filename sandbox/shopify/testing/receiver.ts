import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Dial } from "../deliver";

/** The name that the fixture certificate stands for. */
export const hookHost = "hook.sandbox.example";

const certificate = readFileSync(join(__dirname, "hook-certificate.pem"), "utf8");
const key = readFileSync(join(__dirname, "hook-key.pem"), "utf8");

export interface ReceivedDelivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly received: ReceivedDelivery[];
  /** Leads `hookHost` to this receiver and trusts the fixture certificate; other names do not resolve. */
  readonly dial: Dial;
  /** The same without trust in the certificate. */
  readonly distrustfulDial: Dial;
  /** What to answer from now on, one status a delivery and the last one forever; 0: no answer at all. */
  answer(...statuses: number[]): void;
  close(): Promise<void>;
}

/** A local HTTPS server in the place of the hook host. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedDelivery[] = [];
  let statuses = [200];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
      const [status = 200, ...rest] = statuses;
      if (rest.length > 0) statuses = rest;
      if (status !== 0) response.writeHead(status, { Location: "https://elsewhere.example/" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lead = (ca?: string): Dial => {
    return (hostname) =>
      hostname === hookHost
        ? Promise.resolve({ host: "127.0.0.1", port, ...(ca === undefined ? {} : { ca }) })
        : Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" }));
  };
  return {
    received,
    dial: lead(certificate),
    distrustfulDial: lead(),
    answer: (...next) => {
      statuses = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
