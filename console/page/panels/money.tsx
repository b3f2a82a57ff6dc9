import type { FC } from "hono/jsx";

import { amountOf } from "../../../reconciliation/amount";
import { isAgreed, monthDifference, type Figures, type MonthMoney } from "../../../reconciliation/month-money";
import { FIGURES } from "../../../reconciliation/order-money";
import type { MonthCoverage, ScanReport } from "../../model";
import { MONEY_CSV_PATH } from "../api";
import type { PageFormat } from "../format";
import { pageHref } from "../query";
import { Mark, Panel } from "./parts";
import { ScanHint } from "./scan";

interface MoneyProps {
  readonly months: readonly MonthCoverage[];
  readonly scan: ScanReport;
  readonly format: PageFormat;
}

/** What the orders of each month come to on both sides, as of the last whole comparison. */
export const Money: FC<MoneyProps> = ({ months, scan, format }) => {
  const known = months.flatMap(({ month, money }) => (money === null ? [] : [{ month, money }]));
  const newestFirst = known.toSorted((a, b) => (a.month < b.month ? 1 : -1));
  return (
    <Panel id="money" title={format.t("money.title")}>
      <div data-swap="money">
        <ScanHint scan={scan} format={format} />
        {newestFirst.length === 0 ? (
          <p class="empty">{format.t(scan.complete ? "money.none" : "months.notCompared")}</p>
        ) : (
          <>
            <Agreement known={known} format={format} />
            <Table months={newestFirst} format={format} />
            <p class="as-of">
              {scan.startedAt === null ? "" : `${format.t("money.asOf", { at: format.moment(scan.startedAt) })} `}
              <a class="csv" href={MONEY_CSV_PATH} download="">
                {format.t("money.csv")}
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

const Agreement: FC<{ known: readonly Known[]; format: PageFormat }> = ({ known, format }) => {
  const other = known.filter(({ money }) => !isAgreed(money)).length;
  return (
    <p class="money-verdict">
      <Mark state={other === 0 ? "good" : "warning"} />{" "}
      {other === 0
        ? format.t("money.agrees")
        : format.t("money.differs", { different: format.number(other), months: format.number(known.length) })}
    </p>
  );
};

const Table: FC<{ months: readonly Known[]; format: PageFormat }> = ({ months, format }) => (
  <div class="scroll" data-keep="money-scroll" tabindex={0} role="region" aria-labelledby="money-caption">
    <table class="months money">
      <caption id="money-caption" class="spoken">
        {format.t("money.caption")}
      </caption>
      <thead>
        <tr>
          <th scope="col">{format.t("months.month")}</th>
          <th scope="col">{format.t("money.side")}</th>
          {FIGURES.map((figure) => (
            <th scope="col">{format.t(`money.${figure}`)}</th>
          ))}
        </tr>
      </thead>
      {months.map((month) => (
        <Month of={month} format={format} />
      ))}
    </table>
  </div>
);

const Month: FC<{ of: Known; format: PageFormat }> = ({ of: { month, money }, format }) => {
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
          <Side
            name={format.t(isAgreed(money) ? "money.rounding" : "money.difference")}
            of={difference}
            format={format}
          />
        </tr>
      )}
    </tbody>
  );
};

const Side: FC<{ name: string; of: Figures; format: PageFormat }> = ({ name, of, format }) => (
  <>
    <th scope="row">{name}</th>
    {FIGURES.map((figure) => (
      <td class={amountOf(of[figure]) === 0n ? "nothing" : undefined}>{format.money(of[figure])}</td>
    ))}
  </>
);
