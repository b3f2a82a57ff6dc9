import { type Context, Hono } from "hono";
import { setCookie } from "hono/cookie";
import { parseBody } from "hono/utils/body";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Gate } from "./auth";
import { type Fields, isFields, text } from "../frappe/document";
import { storeRequestData } from "../connector/door";
import { DOOR_PATH } from "../connector/events";
import { asException } from "../frappe/exceptions";
import { callMethod } from "./methods";
import { callResource } from "./resources";
import type { Site, Work } from "../site";

const NOT_FOUND = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";

/** What Frappe's web process answers: finds its site by Host, runs each request in one transaction. */
export function frappeApplication(site: Site, gate: Gate): Hono {
  const app = new Hono();
  app.use("*", async (context, next) => {
    const host = (context.req.header("host") ?? "").split(":")[0];
    if (host !== site.options.siteName) return context.html(NOT_FOUND, 404);
    return next();
  });
  // `cmd` in a query, form or JSON body names the method before the path is checked, and `login` signs in: seen on Frappe 15.92,
  // frappe/app.py `elif frappe.form_dict.cmd: frappe.handler.handle()`, which comes before `request.path.startswith("/api/")`.
  app.use("*", async (context: Context, next) => {
    const command = text((await formDictOf(context))["cmd"]);
    if (command === "") return next();
    return command === "login" ? signIn(site, context, gate) : callNamed(command, { site, context, gate });
  });
  app.all(DOOR_PATH, (context) =>
    inTransaction(site, context, async (work) => {
      storeRequestData(work, {
        body: Buffer.from(await context.req.arrayBuffer()),
        hmac: context.req.header("x-shopify-hmac-sha256"),
        topic: context.req.header("x-shopify-topic"),
        isJson: (context.req.header("content-type") ?? "").includes("application/json"),
      });
      return context.json({});
    }),
  );
  app.post("/api/method/login", (context) => signIn(site, context, gate));
  app.all("/api/method/:path", (context) => callNamed(context.req.param("path"), { site, context, gate }));
  for (const path of ["/api/resource/:doctype", "/api/resource/:doctype/:name{.+}"]) {
    app.all(path, (context) => resource(site, context, gate));
  }
  app.on("GET", ["/login", "/assets/*"], async (context, next) => {
    const page = site.options.page?.(context.req.path) ?? "";
    if (page === "") return next();
    return context.body(page, 200, { "Content-Type": context.req.path === "/login" ? "text/html" : "text/css" });
  });
  app.get("/", (context) => context.html("<!doctype html>\n<title>Login</title>\n"));
  app.notFound((context) => context.html(NOT_FOUND, 404));
  return app;
}

function callNamed(
  method: string,
  { site, context, gate }: { site: Site; context: Context; gate: Gate },
): Promise<Response> {
  return inTransaction(site, context, async (work) => {
    const user = userOf(gate, context);
    const message = await callMethod(method, { work, user, params: await paramsOf(context) });
    return context.json(message === null || message === undefined ? {} : { message });
  });
}

function resource(site: Site, context: Context, gate: Gate): Promise<Response> {
  return inTransaction(site, context, async (work) => {
    const user = userOf(gate, context);
    const { doctype = "", name } = context.req.param() as { doctype?: string; name?: string };
    const call = { work, user, verb: context.req.method, doctype, name, params: await paramsOf(context) };
    const { status, body } = await callResource(call);
    return context.json(body, status as ContentfulStatusCode);
  });
}

function signIn(site: Site, context: Context, gate: Gate): Promise<Response> {
  return inTransaction(site, context, async () => {
    const { usr, pwd } = await paramsOf(context);
    const session = gate.signIn(text(usr), text(pwd));
    setCookie(context, "sid", session, { httpOnly: true, path: "/", sameSite: "Lax" });
    return context.json({ message: "Logged In", home_page: "/app", full_name: text(usr) });
  });
}

async function inTransaction(
  site: Site,
  context: Context,
  answer: (work: Work) => Promise<Response>,
): Promise<Response> {
  const tx = site.store.begin();
  const host = context.req.header("host") ?? "";
  try {
    const response = await answer({ site, tx, host, signal: site.stopping });
    tx.commit();
    return response;
  } catch (error) {
    const exception = asException(error);
    return context.json(exception.body(), exception.raised.status as ContentfulStatusCode);
  } finally {
    tx.rollback();
  }
}

function userOf(gate: Gate, context: Context): string {
  return gate.userOf(context.req.header("authorization"), context.req.header("cookie"));
}

/**
 * What Frappe's `make_form_dict` finds: a JSON body alone, else query and form. A body of another type is not looked at, and one
 * that calls itself JSON and is not fails later, where its route reads it.
 */
async function formDictOf(context: Context): Promise<Fields> {
  const type = context.req.header("content-type") ?? "";
  // Of a copy, because the door's signature is over the very bytes.
  const copy = context.req.raw.clone();
  if (type.includes("json")) {
    const read: unknown = await copy.json().catch(() => undefined);
    return isFields(read) ? read : {};
  }
  if (!/urlencoded|multipart/.test(type)) return context.req.query();
  const form = (await parseBody(copy)) as Fields;
  return { ...context.req.query(), ...form };
}

/** The parameters of a request: those of the query, over them those of a JSON or form body. */
async function paramsOf(context: Context): Promise<Fields> {
  const query: Fields = context.req.query();
  if (context.req.method === "GET" || context.req.method === "DELETE") return query;
  const type = context.req.header("content-type") ?? "";
  if (type.includes("form")) return { ...query, ...((await context.req.parseBody()) as Fields) };
  const raw = await context.req.text();
  if (raw === "") return query;
  const body: unknown = JSON.parse(raw);
  return isFields(body) ? { ...query, ...body } : query;
}
