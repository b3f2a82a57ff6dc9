import type { Context } from "hono";

import type { ConsoleContext } from "../app";
import { renderPage } from "../page";
import { bundledAssets } from "../page/assets";

/** `GET /?reason=…&search=…&after=…`: the page, with the list that its address asks for. */
export async function servePage(context: Context<ConsoleContext>): Promise<Response> {
  const { searchParams: parameters } = new URL(context.req.url);
  const request = { parameters, now: new Date(), assets: bundledAssets() };
  return context.html(await renderPage(context.var.reader, request));
}
