import type { FC } from "hono/jsx";

import type { PageFormat } from "../format";
import { pageHref, toggled, type GapView } from "../query";
import { REASON_GROUPS, type Reason } from "../reasons";

interface FilterProps {
  readonly gapCounts: Readonly<Partial<Record<Reason, number>>>;
  readonly view: GapView;
  readonly format: PageFormat;
}

/** How many there are for each reason; each is a link that chooses it, or lets it go. */
export const Filter: FC<FilterProps> = ({ gapCounts, view, format }) => {
  const shown = (reason: Reason): boolean => (gapCounts[reason] ?? 0) > 0 || view.reasons.includes(reason);
  const groups = REASON_GROUPS.map(({ kind, reasons }) => ({ kind, reasons: reasons.filter(shown) })).filter(
    ({ reasons }) => reasons.length > 0,
  );
  const all = Object.values(gapCounts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      {view.reasons.map((reason) => (
        <input type="hidden" name="reason" value={reason} form="gap-search" />
      ))}
      {view.month === undefined ? null : (
        <>
          <input type="hidden" name="month" value={view.month} form="gap-search" />
          <Chip name="month" href={pageHref(everyMonth(view))} chosen>
            {format.month(view.month)} ×
          </Chip>
        </>
      )}
      {groups.length === 0 ? null : (
        <nav class="filter" aria-label={format.t("gaps.byReason")}>
          <Chip name="all" href={pageHref({ ...view, reasons: [], after: null })} chosen={view.reasons.length === 0}>
            {format.t("gaps.all")} <Count of={all} format={format} />
          </Chip>
          {groups.map(({ kind, reasons }) => (
            <div class="filter-group">
              <h3 class="filter-title">{format.t(`gaps.${kind}`)}</h3>
              <ul>
                {reasons.map((reason) => (
                  <li>
                    <Chip name={reason} href={pageHref(toggled(view, reason))} chosen={view.reasons.includes(reason)}>
                      {format.t(`reason.${reason}`)} <Count of={gapCounts[reason] ?? 0} format={format} />
                    </Chip>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
      )}
    </>
  );
};

function everyMonth({ reasons, search }: GapView): GapView {
  return { reasons, search, after: null };
}

interface ChipProps {
  readonly name: string;
  readonly href: string;
  readonly chosen: boolean;
  readonly children: unknown;
}

/** Known to the script by its name, because what it leads to changes with what is chosen. */
const Chip: FC<ChipProps> = ({ name, href, chosen, children }) => (
  <a class="chip" data-keep={`chip-${name}`} href={href} aria-current={chosen ? "true" : undefined}>
    {children}
  </a>
);

const Count: FC<{ of: number; format: PageFormat }> = ({ of, format }) => (
  <span class="chip-count">{format.number(of)}</span>
);
