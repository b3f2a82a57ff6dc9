/**
 * The list of style sheets and scripts, as Frappe keeps it (frappe/utils: get_assets_json, `cache.get_value("assets_json", shared=True)`): whichever
 * page is made first writes the list of its own image into redis-cache, and all later ones take it from there, also those of another image, until the
 * key is deleted. nginx has the files of its own image alone. Seen on Frappe 15.92.0: neither clear-cache nor migrate deletes it.
 */
export class Assets {
  #listed: string | undefined;

  /** @returns what nginx answers, "" for a 404, and undefined for what is no matter of assets. Every page fills the cache. */
  answer(path: string, tag: string): string | undefined {
    this.#listed ??= tag;
    if (path === "/login") return `<link type="text/css" rel="stylesheet" href="${sheetOf(this.#listed)}">\n`;
    if (!path.startsWith("/assets/")) return undefined;
    return path === sheetOf(tag) ? "body {}\n" : "";
  }

  /** DEL: how many keys were there. */
  forget(): number {
    const had = this.#listed === undefined ? 0 : 1;
    this.#listed = undefined;
    return had;
  }
}

/** A bundle has a hash of its content in its name; here every image has other ones. */
function sheetOf(tag: string): string {
  return `/assets/frappe/dist/css/login.bundle.${tag}.css`;
}
