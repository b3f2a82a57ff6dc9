import type { Context } from "hono";

import type { ConsoleContext } from "../app";
import { ASSET_CACHE_CONTROL, assetAt, bundledAssets } from "../page/assets";

/** `GET /assets/…`: the page's own files, whose addresses hold a hash of their content. */
export function serveAsset(context: Context<ConsoleContext>): Response | Promise<Response> {
  const asset = assetAt(bundledAssets(), context.req.path);
  if (asset === undefined) return context.notFound();
  return context.body(asset.body, 200, { "Content-Type": asset.type, "Cache-Control": ASSET_CACHE_CONTROL });
}
