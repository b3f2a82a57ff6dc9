import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { RequestLog } from "../../request-log";
import type { ErpnextOptions } from "../options";
import { PythonException } from "../frappe/exceptions";
import type { Faults } from "./faults";

/** The web server in front of Frappe's application: injects faults and records every request. */
export interface WebServer {
  readonly port: number;
  /** Stops listening and drops every connection, those that hang included. */
  close(): Promise<void>;
}

const WRITING: ReadonlySet<string> = new Set(["POST", "PUT", "DELETE", "PATCH"]);

export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  parts: { log: RequestLog; faults: Faults; port: number; door: NonNullable<ErpnextOptions["door"]> },
): Promise<WebServer> {
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    response.once("close", () => {
      record(parts.log, request, response);
    });
    const door = parts.door();
    const fault = door === "open" ? parts.faults.due(request) : door === "closed" ? "reset" : "503";
    if (fault === undefined) void answer(request, response);
    else inject(fault, request, response);
  });
  const port = await bind(server, parts.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function record(log: RequestLog, request: IncomingMessage, response: ServerResponse): void {
  const method = request.method ?? "";
  const path = (request.url ?? "").split("?")[0] ?? "";
  // An answer that never left, because of a fault or because the caller gave up, counts as status 0.
  const status = response.writableFinished ? response.statusCode : 0;
  log.record({ service: "erpnext", method, path, write: WRITING.has(method), status });
}

function inject(
  fault: "500" | "502" | "503" | "hang" | "reset",
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume();
  switch (fault) {
    case "hang":
      return;
    case "reset":
      request.socket.destroy();
      return;
    case "500":
      response.writeHead(500, { "Content-Type": "text/html" }).end("<h1>Internal Server Error</h1>");
      return;
    case "503":
      inMaintenance(request, response);
      return;
    case "502":
      response.writeHead(502, { "Content-Type": "text/html" }).end("<html><h1>502 Bad Gateway</h1></html>");
  }
}

/** What Frappe answers while the site is in maintenance: a page, or the exception where the caller or the path is no browser's. */
function inMaintenance({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
  const { accept = "" } = headers;
  if (!accept.includes("application/json") && (!url.startsWith("/api/") || accept.startsWith("text"))) {
    response.writeHead(503, { "Content-Type": "text/html" }).end("<h1>Updating</h1>");
    return;
  }
  const raised = { type: "SessionStopped", module: "frappe.exceptions.", status: 503 };
  const body = new PythonException("Session Stopped", raised).body();
  response.writeHead(503, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
