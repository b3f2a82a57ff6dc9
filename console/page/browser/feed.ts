import { FEED_LENGTH, FEED_PATH, type FeedAnswer } from "../api";
import type { FeedEntry } from "../../model";
import { webAddress, type Format } from "../format";
import { ask } from "./ask";
import { element, part } from "./dom";

/** Asks for what appeared since the newest entry, and puts it on top. */
export function feedReader(format: () => Format): () => Promise<void> {
  const list = element("feed-list");
  let newest = Number(list.dataset["newest"]);
  return async () => {
    const answer = await ask(`${FEED_PATH}?after=${newest}`);
    const { entries } = (await answer.json()) as FeedAnswer;
    const fresh = entries.filter(({ id }) => id > newest).sort((one, other) => one.id - other.id);
    for (const entry of fresh) list.prepend(entryOf(entry, format()));
    newest = fresh.at(-1)?.id ?? newest;
    while (list.children.length > FEED_LENGTH) list.lastElementChild?.remove();
    element("feed-empty").hidden = list.children.length > 0;
  };
}

/** Made of the page's own template, and only by setting texts: a name can never become an element. */
function entryOf(entry: FeedEntry, format: Format): DocumentFragment {
  const template = element("feed-entry") as HTMLTemplateElement;
  const made = document.importNode(template.content, true);
  part(made, "entry").classList.add(`entry-${entry.side}`);
  const time = part(made, "entry-time");
  time.textContent = format.moment(entry.at);
  time.setAttribute("datetime", entry.at);
  part(made, "entry-side").textContent = entry.side === "shopify" ? "Shopify" : "ERPNext";
  part(made, "entry-kind").textContent = entry.kind;
  const title = part(made, "entry-title");
  title.textContent = entry.title;
  const address = webAddress(entry.url);
  if (address !== undefined) title.setAttribute("href", address);
  part(made, "entry-amount").textContent = entry.amount === null ? "" : format.money(entry.amount);
  return made;
}
