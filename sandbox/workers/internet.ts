import * as http from "node:http";
import * as https from "node:https";

import type { Dial } from "../shopify";

/** Where a Worker's requests go. */
export interface InternetOptions {
  /** A host of the server's own, by DNS and through the firewall. */
  readonly dial: Dial;
  /** Cloudflare's edge on this machine, for hosts whose record is proxied; without a path. */
  readonly edgeUrl: string;
  readonly isProxied: (host: string) => boolean;
  /** The host that a request means which is sent straight to the edge's address: a Worker cannot name another in `Host`. */
  readonly edgeHost: () => string | undefined;
  /** Shopify's, for every shop; without a path. */
  readonly shopifyUrl: string;
  readonly teamDomain: string;
  /** What the team's domain answers at its certificates' address. */
  readonly certs: () => object;
}

/** A request as a Worker sends it. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

interface Target {
  readonly url: URL;
  /** Host header, and the name in TLS. */
  readonly host: string;
  readonly ca?: string;
}

/** Milliseconds; callers have a limit of their own. */
const LIMIT_MS = 60_000;

/** The Internet as a Worker sees it from Cloudflare: names lead to the stand-ins, certificates are checked. */
export class Internet {
  constructor(private readonly options: InternetOptions) {}

  async send(request: Outgoing): Promise<Incoming> {
    const { teamDomain, certs } = this.options;
    if (request.url.hostname === teamDomain) {
      const found = request.url.pathname === "/cdn-cgi/access/certs";
      const body = Buffer.from(found ? JSON.stringify(certs()) : "");
      return { status: found ? 200 : 404, headers: { "content-type": "application/json" }, body };
    }
    return exchange(request, await this.#targetOf(request.url));
  }

  async #targetOf(url: URL): Promise<Target> {
    const { edgeUrl, shopifyUrl, isProxied, edgeHost, dial } = this.options;
    const to = (base: string, host: string): Target => ({ url: new URL(url.pathname + url.search, base), host });
    if (url.origin === edgeUrl) return to(edgeUrl, edgeHost() ?? url.host);
    if (url.origin === shopifyUrl || url.hostname.endsWith(".myshopify.com")) return to(shopifyUrl, url.host);
    if (isProxied(url.hostname)) return to(edgeUrl, url.hostname);
    const { host, port, ca } = await dial(url.hostname, Number(url.port === "" ? 443 : url.port));
    const target = to(`https://${host}:${port}`, url.hostname);
    return ca === undefined ? target : { ...target, ca };
  }
}

function exchange({ method, headers, body }: Outgoing, { url, host, ca }: Target): Promise<Incoming> {
  const options: https.RequestOptions = {
    method,
    headers: { ...headers, host, "accept-encoding": "identity" },
    agent: false,
    timeout: LIMIT_MS,
    servername: host,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? https : http).request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
