import type { FC } from "hono/jsx";

import type { Gap } from "../../model";
import { webAddress, type Format } from "../format";
import { REASON_WORDS } from "../words";
import { Moment } from "./parts";

/**
 * A phone shows each row as a card, by CSS. Browsers forget what a table is when its display changes, so the roles are
 * written out.
 */
export const GapTable: FC<{ gaps: readonly Gap[]; format: Format }> = ({ gaps, format }) => (
  <table class="gaps" role="table">
    <caption class="spoken">
      Orders that are not in ERPNext, differ there, or are gone from Shopify, newest first
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">
          Order
        </th>
        <th scope="col" role="columnheader" class="amount">
          Total
        </th>
        <th scope="col" role="columnheader">
          Why
        </th>
        <th scope="col" role="columnheader">
          Open in
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

const Row: FC<{ gap: Gap; format: Format }> = ({ gap, format }) => {
  const { label, urgency } = REASON_WORDS[gap.reason];
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="gap-order">
        <span class="gap-name">{gap.name}</span>
        <span class="as-of">
          placed{" "}
          {gap.placedAt === null ? <span class="unknown">unknown</span> : <Moment at={gap.placedAt} format={format} />}
        </span>
      </th>
      <td role="cell" class="amount gap-total">
        {gap.total === null ? <span class="unknown">Unknown</span> : format.money(gap.total)}
      </td>
      <td role="cell" class="gap-why">
        <span class={`reason reason-${urgency}`}>{label}</span>
        <span class="gap-detail">{format.localTimes(gap.detail)}</span>
        <span class="as-of">
          noticed <Moment at={gap.firstSeenAt} format={format} />, checked <Moment at={gap.checkedAt} format={format} />
        </span>
      </td>
      <td role="cell" class="gap-links">
        <AdminLink url={gap.shopifyUrl} label={`Open ${gap.name} in Shopify`}>
          Shopify
        </AdminLink>
        <AdminLink url={gap.erpnextUrl} label={erpnextLabel(gap)}>
          {gap.documents.length === 0 ? "ERPNext" : gap.documents.join(", ")}
        </AdminLink>
      </td>
    </tr>
  );
};

/** The names of the documents are part of it, because that is what can be read there. */
function erpnextLabel({ name, documents }: Gap): string {
  if (documents.length === 0) return `Look for ${name} in ERPNext`;
  return `Open ${documents.join(", ")} of ${name} in ERPNext`;
}

const AdminLink: FC<{ url: string; label: string; children: string }> = ({ url, label, children }) => (
  <a href={webAddress(url)} aria-label={label} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);
