import type { Context } from "hono";

import type { AppMeans, ConsoleContext } from "../app";
import { feedAnswer } from "../page/answers";

/**
 * `GET /api/feed?after=<id>`: what appeared since, the newest first. Each question has both sides looked at for what is new,
 * though no more often than {@link AppMeans.refreshFeed} allows; the next question finds it.
 */
export function serveFeed(refreshFeed: AppMeans["refreshFeed"]) {
  return async (context: Context<ConsoleContext>): Promise<Response> => {
    const after = /^\d{1,15}$/.exec(context.req.query("after") ?? "")?.[0];
    const answer = await feedAnswer(context.var.reader, after === undefined ? null : Number(after));
    context.executionCtx.waitUntil(refreshFeed(context.var.settings, context.env));
    return context.json(answer);
  };
}
