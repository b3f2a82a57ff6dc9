import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import type { CloudRecord } from "../cloud/records";
import type { PubSub } from "../pubsub";
import type { RequestLog } from "../request-log";
import { Buckets, type ServerCloud } from "./bucket";
import { accessSecret, type Answer, refusal, serviceAccountOf, settings } from "./cloud-view";
import { GoogleFaults } from "./google-faults";

export interface GoogleOptions {
  readonly cloud: ServerCloud;
  readonly log: RequestLog;
  readonly port: number;
  /** Answers at the same address. Default: nothing is published anywhere. */
  readonly pubsub?: PubSub;
  /** Keeps what is in the buckets. */
  readonly bucketDirectory: string;
  /** The machine that asks: only it can reach its metadata server. */
  readonly instance: () => CloudRecord | undefined;
}

const METADATA = "/computeMetadata/v1/instance/";

const MAY_CREATE = ["roles/storage.objectCreator", "roles/storage.objectUser", "roles/storage.objectAdmin"];
const MAY_READ = ["roles/storage.objectViewer", "roles/storage.objectUser", "roles/storage.objectAdmin"];
const MAY_UPDATE = ["roles/storage.legacyObjectOwner", "roles/storage.objectUser", "roles/storage.objectAdmin"];

/** Longest list of objects in one answer; Google says 1000, and a test wants to see a second page. */
const PAGE = 100;

/** Docker's release key of https://docs.docker.com/engine/install/debian/, as far as the stand-in for gpg reads one. */
const DOCKER_KEY = "stand-in for a release key\nfingerprint: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88\n";

/** What a server reaches of Google, and Docker's key: its metadata, Secret Manager, Cloud Storage; with its own identity. */
export class Google {
  readonly faults = new GoogleFaults();
  readonly buckets: Buckets;
  readonly #server: Server;
  readonly #sessions = new Map<string, { bucket: string; name: string }>();
  readonly #waiting = new Set<() => void>();
  #onRequest: (line: string) => void = () => undefined;

  constructor(private readonly options: GoogleOptions) {
    this.buckets = new Buckets(options.cloud, options.bucketDirectory);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.options.port, "127.0.0.1", resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  /** Calls back with "METHOD /path" of every request but those that wait for a change. */
  onRequest(listener: (line: string) => void): void {
    this.#onRequest = listener;
  }

  /** Tells what waits for a change of the metadata that there may be one. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Whether someone waits for a change of what the metadata says now. */
  isWaitedFor(): boolean {
    return this.#waiting.size > 0;
  }

  /** Variables that lead the server's scripts here. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${this.options.port}`;
    return {
      ERPNEXT_METADATA_URL: `${url}/computeMetadata/v1`,
      ERPNEXT_STORAGE_URL: url,
      ERPNEXT_SECRET_MANAGER_URL: url,
      ERPNEXT_DOCKER_URL: `${url}/docker`,
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://google");
    const line = `${request.method ?? ""} ${url.pathname}`;
    if (!url.searchParams.has("wait_for_change")) this.#onRequest(line);
    const effect = this.faults.due(line);
    if (typeof effect === "function") await effect();
    if (effect === "reset") {
      request.socket.destroy();
      return;
    }
    const answer =
      typeof effect === "object" ? refusal(effect.status, effect.message) : await this.#answer(request, url);
    const { method = "" } = request;
    const write = method !== "GET" && answer.status < 400;
    this.options.log.record({ service: "vm", method, path: url.pathname, write, status: answer.status });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async #answer(request: IncomingMessage, url: URL): Promise<Answer> {
    const { pathname } = url;
    const body = await bodyOf(request);
    if (pathname.startsWith(METADATA)) {
      return request.headers["metadata-flavor"] === "Google"
        ? this.#metadata(url, request)
        : { status: 403, body: "Missing Metadata-Flavor:Google header." };
    }
    if (pathname === "/docker/gpg") return { status: 200, body: DOCKER_KEY };
    if (pathname.startsWith("/session/")) return this.#store(pathname.slice("/session/".length), body);
    const email = accountOfToken((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    if (email === undefined) return refusal(401, "Request had invalid authentication credentials.");
    const { pubsub } = this.options;
    if (/^\/v1\/projects\/[^/]+\/subscriptions\//.test(pathname) && pubsub !== undefined) {
      return pubsub.answer(decodeURIComponent(pathname), `serviceAccount:${email}`, body.toString());
    }
    if (pathname.startsWith("/v1/projects/")) return accessSecret(this.options.cloud, pathname, email);
    if (pathname.startsWith("/upload/")) return this.#begin(url, email);
    return request.method === "PATCH" ? this.#update(url, email, body) : this.#read(url, email);
  }

  async #metadata(url: URL, request: IncomingMessage): Promise<Answer> {
    const { instance } = this.options;
    const path = url.pathname.slice(METADATA.length);
    if (path === "service-accounts/default/token") {
      const record = instance();
      const email = record === undefined ? "" : serviceAccountOf(record);
      return email === ""
        ? { status: 404, body: "" }
        : json({ access_token: tokenOf(email), expires_in: 3599, token_type: "Bearer" });
    }
    if (path === "attributes/") {
      if (url.searchParams.get("last_etag") === etagOf(instance())) {
        await this.#change(Number(url.searchParams.get("timeout_sec") ?? 60), request);
      }
      return { ...json(attributesOf(instance())), headers: { ETag: etagOf(instance()) } };
    }
    const value = attributesOf(instance())[path.replace(/^attributes\//, "")];
    return value === undefined ? { status: 404, body: "" } : { status: 200, body: value };
  }

  #change(seconds: number, request: IncomingMessage): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000).unref();
      request.socket.once("close", done);
      this.#waiting.add(done);
    });
  }

  /** Opens a resumable upload; its address is a credential by itself. */
  #begin(url: URL, email: string): Answer {
    const bucket = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/.exec(url.pathname)?.[1] ?? "";
    const name = url.searchParams.get("name") ?? "";
    if (!this.buckets.exists(bucket)) return refusal(404, "The specified bucket does not exist.");
    if (!this.buckets.may(email, bucket, MAY_CREATE)) {
      return refusal(403, `${email} does not have storage.objects.create access to the Google Cloud Storage object.`);
    }
    if (this.buckets.has(bucket, name)) {
      return refusal(412, "At least one of the pre-conditions you specified did not hold.");
    }
    const id = randomUUID();
    this.#sessions.set(id, { bucket, name });
    return {
      status: 200,
      body: "",
      headers: { Location: `http://127.0.0.1:${this.options.port}/session/${id}` },
    };
  }

  #store(id: string, content: Buffer): Answer {
    const session = this.#sessions.get(id);
    if (session === undefined) return refusal(404, "Not Found");
    this.#sessions.delete(id);
    this.buckets.put(session.bucket, session.name, content);
    return json(this.buckets.resource(session.bucket, session.name));
  }

  #read(url: URL, email: string): Answer {
    const [, bucket = "", name] = /^\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (!this.buckets.may(email, bucket, MAY_READ)) {
      return refusal(403, `${email} does not have storage.objects.get access to the Google Cloud Storage object.`);
    }
    if (name === undefined) return this.#list(bucket, url.searchParams);
    const object = decodeURIComponent(name);
    if (!this.buckets.has(bucket, object)) return refusal(404, `No such object: ${bucket}/${object}`);
    return url.searchParams.get("alt") === "media"
      ? { status: 200, body: this.buckets.content(bucket, object) }
      : json(this.buckets.resource(bucket, object));
  }

  /** Objects: patch, of the one field that is changed here. It never goes back in time (cloud.google.com/storage/docs/metadata, Custom-Time). */
  #update(url: URL, email: string, body: Buffer): Answer {
    const [, bucket = "", name = ""] = /^\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/.exec(url.pathname) ?? [];
    const object = decodeURIComponent(name);
    if (!this.buckets.may(email, bucket, MAY_UPDATE)) {
      return refusal(403, `${email} does not have storage.objects.update access to the Google Cloud Storage object.`);
    }
    if (!this.buckets.has(bucket, object)) return refusal(404, `No such object: ${bucket}/${object}`);
    const { customTime = "" } = JSON.parse(body.toString()) as { customTime?: string };
    if (customTime < (this.buckets.customTime(bucket, object) ?? "")) {
      return refusal(400, "Custom time cannot be removed or set to an earlier time.");
    }
    this.buckets.setCustomTime(bucket, object, customTime);
    return json(this.buckets.resource(bucket, object));
  }

  #list(bucket: string, query: URLSearchParams): Answer {
    const names = this.buckets.names(bucket, query.get("prefix") ?? "");
    const from = Number(query.get("pageToken") ?? "");
    const items = names.slice(from, from + PAGE).map((name) => {
      const customTime = this.buckets.customTime(bucket, name);
      return { name, ...(customTime === undefined ? {} : { customTime }) };
    });
    return json({ items, ...(names.length > from + PAGE ? { nextPageToken: String(from + PAGE) } : {}) });
  }
}

/** The attributes that a machine finds about itself. */
export function attributesOf(instance: CloudRecord | undefined): Readonly<Record<string, string>> {
  return instance === undefined ? {} : ((settings(instance)["metadata"] ?? {}) as Record<string, string>);
}

function etagOf(instance: CloudRecord | undefined): string {
  return createHash("sha256")
    .update(JSON.stringify(attributesOf(instance)))
    .digest("hex")
    .slice(0, 16);
}

/** The access token of a service account. */
function tokenOf(email: string): string {
  return `ya29.${Buffer.from(email).toString("base64url")}`;
}

/** Whose token it is; undefined for an unknown token. */
export function accountOfToken(token: string): string | undefined {
  if (!token.startsWith("ya29.")) return undefined;
  const email = Buffer.from(token.slice("ya29.".length), "base64url").toString();
  return email.includes("@") ? email : undefined;
}

function json(value: object): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
