import type { FC } from "hono/jsx";

import { amountOf } from "../../../reconciliation/amount";
import { isAgreed, monthDifference, type Figures, type MonthMoney } from "../../../reconciliation/month-money";
import { FIGURES, type Figure } from "../../../reconciliation/order-money";
import type { MonthCoverage, ScanReport } from "../../model";
import { MONEY_CSV_PATH } from "../api";
import type { Format } from "../format";
import { pageHref } from "../query";
import { Mark, Panel } from "./parts";
import { ScanHint } from "./scan";

const FIGURE_WORDS: Readonly<Record<Figure, string>> = {
  gross: "Gross",
  charges: "Tax and shipping",
  refunded: "Refunded",
  paid: "Paid, less refunds",
};

interface MoneyProps {
  readonly months: readonly MonthCoverage[];
  readonly scan: ScanReport;
  readonly format: Format;
}

/** What the orders of each month come to on both sides, as of the last whole comparison. */
export const Money: FC<MoneyProps> = ({ months, scan, format }) => {
  const known = months.flatMap(({ month, money }) => (money === null ? [] : [{ month, money }]));
  const newestFirst = known.toSorted((a, b) => (a.month < b.month ? 1 : -1));
  return (
    <Panel id="money" title="Money by month">
      <div data-swap="money">
        <ScanHint scan={scan} format={format} />
        {newestFirst.length === 0 ? (
          <p class="empty">{scan.complete ? "No money yet." : "Unknown: no month has been compared yet."}</p>
        ) : (
          <>
            <Agreement known={known} format={format} />
            <Table months={newestFirst} format={format} />
            <p class="as-of">
              {scan.startedAt === null ? "" : `As of the comparison of ${format.moment(scan.startedAt)}. `}
              <a class="csv" href={MONEY_CSV_PATH} download="">
                Download the money as CSV
              </a>
            </p>
          </>
        )}
      </div>
    </Panel>
  );
};

interface Known {
  readonly month: string;
  readonly money: MonthMoney;
}

const Agreement: FC<{ known: readonly Known[]; format: Format }> = ({ known, format }) => {
  const other = known.filter(({ money }) => !isAgreed(money)).length;
  return (
    <p class="money-verdict">
      <Mark state={other === 0 ? "good" : "warning"} />{" "}
      {other === 0
        ? "The money of both sides agrees in every month."
        : `The money of both sides differs in ${format.number(other)} of ${format.number(known.length)} months.`}
    </p>
  );
};

const Table: FC<{ months: readonly Known[]; format: Format }> = ({ months, format }) => (
  <div class="scroll" data-keep="money-scroll" tabindex={0} role="region" aria-labelledby="money-caption">
    <table class="months money">
      <caption id="money-caption" class="spoken">
        Money by month of both sides, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Month</th>
          <th scope="col">Side</th>
          {FIGURES.map((figure) => (
            <th scope="col">{FIGURE_WORDS[figure]}</th>
          ))}
        </tr>
      </thead>
      {months.map((month) => (
        <Month of={month} format={format} />
      ))}
    </table>
  </div>
);

const Month: FC<{ of: Known; format: Format }> = ({ of: { month, money }, format }) => {
  const difference = monthDifference(money);
  const isEven = FIGURES.every((figure) => amountOf(difference[figure]) === 0n);
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" rowspan={isEven ? 2 : 3}>
          {isEven ? (
            format.month(month)
          ) : (
            <a href={pageHref({ reasons: [], search: "", month, after: null })}>{format.month(month)}</a>
          )}
        </th>
        <Side name="Shopify" of={money.shopify} format={format} />
      </tr>
      <tr>
        <Side name="ERPNext" of={money.erpnext} format={format} />
      </tr>
      {isEven ? null : (
        <tr class="money-difference">
          <Side name={isAgreed(money) ? "Rounding" : "Difference"} of={difference} format={format} />
        </tr>
      )}
    </tbody>
  );
};

const Side: FC<{ name: string; of: Figures; format: Format }> = ({ name, of, format }) => (
  <>
    <th scope="row">{name}</th>
    {FIGURES.map((figure) => (
      <td class={amountOf(of[figure]) === 0n ? "nothing" : undefined}>{format.money(of[figure])}</td>
    ))}
  </>
);
