import type { FC } from "hono/jsx";

import type { Gap } from "../../model";
import { webAddress, type PageFormat } from "../format";
import { URGENCY } from "../reasons";
import { Moment } from "./parts";

/**
 * A phone shows each row as a card, by CSS. Browsers forget what a table is when its display changes, so the roles are
 * written out.
 */
export const GapTable: FC<{ gaps: readonly Gap[]; format: PageFormat }> = ({ gaps, format }) => (
  <table class="gaps" role="table">
    <caption class="spoken">{format.t("gaps.caption")}</caption>
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">
          {format.t("gaps.order")}
        </th>
        <th scope="col" role="columnheader" class="amount">
          {format.t("gaps.total")}
        </th>
        <th scope="col" role="columnheader">
          {format.t("gaps.why")}
        </th>
        <th scope="col" role="columnheader">
          {format.t("gaps.openIn")}
        </th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      {gaps.map((gap) => (
        <Row gap={gap} format={format} />
      ))}
    </tbody>
  </table>
);

const Row: FC<{ gap: Gap; format: PageFormat }> = ({ gap, format }) => {
  const placed =
    gap.placedAt === null ? (
      <span class="unknown">{format.t("gaps.unknownTime")}</span>
    ) : (
      <Moment at={gap.placedAt} format={format} />
    );
  const noticed = {
    first: <Moment at={gap.firstSeenAt} format={format} />,
    last: <Moment at={gap.checkedAt} format={format} />,
  };
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="gap-order">
        <span class="gap-name">{gap.name}</span>
        <span class="as-of">{format.pieces("gaps.placed", { at: placed })}</span>
      </th>
      <td role="cell" class="amount gap-total">
        {gap.total === null ? <span class="unknown">{format.t("unknown")}</span> : format.money(gap.total)}
      </td>
      <td role="cell" class="gap-why">
        <span class={`reason reason-${URGENCY[gap.reason]}`}>{format.t(`reason.${gap.reason}`)}</span>
        <span class="gap-detail">{format.localTimes(gap.detail)}</span>
        <span class="as-of">{format.pieces("gaps.noticed", noticed)}</span>
      </td>
      <td role="cell" class="gap-links">
        <AdminLink url={gap.shopifyUrl} label={format.t("gaps.openShopify", { order: gap.name })}>
          Shopify
        </AdminLink>
        <AdminLink url={gap.erpnextUrl} label={erpnextLabel(gap, format)}>
          {gap.documents.length === 0 ? "ERPNext" : gap.documents.join(", ")}
        </AdminLink>
      </td>
    </tr>
  );
};

/** The names of the documents are part of it, because that is what can be read there. */
function erpnextLabel({ name, documents }: Gap, format: PageFormat): string {
  if (documents.length === 0) return format.t("gaps.searchErpnext", { order: name });
  return format.t("gaps.openErpnext", { documents, order: name });
}

const AdminLink: FC<{ url: string; label: string; children: string }> = ({ url, label, children }) => (
  <a href={webAddress(url)} aria-label={label} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);
