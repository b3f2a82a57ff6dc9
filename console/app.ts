import { Hono, type MiddlewareHandler } from "hono";

import { writerFor, type Writer } from "../core/messages";
import type { AccessGate } from "./access";
import type { ConsoleEnv } from "./env";
import { secured } from "./headers";
import { log } from "./log";
import type { ConsoleReader } from "./model";
import { CSV_PATH, FEED_PATH, MONEY_CSV_PATH, STATUS_PATH } from "./page/api";
import { serveFeed } from "./routes/feed";
import { serveAsset } from "./routes/asset";
import { serveGapsCsv, serveMoneyCsv } from "./routes/gaps-csv";
import { servePage } from "./routes/page";
import { serveStatus } from "./routes/status";
import { forLog } from "./scan/why";
import { readSettings, type Settings } from "./settings";
import { StoredReader } from "./store/reader";

/** What a route finds in its context. */
export interface ConsoleContext {
  readonly Bindings: ConsoleEnv;
  readonly Variables: { readonly reader: ConsoleReader; readonly settings: Settings };
}

export interface AppMeans {
  readonly gateOf: (settings: Settings) => AccessGate;
  /** Looks for what is new on both sides, unless someone did so just now. */
  readonly refreshFeed: (settings: Settings, env: ConsoleEnv) => Promise<void>;
}

const READING = new Set(["GET", "HEAD"]);

/** What the Worker answers itself to people whom Access has not let in. */
const REFUSED_WITH = { refused: 403, unreachable: 503 } as const;

/** The console's addresses. Everything is behind Access; everything only reads. */
export function consoleApp(means: AppMeans): Hono<ConsoleContext> {
  const app = new Hono<ConsoleContext>();
  app.use("*", secured);
  app.use("*", admission(means));
  app.get("/", servePage);
  app.get(CSV_PATH, serveGapsCsv);
  app.get(MONEY_CSV_PATH, serveMoneyCsv);
  app.get("/assets/:name", serveAsset);
  app.get(FEED_PATH, serveFeed(means.refreshFeed));
  app.get(STATUS_PATH, serveStatus);
  app.notFound((context) => context.text(wordsFor(context.env).t("refusal.notFound"), 404));
  app.onError((error, context) => {
    log("warn", "request-failed", { path: context.req.path, why: forLog(error) });
    return context.text(wordsFor(context.env).t("refusal.failed"), 500);
  });
  return app;
}

function wordsFor(env: ConsoleEnv): Writer {
  return writerFor(readSettings(env).company.locale);
}

function admission({ gateOf }: AppMeans): MiddlewareHandler<ConsoleContext> {
  return async (context, next) => {
    const settings = readSettings(context.env);
    const admitted = await gateOf(settings).admit(context.req.raw.headers);
    if (admitted !== "allowed") {
      return context.text(wordsFor(context.env).t(`refusal.${admitted}`), REFUSED_WITH[admitted]);
    }
    if (!READING.has(context.req.method)) {
      context.header("Allow", "GET, HEAD");
      return context.text(wordsFor(context.env).t("refusal.readOnly"), 405);
    }
    context.set("settings", settings);
    context.set("reader", new StoredReader(context.env.DATABASE, settings));
    await next();
    return undefined;
  };
}
