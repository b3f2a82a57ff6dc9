import * as http from "node:http";

import type { CloudRecord } from "./cloud/records";
import type { RequestLog } from "./request-log";
import { settings, type CloudView } from "./vm/cloud-view";

export interface EdgeOptions {
  readonly cloud: CloudView;
  readonly log: RequestLog;
  readonly port: number;
  /** Port of ERPNext's frontend on the server. */
  readonly frontendPort: number;
  /** The tunnel that a running server is connected to. */
  readonly connectedTunnel: () => string | undefined;
}

type Json = Record<string, unknown>;
type Decision = { kind: "forward"; host: string } | { kind: "answer"; status: number; body: string; location?: string };

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
  const { cloud } = options;
  const hostname = (headers.host ?? "").replace(/:\d+$/, "");
  const record = cloud
    .resources("cloudflare:index/dnsRecord:DnsRecord")
    .map(settings)
    .find((candidate) => candidate["name"] === hostname && candidate["proxied"] === true);
  if (record === undefined) {
    return { kind: "answer", status: 530, body: "error code: 1016" };
  }
  const refusal = askAccess(cloud, hostname, headers);
  if (refusal !== undefined) {
    return refusal;
  }
  const tunnel = String(record["content"]).replace(/\.cfargotunnel\.com$/, "");
  if (options.connectedTunnel() !== tunnel) {
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
  const hostHeader = origin?.["httpHostHeader"];
  return { kind: "forward", host: typeof hostHeader === "string" ? hostHeader : hostname };
}

/** Cloudflare Access: no application means no login; a service token needs a policy of its own. */
function askAccess(cloud: CloudView, hostname: string, headers: http.IncomingHttpHeaders): Decision | undefined {
  const application = cloud
    .resources("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication")
    .map(settings)
    .find((candidate) => candidate["domain"] === hostname);
  if (application === undefined) {
    return undefined;
  }
  const token = cloud
    .resources("cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken")
    .find((candidate) => isPresented(candidate, headers));
  const attached = ((application["policies"] as Json[] | undefined) ?? []).map((policy) => policy["id"]);
  const admitted =
    token !== undefined &&
    cloud
      .resources("cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy")
      .filter((policy) => attached.includes(policy.id) && settings(policy)["decision"] === "non_identity")
      .some((policy) => JSON.stringify(settings(policy)["includes"]).includes(token.id));
  return admitted
    ? undefined
    : {
        kind: "answer",
        status: 302,
        body: "",
        location: `https://sandbox.cloudflareaccess.com/cdn-cgi/access/login/${hostname}`,
      };
}

function isPresented(token: CloudRecord, headers: http.IncomingHttpHeaders): boolean {
  const { clientId, clientSecret } = settings(token);
  return headers["cf-access-client-id"] === clientId && headers["cf-access-client-secret"] === clientSecret;
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
