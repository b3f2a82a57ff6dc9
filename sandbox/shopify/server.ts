import type { Server } from "node:http";
import type { Socket } from "node:net";
import { serve, type HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import type { Clock } from "../clock";
import type { RequestLog } from "../request-log";
import { appOfToken, grantToken, type App } from "./apps";
import type { FaultKind, FaultPlan } from "./faults";
import { answerGraphql, describeOperation, type GraphqlRequest } from "./graphql/execute";
import type { LeakyBucket } from "./leaky-bucket";
import { answerRest } from "./rest/router";
import type { Shop } from "./shop";
import { servedVersion, type AdminVersion } from "./versions";

type ShopifyContext = Context<{ Bindings: HttpBindings }>;

/** What the server asks the stand-in for. */
export interface ServerMeans {
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly faults: FaultPlan;
  /** The shop that a Host header names; the default shop for an address of this machine; undefined for any other name. */
  readonly shopFor: (host: string) => Shop | undefined;
  readonly bucketFor: (shop: Shop, app: App, api: "graphql" | "rest") => LeakyBucket;
  /** Called after a token was granted. */
  readonly changed: () => void;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as far as it can be told before it is answered. */
interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly host: string;
  readonly token: string | undefined;
  readonly text: string;
  readonly contentType: string;
  readonly write: boolean;
  readonly summary: string;
  readonly graphql: GraphqlRequest | undefined;
}

const unauthorised: Reply = {
  status: 401,
  body: { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" },
};
const unknown: Reply = { status: 404, body: { errors: "Not Found" } };
const adminPath = /^\/admin\/api\/([^/]+)\/(.+)$/;
const tokenPath = "/admin/oauth/access_token";

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function graphqlBody(text: string, contentType: string): GraphqlRequest | undefined {
  if (contentType.startsWith("application/graphql")) return { query: text, variables: {}, operationName: undefined };
  const { query, variables, operationName } = parseJson(text);
  if (typeof query !== "string") return undefined;
  return {
    query,
    variables: typeof variables === "object" && variables !== null ? (variables as Record<string, unknown>) : {},
    operationName: typeof operationName === "string" ? operationName : undefined,
  };
}

async function readRequest(context: ShopifyContext): Promise<Incoming> {
  const { req } = context;
  const url = new URL(req.url);
  const contentType = req.header("Content-Type") ?? "";
  const text = req.method === "GET" ? "" : await req.text();
  const base = { method: req.method, path: url.pathname, url, text, contentType };
  const who = { host: req.header("Host") ?? "", token: req.header("X-Shopify-Access-Token") };
  if (url.pathname.endsWith("/graphql.json")) {
    const graphql = graphqlBody(text, contentType);
    const what = graphql === undefined ? { write: false, summary: "no query" } : describeOperation(graphql);
    return { ...base, ...who, ...what, graphql };
  }
  // A grant gives a token and changes nothing that a shop or an app would show.
  const write = req.method !== "GET" && url.pathname !== tokenPath;
  return { ...base, ...who, write, summary: "", graphql: undefined };
}

function answerGrant(means: ServerMeans, shop: Shop, incoming: Incoming): Reply {
  const form = incoming.contentType.startsWith("application/x-www-form-urlencoded");
  const fields = form ? Object.fromEntries(new URLSearchParams(incoming.text)) : parseJson(incoming.text);
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === "string" ? value : undefined;
  };
  const request = { grantType: text("grant_type"), clientId: text("client_id"), clientSecret: text("client_secret") };
  const grant = grantToken(shop.state.apps, request, means.clock);
  if (!grant.ok) return { status: grant.status, body: { error: grant.error, error_description: grant.description } };
  means.changed();
  return { status: 200, body: { access_token: grant.accessToken, scope: grant.scope, expires_in: grant.expiresIn } };
}

interface Asked {
  readonly shop: Shop;
  readonly app: App;
  readonly version: AdminVersion;
  readonly incoming: Incoming;
}

async function answerGraphqlRequest(means: ServerMeans, asked: Asked): Promise<Reply> {
  const { graphql } = asked.incoming;
  if (graphql === undefined) {
    return { status: 400, body: { errors: { query: "Required parameter missing or invalid" } } };
  }
  const { shop, app, version } = asked;
  const bucket = means.bucketFor(shop, app, "graphql");
  const context = { shop, app, now: means.clock.now(), remarks: [] };
  return { status: 200, body: await answerGraphql({ ...graphql, version, bucket, context }) };
}

function answerRestRequest(means: ServerMeans, asked: Asked, path: string): Reply {
  const { shop, app, incoming } = asked;
  const bucket = means.bucketFor(shop, app, "rest");
  if (!bucket.take(1)) return tooManyCalls(bucket);
  const named = incoming.host.split(":")[0] === shop.state.domain;
  const answer = answerRest(incoming.method, path, {
    shop,
    app,
    now: means.clock.now(),
    params: incoming.url.searchParams,
    body: parseJson(incoming.text),
    url: `${named ? `https://${shop.state.domain}` : `http://${incoming.host}`}${incoming.path}`,
  });
  const used = bucket.size.maximum - Math.floor(bucket.available);
  const headers = "headers" in answer ? answer.headers : {};
  return {
    ...answer,
    headers: { ...headers, "X-Shopify-Shop-Api-Call-Limit": `${used}/${bucket.size.maximum}` },
  };
}

function tooManyCalls(bucket: LeakyBucket): Reply {
  const rate = bucket.size.restorePerSecond;
  const advice = "Reduce request rates to resume uninterrupted service.";
  return {
    status: 429,
    body: { errors: `Exceeded ${rate} calls per second for api client. ${advice}` },
    headers: {
      "Retry-After": "2.0",
      "X-Shopify-Shop-Api-Call-Limit": `${bucket.size.maximum}/${bucket.size.maximum}`,
    },
  };
}

async function answer(means: ServerMeans, incoming: Incoming): Promise<Reply> {
  const shop = means.shopFor(incoming.host);
  if (shop === undefined) return unknown;
  if (incoming.path === tokenPath) return incoming.method === "POST" ? answerGrant(means, shop, incoming) : unknown;
  const [, requested = "", path = ""] = adminPath.exec(incoming.path) ?? [];
  const version = servedVersion(requested);
  if (version === undefined) return unknown;
  const app = appOfToken(shop.state.apps, incoming.token ?? "", means.clock);
  const served = { "X-Shopify-API-Version": version };
  if (app === undefined) return { ...unauthorised, headers: served };
  const asked: Asked = { shop, app, version, incoming };
  const reply =
    path === "graphql.json" && incoming.method === "POST"
      ? await answerGraphqlRequest(means, asked)
      : answerRestRequest(means, asked, path);
  return { ...reply, headers: { ...reply.headers, ...served } };
}

const faultReplies: Readonly<Record<"500" | "429" | "html", Response>> = {
  "500": Response.json({ errors: "Internal Server Error" }, { status: 500 }),
  "429": Response.json({ errors: "Too Many Requests" }, { status: 429, headers: { "Retry-After": "1.0" } }),
  html: new Response("<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>", {
    status: 502,
    headers: { "Content-Type": "text/html" },
  }),
};

/** Answers as a failing Shopify does. A hanging request stays open until the caller or the server closes the connection. */
function fail(fault: FaultKind, socket: Socket): Response | Promise<Response> {
  if (fault === "500" || fault === "429" || fault === "html") return faultReplies[fault].clone();
  if (fault === "reset") socket.resetAndDestroy();
  return new Promise<Response>(() => undefined);
}

const faultStatus: Readonly<Record<FaultKind, number>> = { "500": 500, "429": 429, html: 502, hang: 0, reset: 0 };

function record(means: ServerMeans, { method, path, write, summary }: Incoming, status: number): void {
  means.log.record({ service: "shopify", method, path, write, status, ...(summary === "" ? {} : { summary }) });
}

/**
 * Listens on 127.0.0.1. Every request is logged once answered; one that is left hanging or cut off is logged with status 0.
 *
 * @param port - 0 for any free one.
 */
export async function listen(means: ServerMeans, port: number): Promise<Server> {
  const hono = new Hono<{ Bindings: HttpBindings }>();
  hono.all("*", async (context) => {
    const incoming = await readRequest(context);
    const fault = means.faults.take(`${incoming.method} ${incoming.path} ${incoming.summary}`);
    if (fault !== undefined) {
      record(means, incoming, faultStatus[fault]);
      return fail(fault, context.env.incoming.socket);
    }
    const reply = await answer(means, incoming);
    record(means, incoming, reply.status);
    return Response.json(reply.body, { status: reply.status, headers: { ...reply.headers } });
  });
  return await new Promise((resolve) => {
    const server = serve({ fetch: hono.fetch, port, hostname: "127.0.0.1" }, () => {
      resolve(server as Server);
    });
  });
}
