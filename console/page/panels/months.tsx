import type { FC } from "hono/jsx";

import type { MonthCoverage, ScanReport } from "../../model";
import { CHART_HEIGHT, columnOf, newestMonths, SERIES, seriesOf, totalOf, type Series } from "../chart";
import type { PageFormat } from "../format";
import { Panel } from "./parts";
import { ScanHint } from "./scan";

/** How many months the chart shows; a phone shows the newer half of them. */
const CHART_MONTHS = 24;

interface MonthsProps {
  readonly months: readonly MonthCoverage[];
  readonly scan: ScanReport;
  readonly format: PageFormat;
}

/** Orders by month: a chart, and the same figures as a table. */
export const Months: FC<MonthsProps> = ({ months, scan, format }) => (
  <Panel id="months" title={format.t("months.title")}>
    <div data-swap="months">
      <ScanHint scan={scan} format={format} />
      {months.length === 0 ? (
        <p class="empty">{format.t(scan.complete ? "months.none" : "months.notCompared")}</p>
      ) : (
        <>
          <Chart months={newestMonths(months, CHART_MONTHS)} format={format} />
          <Figures months={[...months].sort((a, b) => (a.month < b.month ? 1 : -1))} format={format} />
        </>
      )}
    </div>
  </Panel>
);

const Chart: FC<{ months: readonly MonthCoverage[]; format: PageFormat }> = ({ months, format }) => {
  const highest = Math.max(1, ...months.map((month) => totalOf(seriesOf(month))));
  const present = SERIES.filter((series) => months.some((month) => seriesOf(month)[series] > 0));
  return (
    <figure class="chart" aria-label={format.t("months.chart")}>
      <div class="columns" aria-hidden="true">
        {months.map((month, index) => (
          <Column month={month} highest={highest} format={format} year={yearUnder(months, index)} />
        ))}
      </div>
      <figcaption class="legend">
        {present.map((series) => (
          <Key series={series} format={format} />
        ))}
      </figcaption>
    </figure>
  );
};

interface ColumnProps {
  readonly month: MonthCoverage;
  readonly highest: number;
  readonly format: PageFormat;
  /** What is written under it beside the month. */
  readonly year: string;
}

const Column: FC<ColumnProps> = ({ month, highest, format, year }) => {
  const counts = seriesOf(month);
  return (
    <div class="column">
      <span class="column-missing">{counts.attention === 0 ? "" : format.number(counts.attention)}</span>
      <svg viewBox={`0 0 10 ${CHART_HEIGHT}`} preserveAspectRatio="none" class="bar">
        <title>{summary(month, format)}</title>
        {columnOf(counts, highest).map(({ series, y, height }) => (
          <rect class={`series-${series}`} width="10" y={String(y)} height={String(height)} />
        ))}
      </svg>
      <span class="column-month">{format.shortMonth(month.month)}</span>
      <span class="column-year">{year}</span>
    </div>
  );
};

/** A year stands under its January, and under the first month where that leaves room for it. */
function yearUnder(months: readonly MonthCoverage[], index: number): string {
  const january = (of: MonthCoverage | undefined): boolean => of?.month.endsWith("-01") ?? false;
  const roomy = index === 0 && !months.slice(1, 3).some(january);
  return roomy || january(months[index]) ? (months[index]?.month.slice(0, 4) ?? "") : "";
}

function summary({ month, shopify, inErpnext, unknown }: MonthCoverage, format: PageFormat): string {
  const values = { month: format.month(month), orders: shopify, inErpnext: format.number(inErpnext) };
  return unknown === 0
    ? format.t("months.column", values)
    : format.t("months.columnUnknown", { ...values, unknown: format.number(unknown) });
}

const Key: FC<{ series: Series; format: PageFormat }> = ({ series, format }) => (
  <span class="key">
    <svg viewBox="0 0 12 12" class="swatch" aria-hidden="true" focusable="false">
      <rect class={`series-${series}`} width="12" height="12" rx="2" />
    </svg>
    {format.t(`series.${series}`)}
  </span>
);

const COLUMNS = [
  "inErpnext",
  "perCent",
  "attention",
  "onTheWay",
  "cancelledOrTest",
  "deletedProduct",
  "unknownInShopify",
] as const;

const Figures: FC<{ months: readonly MonthCoverage[]; format: PageFormat }> = ({ months, format }) => (
  <details class="figures" data-keep="months-figures">
    <summary>{format.t("months.figures")}</summary>
    <div class="scroll" data-keep="months-scroll" tabindex={0} role="region" aria-labelledby="months-caption">
      <table class="months">
        <caption id="months-caption" class="spoken">
          {format.t("months.caption")}
        </caption>
        <thead>
          <tr>
            <th scope="col">{format.t("months.month")}</th>
            <th scope="col">Shopify</th>
            {COLUMNS.map((column) => (
              <th scope="col">{format.t(`months.${column}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <Row month={month} format={format} />
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

const Row: FC<{ month: MonthCoverage; format: PageFormat }> = ({ month, format }) => {
  const { missing } = month;
  const { attention } = seriesOf(month);
  const none = missing.cancelled + missing["test-order"];
  const figures = [attention, missing.recent, none, missing["deleted-product"]];
  return (
    <tr>
      <th scope="row">{format.month(month.month)}</th>
      <td>{format.number(month.shopify)}</td>
      <td>{format.number(month.inErpnext)}</td>
      <td>{share(month, format)}</td>
      {[...figures, month.unknown].map((figure) => (
        <td class={figure === 0 ? "nothing" : undefined}>{format.number(figure)}</td>
      ))}
    </tr>
  );
};

function share({ shopify, inErpnext, unknown }: MonthCoverage, format: PageFormat): string {
  if (unknown > 0) return format.t("unknown");
  return shopify === 0 ? "–" : format.share(inErpnext, shopify);
}
