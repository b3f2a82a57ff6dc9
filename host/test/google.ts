import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { renderEnvFile } from "../../components/shared/env-file";
import { digestOf } from "./sandbox";

/** Stands for the metadata server, Secret Manager, the bucket and Shopify, as far as host/ talks to them. */
export class FakeGoogle {
  readonly attributes: Record<string, string> = {};
  readonly secrets: Record<string, string> = {};
  readonly objects = new Map<string, Buffer>();
  /** Objects with a custom time. */
  readonly marked = new Set<string>();
  /** Whether the machine may change what is known of an object. */
  mayMark = true;
  /** `METHOD /path` of every request. */
  readonly requests: string[] = [];
  /** What Shopify was sent. */
  readonly forms: string[] = [];
  /** What Cloud Monitoring was sent. */
  readonly metrics: { path: string; body: string }[] = [];
  /** How many uploads are stored damaged. */
  damaged = 0;
  #server: Server | undefined;
  #waiting: (() => void)[] = [];

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  /** What the scripts are told instead of Google's addresses. */
  get environment(): Record<string, string> {
    return {
      ERPNEXT_METADATA_URL: `${this.url}/computeMetadata/v1`,
      ERPNEXT_MONITORING_URL: this.url,
      ERPNEXT_STORAGE_URL: this.url,
      ERPNEXT_SECRET_MANAGER_URL: this.url,
      ERPNEXT_SHOPIFY_URL: this.url,
    };
  }

  /** Changes the metadata and wakes what waits for it. */
  change(attributes: Record<string, string>): void {
    Object.assign(this.attributes, attributes);
    this.#waiting.splice(0).forEach((wake) => {
      wake();
    });
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status: number; headers?: Record<string, string>; body: string | Buffer }> {
    const url = new URL(request.url ?? "/", "http://google");
    this.requests.push(`${request.method ?? ""} ${url.pathname}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks);
    if (url.pathname.startsWith("/computeMetadata/v1/")) {
      return request.headers["metadata-flavor"] === "Google" ? this.#metadata(url) : { status: 403, body: "no header" };
    }
    if (url.pathname === "/admin/oauth/access_token") {
      this.forms.push(body.toString());
      return { status: 200, body: JSON.stringify({ access_token: "shpat_new0token", expires_in: 86399 }) };
    }
    if (url.pathname.startsWith("/session/")) {
      return this.#store(decodeURIComponent(url.pathname.slice("/session/".length)), body);
    }
    if (request.headers.authorization !== "Bearer ya29.machine") {
      return { status: 401, body: "{}" };
    }
    if (url.pathname.startsWith("/v3/projects/")) {
      this.metrics.push({ path: url.pathname, body: body.toString() });
      return { status: 200, body: "{}" };
    }
    return url.pathname.startsWith("/v1/projects/") ? this.#secret(url) : this.#bucket(url, request.method ?? "", body);
  }

  async #metadata(url: URL): Promise<{ status: number; headers?: Record<string, string>; body: string }> {
    const path = url.pathname.replace("/computeMetadata/v1/instance/", "");
    if (path === "service-accounts/default/token") {
      return { status: 200, body: JSON.stringify({ access_token: "ya29.machine", expires_in: 3599 }) };
    }
    if (path === "attributes/") {
      const etag = (): string =>
        createHash("sha256").update(JSON.stringify(this.attributes)).digest("hex").slice(0, 16);
      if (url.searchParams.get("last_etag") === etag()) {
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
          setTimeout(resolve, Number(url.searchParams.get("timeout_sec")) * 1000).unref();
        });
      }
      return { status: 200, headers: { ETag: etag() }, body: JSON.stringify(this.attributes) };
    }
    const value = this.attributes[path.replace("attributes/", "")];
    return value === undefined ? { status: 404, body: "" } : { status: 200, body: value };
  }

  #secret(url: URL): { status: number; body: string } {
    const value = this.secrets[url.pathname.replace(/^\/v1\/projects\/[^/]+\/secrets\//, "").replace(/:access$/, "")];
    if (value === undefined) {
      return { status: 403, body: JSON.stringify({ error: { message: "Permission denied" } }) };
    }
    return { status: 200, body: JSON.stringify({ payload: { data: Buffer.from(value).toString("base64") } }) };
  }

  #markOf(name: string): { customTime?: string } {
    return this.marked.has(name) ? { customTime: "2026-11-26T02:00:00Z" } : {};
  }

  /** Gives an object a custom time; false where the machine may not. */
  #mark(url: URL, body: Buffer): boolean {
    const { customTime } = JSON.parse(body.toString()) as { customTime: string };
    if (!this.mayMark || Number.isNaN(Date.parse(customTime))) return false;
    this.marked.add(decodeURIComponent(url.pathname.split("/o/")[1] ?? ""));
    return true;
  }

  #bucket(
    url: URL,
    method: string,
    body: Buffer,
  ): { status: number; headers?: Record<string, string>; body: string | Buffer } {
    if (url.pathname.startsWith("/upload/")) {
      const name = url.searchParams.get("name") ?? "";
      const taken = url.searchParams.get("ifGenerationMatch") !== "0" || this.objects.has(name);
      return taken
        ? { status: 412, body: "{}" }
        : { status: 200, headers: { Location: `${this.url}/session/${encodeURIComponent(name)}` }, body: "" };
    }
    if (url.pathname.endsWith("/o")) {
      const names = [...this.objects.keys()].filter((name) => name.startsWith(url.searchParams.get("prefix") ?? ""));
      const items = names.sort().map((name) => ({ name, ...this.#markOf(name) }));
      return { status: 200, body: JSON.stringify({ items }) };
    }
    const object = this.objects.get(decodeURIComponent(url.pathname.split("/o/")[1] ?? ""));
    if (object === undefined) return { status: 404, body: "{}" };
    if (method === "PATCH" && !this.#mark(url, body)) return { status: 403, body: "{}" };
    return { status: 200, body: url.searchParams.get("alt") === "media" ? object : resource(object) };
  }

  #store(name: string, body: Buffer): { status: number; body: string } {
    const stored = this.damaged-- > 0 ? Buffer.from("damaged") : body;
    this.objects.set(name, stored);
    return { status: 200, body: resource(stored) };
  }
}

function resource(object: Buffer): string {
  return JSON.stringify({ size: String(object.length), md5Hash: createHash("md5").update(object).digest("base64") });
}

/** The server's attributes as a stack writes them. */
export function metadata(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const json = JSON.stringify(files);
  const env = renderEnvFile("acme", environment);
  return { "erpnext-files": json, "erpnext-env": env, "erpnext-digest": digestOf(json, env) };
}
