import type { FC } from "hono/jsx";

import type { GapPage, ScanReport } from "../../model";
import type { PageFormat } from "../format";
import { csvHref, pageHref, type GapView } from "../query";
import { REASON_GROUPS, type Reason } from "../reasons";
import { GapTable } from "./gap-table";
import { Filter } from "./gap-filter";
import { Mark, Panel } from "./parts";
import { ScanNotices, ScanState } from "./scan";

export interface GapsProps {
  readonly page: GapPage;
  readonly gapCounts: Readonly<Partial<Record<Reason, number>>>;
  readonly view: GapView;
  readonly scan: ScanReport;
  readonly format: PageFormat;
}

/** The orders that are missing or differ, and why. The address holds what is chosen, searched and paged to. */
export const Gaps: FC<GapsProps> = (props) => (
  <Panel id="gaps" title={props.format.t("gaps.title")}>
    <div data-swap="gap-notices">
      <ScanState scan={props.scan} format={props.format} />
      <ScanNotices scan={props.scan} format={props.format} />
    </div>
    <form class="search" id="gap-search" role="search" method="get" action="/#gaps">
      <label for="search">{props.format.t("gaps.search")}</label>
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
      <button type="submit">{props.format.t("gaps.search")}</button>
      <p class="hint" id="search-hint">
        {props.format.t("gaps.searchHint")}
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
    <Meanings format={props.format} />
  </Panel>
);

function matches({ page, view, format }: GapsProps): string {
  const { search } = view;
  const count = format.number(page.total);
  const month = view.month === undefined ? undefined : format.month(view.month);
  if (page.total === 0 && search === "") return "";
  if (page.total === 0) {
    return month === undefined ? format.t("gaps.noneWith", { search }) : format.t("gaps.noneWithIn", { search, month });
  }
  if (search === "") {
    return month === undefined ? format.t("gaps.found", { count }) : format.t("gaps.foundIn", { count, month });
  }
  return month === undefined
    ? format.t("gaps.foundWith", { count, search })
    : format.t("gaps.foundWithIn", { count, search, month });
}

const List: FC<GapsProps> = (props) => {
  const { page, view, format } = props;
  if (page.gaps.length === 0) return <Nothing {...props} />;
  return (
    <>
      <GapTable gaps={page.gaps} format={format} />
      <Paging page={page} view={view} format={format} />
    </>
  );
};

/** An empty list has four meanings, and only one of them is good. */
const Nothing: FC<GapsProps> = ({ page, view, gapCounts, scan, format }) => {
  const chosen = view.search !== "" || view.reasons.length > 0 || view.month !== undefined;
  if (page.total > 0 || view.after !== null) {
    const first = pageHref({ ...view, after: null });
    return <Empty text={format.t("gaps.emptyPage")} href={first} link={format.t("gaps.toFirstPage")} />;
  }
  if (chosen || Object.values(gapCounts).some((count) => count > 0)) {
    const all = pageHref({ reasons: [], search: "", after: null });
    return <Empty text={format.t("gaps.noMatch")} href={all} link={format.t("gaps.showAll")} />;
  }
  if (!scan.complete) return <p class="empty">{format.t("gaps.notEnded")}</p>;
  return (
    <div class="calm">
      <Mark state="good" />
      <p>{format.t(scan.visibleSince === null ? "gaps.inSync" : "gaps.visibleInSync")}</p>
    </div>
  );
};

const Empty: FC<{ text: string; href: string; link: string }> = ({ text, href, link }) => (
  <p class="empty">
    {text} <a href={href}>{link}</a>
  </p>
);

const Paging: FC<{ page: GapPage; view: GapView; format: PageFormat }> = ({ page, view, format }) => (
  <nav class="paging" aria-label={format.t("gaps.pages")}>
    {view.after === null ? null : <a href={pageHref({ ...view, after: null })}>{format.t("gaps.firstPage")}</a>}
    {page.next === null ? null : (
      <a href={pageHref({ ...view, after: page.next })} rel="next">
        {format.t("gaps.nextPage")}
      </a>
    )}
    <a class="csv" href={csvHref(view)} download="">
      {format.t("gaps.csv")}
    </a>
  </nav>
);

const Meanings: FC<{ format: PageFormat }> = ({ format }) => (
  <details class="meanings">
    <summary>{format.t("gaps.meanings")}</summary>
    {REASON_GROUPS.map(({ kind, reasons }) => (
      <>
        <h3>{format.t(`gaps.${kind}`)}</h3>
        <dl>
          {reasons.map((reason) => (
            <div>
              <dt>{format.t(`reason.${reason}`)}</dt>
              <dd>{format.t(`advice.${reason}`)}</dd>
            </div>
          ))}
        </dl>
      </>
    ))}
  </details>
);
