import type { FC } from "hono/jsx";

import type { CompanyFormat, FeedEntry } from "../../model";
import { webAddress, type PageFormat } from "../format";
import { Panel } from "./parts";

interface FeedProps {
  readonly entries: readonly FeedEntry[];
  readonly company: CompanyFormat;
  readonly format: PageFormat;
}

/** What appeared on either side, newest first. The script adds what comes later, made like the template at the end. */
export const Feed: FC<FeedProps> = ({ entries, company, format }) => (
  <Panel id="feed" title={format.t("feed.title")}>
    <p class="hint" data-static>
      {format.t("feed.reload")}
    </p>
    <ol
      class="feed"
      id="feed-list"
      aria-live="polite"
      aria-relevant="additions"
      aria-label={format.t("feed.label")}
      data-newest={String(entries[0]?.id ?? 0)}
      data-company={JSON.stringify(company)}
    >
      {entries.map((entry) => (
        <Entry entry={entry} format={format} />
      ))}
    </ol>
    <p class="empty" id="feed-empty" hidden={entries.length > 0}>
      {format.t("feed.empty")}
    </p>
    <template id="feed-entry">
      <EntryShape />
    </template>
  </Panel>
);

const Entry: FC<{ entry: FeedEntry; format: PageFormat }> = ({ entry, format }) => (
  <li class={`entry entry-${entry.side}`} data-id={String(entry.id)}>
    <time class="entry-time" datetime={entry.at}>
      {format.moment(entry.at)}
    </time>
    <span class="entry-side">{entry.side === "shopify" ? "Shopify" : "ERPNext"}</span>
    <span class="entry-what">
      <span class="entry-kind">{entry.kind}</span>{" "}
      <a class="entry-title" href={webAddress(entry.url)} target="_blank" rel="noopener noreferrer">
        {entry.title}
      </a>
    </span>
    <span class="entry-amount">{entry.amount === null ? "" : format.money(entry.amount)}</span>
  </li>
);

/** An entry without its words. */
const EntryShape: FC = () => (
  <li class="entry entry-new">
    <time class="entry-time" />
    <span class="entry-side" />
    <span class="entry-what">
      <span class="entry-kind" /> <a class="entry-title" target="_blank" rel="noopener noreferrer" />
    </span>
    <span class="entry-amount" />
  </li>
);
