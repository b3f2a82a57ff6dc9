/** A file that the page asks for. Its path holds a hash of its content, so a browser may keep it forever. */
export interface Asset {
  /** For example "/assets/page-1f0c9a7be2d4.css". */
  readonly path: string;
  /** The media type, with its charset. */
  readonly type: string;
  readonly body: string;
}

export interface PageAssets {
  readonly styles: Asset;
  readonly script: Asset;
  readonly icon: Asset;
}

/** Put in by the bundler (console/build.ts): a Worker has no files to read. */
declare const CONSOLE_ASSETS: PageAssets;

/** What was bundled with the Worker. A program that was not bundled gets them from `buildAssets` of console/build.ts. */
export function bundledAssets(): PageAssets {
  return CONSOLE_ASSETS;
}

/** The asset at a path, for the Worker to answer with. */
export function assetAt(assets: PageAssets, path: string): Asset | undefined {
  return [assets.styles, assets.script, assets.icon].find((asset) => asset.path === path);
}

/** What the Worker says about an asset's age. */
export const ASSET_CACHE_CONTROL = "public, max-age=31536000, immutable";

/**
 * The policy that the page is written for: nothing but its own two files and its icon, no inline script and no inline
 * style, forms and requests to itself only, and no other page may frame it.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");
