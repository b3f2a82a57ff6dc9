/** What a page says, for tests: the text of an element with an id, as a reader sees it in one line. */
export function textOf(html: string, id: string): string {
  return readable(elementOf(html, id));
}

/** The HTML inside an element with an id. Elements of its own kind inside it are counted. */
export function elementOf(html: string, id: string): string {
  const opening = new RegExp(`<(\\w+)[^>]*\\bid="${id}"[^>]*>`).exec(html);
  if (opening?.[1] === undefined) throw new Error(`the page has no element with the id "${id}"`);
  const tags = new RegExp(`<(/?)${opening[1]}\\b[^>]*>`, "g");
  const start = opening.index + opening[0].length;
  tags.lastIndex = start;
  let depth = 1;
  for (let tag = tags.exec(html); tag !== null; tag = tags.exec(html)) {
    depth += tag[1] === "/" ? -1 : 1;
    if (depth === 0) return html.slice(start, tag.index);
  }
  throw new Error(`the element with the id "${id}" does not end`);
}

/** The rows of the first table in a piece of HTML, cell by cell. */
export function rowsOf(html: string): string[][] {
  return [...html.matchAll(/<tr\b[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd]\b[^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => readable(cell)),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** Without tags; what is set apart on the page by its box is set apart by a space. */
export function readable(html: string): string {
  return html
    .replace(/<(svg|template|title)\b.*?<\/\1>/gs, "")
    .replace(/<\/?(?:p|li|dd|dt|h\d|div|td|th|tr|a|span|summary|caption|article)\b[^>]*>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:])/g, "$1")
    .trim();
}
