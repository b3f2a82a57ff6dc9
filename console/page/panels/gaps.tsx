import type { FC } from "hono/jsx";

import { ADVICE } from "../../../reconciliation/advice";
import type { GapPage, ScanReport } from "../../model";
import type { Format } from "../format";
import { csvHref, pageHref, type GapView } from "../query";
import { REASON_GROUPS, REASON_WORDS, type Reason } from "../words";
import { GapTable } from "./gap-table";
import { Filter } from "./gap-filter";
import { Mark, Panel } from "./parts";
import { ScanNotices, ScanState } from "./scan";

export interface GapsProps {
  readonly page: GapPage;
  readonly gapCounts: Readonly<Partial<Record<Reason, number>>>;
  readonly view: GapView;
  readonly scan: ScanReport;
  readonly format: Format;
}

/** The orders that are missing or differ, and why. The address holds what is chosen, searched and paged to. */
export const Gaps: FC<GapsProps> = (props) => (
  <Panel id="gaps" title="Not synced: orders and why">
    <div data-swap="gap-notices">
      <ScanState scan={props.scan} format={props.format} />
      <ScanNotices scan={props.scan} format={props.format} />
    </div>
    <form class="search" id="gap-search" role="search" method="get" action="/#gaps">
      <label for="search">Search</label>
      <input
        id="search"
        name="search"
        type="search"
        maxlength={100}
        value={props.view.search}
        autocomplete="off"
        spellcheck={false}
        aria-describedby="search-hint"
      />
      <button type="submit">Search</button>
      <p class="hint" id="search-hint">
        An order, a document, or words of the reason
      </p>
    </form>
    <div data-swap="gap-filter">
      <Filter {...props} />
    </div>
    <p class="matches" role="status" data-swap="gap-matches">
      {matches(props)}
    </p>
    <div data-swap="gap-list">
      <List {...props} />
    </div>
    <Meanings />
  </Panel>
);

function matches({ page, view, format }: GapsProps): string {
  const month = view.month === undefined ? "" : ` in ${format.month(view.month)}`;
  const found = `${view.search === "" ? "found" : `found with "${view.search}"`}${month}`;
  if (page.total > 0) return `${format.number(page.total)} ${found}, newest first`;
  return view.search === "" ? "" : `None ${found}`;
}

const List: FC<GapsProps> = (props) => {
  const { page, view, format } = props;
  if (page.gaps.length === 0) return <Nothing {...props} />;
  return (
    <>
      <GapTable gaps={page.gaps} format={format} />
      <Paging page={page} view={view} />
    </>
  );
};

/** An empty list has four meanings, and only one of them is good. */
const Nothing: FC<GapsProps> = ({ page, view, gapCounts, scan }) => {
  const chosen = view.search !== "" || view.reasons.length > 0 || view.month !== undefined;
  if (page.total > 0 || view.after !== null) {
    const first = pageHref({ ...view, after: null });
    return <Empty text="This page of the list is empty." href={first} link="Go to its first page" />;
  }
  if (chosen || Object.values(gapCounts).some((count) => count > 0)) {
    const all = pageHref({ reasons: [], search: "", after: null });
    return <Empty text="No order matches." href={all} link="Show all" />;
  }
  if (!scan.complete)
    return <p class="empty">Unknown: nothing has been found so far, and the comparison has not ended.</p>;
  return (
    <div class="calm">
      <Mark state="good" />
      <p>
        {scan.visibleSince === null ? "Everything is in sync." : "Everything that can be seen is in sync."} Every order
        in Shopify is in ERPNext, with its documents and the same money.
      </p>
    </div>
  );
};

const Empty: FC<{ text: string; href: string; link: string }> = ({ text, href, link }) => (
  <p class="empty">
    {text} <a href={href}>{link}</a>
  </p>
);

const Paging: FC<{ page: GapPage; view: GapView }> = ({ page, view }) => (
  <nav class="paging" aria-label="Pages of the list">
    {view.after === null ? null : <a href={pageHref({ ...view, after: null })}>First page</a>}
    {page.next === null ? null : (
      <a href={pageHref({ ...view, after: page.next })} rel="next">
        Next page
      </a>
    )}
    <a class="csv" href={csvHref(view)} download="">
      Download as CSV
    </a>
  </nav>
);

const Meanings: FC = () => (
  <details class="meanings">
    <summary>What the reasons mean, and what to do</summary>
    {REASON_GROUPS.map(({ title, reasons }) => (
      <>
        <h3>{title}</h3>
        <dl>
          {reasons.map((reason) => (
            <div>
              <dt>{REASON_WORDS[reason].label}</dt>
              <dd>{ADVICE[reason]}</dd>
            </div>
          ))}
        </dl>
      </>
    ))}
  </details>
);
