import * as http from "node:http";

import type { AccessTeam, Verdict } from "./access/team";
import type { RequestLog } from "./request-log";
import { settings, type CloudView } from "./vm/cloud-view";
import type { Workers } from "./workers/workers";

export interface EdgeOptions {
  readonly cloud: CloudView;
  readonly log: RequestLog;
  readonly port: number;
  /** Port of ERPNext's frontend on the server. */
  readonly frontendPort: number;
  /** The tunnel that a running server is connected to. */
  readonly connectedTunnel: () => string | undefined;
  readonly access: AccessTeam;
  readonly workers: Pick<Workers, "fetch">;
}

type Json = Record<string, unknown>;
type Decision =
  | { kind: "forward"; host: string }
  | { kind: "worker"; scriptName: string; host: string; token: string | undefined }
  | { kind: "answer"; status: number; body: string; location?: string };

const NOTHING_HERE: Decision = { kind: "answer", status: 404, body: "" };

/** Cloudflare's edge: it answers for proxied names, lets Access decide, and sends the rest down the tunnel. */
export async function startEdge(options: EdgeOptions): Promise<{ close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const decision = decide(options, request.headers);
    const status = decision.kind === "answer" ? decision.status : 200;
    options.log.record({
      service: "edge",
      method: request.method ?? "",
      path: request.url ?? "",
      // What passes is counted where it arrives.
      write: false,
      status,
    });
    if (decision.kind === "answer") {
      request.resume();
      response.writeHead(decision.status, decision.location === undefined ? {} : { location: decision.location });
      response.end(decision.body);
      return;
    }
    if (decision.kind === "worker") {
      void serveWorker(options.workers, decision, { request, response });
      return;
    }
    forward(request, response, { port: options.frontendPort, host: decision.host });
  });
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function decide(options: EdgeOptions, headers: http.IncomingHttpHeaders): Decision {
  const { cloud, access } = options;
  const hostname = (headers.host ?? "").replace(/:\d+$/, "");
  const scriptName = workerAt(cloud, hostname);
  if (scriptName !== undefined) {
    const verdict = access.judge(hostname, headers);
    if (verdict.kind === "login") return loginAt(verdict);
    const token = verdict.kind === "admitted" ? verdict.token : undefined;
    return { kind: "worker", scriptName, host: hostname, token };
  }
  const record = cloud
    .resources("cloudflare:index/dnsRecord:DnsRecord")
    .map(settings)
    .find((candidate) => candidate["name"] === hostname && candidate["proxied"] === true);
  if (record === undefined) {
    return { kind: "answer", status: 530, body: "error code: 1016" };
  }
  const verdict = access.judge(hostname, headers);
  if (verdict.kind === "login") return loginAt(verdict);
  return tunnelled(options, { record, hostname, admitted: verdict.kind === "admitted" });
}

/** Where the tunnel that a proxied record names leads a request. */
function tunnelled(
  { cloud, connectedTunnel }: EdgeOptions,
  { record, hostname, admitted }: { record: Json; hostname: string; admitted: boolean },
): Decision {
  const tunnel = String(record["content"]).replace(/\.cfargotunnel\.com$/, "");
  if (connectedTunnel() !== tunnel) {
    return { kind: "answer", status: 530, body: "error code: 1033" };
  }
  const rule = cloud
    .resources("cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig")
    .map(settings)
    .filter((config) => config["tunnelId"] === tunnel)
    .flatMap((config) => (config["config"] as { ingresses: Json[] }).ingresses)
    .find((ingress) => ingress["hostname"] === hostname || ingress["hostname"] === undefined);
  if (rule === undefined || String(rule["service"]).startsWith("http_status:")) {
    return NOTHING_HERE;
  }
  const origin = rule["originRequest"] as Json | undefined;
  const required = (origin?.["access"] as Json | undefined)?.["required"] === true;
  // cloudflared: ingress/middleware/jwtvalidator.go, "no access token in request".
  if (required && !admitted) return { kind: "answer", status: 403, body: "" };
  const hostHeader = origin?.["httpHostHeader"];
  return { kind: "forward", host: typeof hostHeader === "string" ? hostHeader : hostname };
}

function loginAt({ location }: Verdict & { kind: "login" }): Decision {
  return { kind: "answer", status: 302, body: "", location };
}

/**
 * The Worker that a host leads to: by its custom domain, or at workers.dev, past Access, where that is on for it. A script
 * that was uploaded by the API has it off until someone switches it on.
 */
function workerAt(cloud: CloudView, hostname: string): string | undefined {
  const domain = cloud
    .resources("cloudflare:index/workersCustomDomain:WorkersCustomDomain")
    .map(settings)
    .find((candidate) => candidate["hostname"] === hostname);
  if (domain !== undefined) return String(domain["service"]);
  const [, scriptName] = /^([^.]+)\.[^.]+\.workers\.dev$/.exec(hostname) ?? [];
  const open = cloud
    .resources("cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain")
    .map(settings)
    .some((candidate) => candidate["scriptName"] === scriptName && candidate["enabled"] === true);
  return open ? scriptName : undefined;
}

/** Hands a request to the Worker, with Access's own token on it and none that someone else put there. */
async function serveWorker(
  workers: Pick<Workers, "fetch">,
  decision: Decision & { kind: "worker" },
  { request, response }: { request: http.IncomingMessage; response: http.ServerResponse },
): Promise<void> {
  const { scriptName, host, token } = decision;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const given = Object.entries(request.headers).filter(
      ([name]) => !["host", "connection", "cf-access-jwt-assertion", "content-length"].includes(name),
    );
    const answer = await workers.fetch(scriptName, {
      method: request.method ?? "GET",
      url: `https://${host}${request.url ?? "/"}`,
      headers: {
        ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
        ...(token === undefined ? {} : { "cf-access-jwt-assertion": token }),
      },
      body: Buffer.concat(chunks),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const kept = [...answer.headers].filter(
      ([name]) => !/^(mf-)?content-(encoding|length)$|^transfer-encoding$/.test(name),
    );
    response.writeHead(answer.status, Object.fromEntries(kept)).end(body);
  } catch {
    // What the edge shows for a Worker that could not be started or threw.
    response.writeHead(500).end("error code: 1101");
  }
}

function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  to: { port: number; host: string },
): void {
  const headers = { ...request.headers, host: to.host };
  const upstream = http.request(
    { host: "127.0.0.1", port: to.port, method: request.method, path: request.url, headers, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on("error", () => {
    // The server is there but its frontend is not: what the edge then shows.
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502).end("error code: 502");
    }
  });
  request.pipe(upstream);
}
