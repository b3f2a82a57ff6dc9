import { text } from "../core/messages";
import { differs, type Compared, type Differs } from "./compared";
import type { DeliveryNote, Fulfilment } from "./order";

/** A fulfilment that left the house; PENDING and OPEN may, and the others did not. */
const SHIPPED = "SUCCESS";
const MAY_SHIP: ReadonlySet<string> = new Set([SHIPPED, "PENDING", "OPEN"]);
const SHIPPED_STATUSES: ReadonlySet<string> = new Set(["FULFILLED", "PARTIALLY_FULFILLED"]);

/** Fulfilments of Shopify beside Delivery Notes, by id and by pieces. */
export function deliveryDifferences({ shopify, erpnext, wanted, order }: Compared): readonly Differs[] {
  if (!wanted.deliveryNotes) return [];
  const notes = erpnext.deliveryNotes.filter(({ docstatus }) => docstatus === 1);
  const shipped = shopify.fulfilments.filter(({ status }) => status === SHIPPED);
  const [left, out] = [piecesOf(shipped), piecesOf(notes.filter(({ isReturn }) => !isReturn))];
  // Notes that a pulled history made do not carry the order's id; the Sales Order knows of them all the same.
  if (!isDelivered(shopify.fulfillmentStatus, { shipped, left, out }) && order.delivered < 100) {
    const lost = shipped.filter(({ id }) => !notes.some(({ fulfilment }) => fulfilment === id)).map(({ id }) => id);
    const fulfilments = lost.length === 0 ? "none" : lost;
    return [differs("no-delivery-note", text("finding.notDelivered", { pieces: left, fulfilments, delivered: out }))];
  }
  const may = piecesOf(shopify.fulfilments.filter(({ status }) => MAY_SHIP.has(status)));
  const gone = piecesOf(notes);
  if (gone <= may || (shopify.fulfilments.length === 0 && SHIPPED_STATUSES.has(shopify.fulfillmentStatus))) return [];
  const names = notes.map(({ name }) => name);
  return [
    differs("delivered-only-here", text("finding.deliveredMore", { pieces: may, delivered: gone, notes: names })),
  ];
}

function isDelivered(
  status: string,
  of: { readonly shipped: readonly Fulfilment[]; readonly left: number; readonly out: number },
): boolean {
  if (of.shipped.length === 0 && SHIPPED_STATUSES.has(status)) return of.out > 0;
  return of.out >= of.left;
}

/** Of returns it is negative. */
function piecesOf(of: readonly Pick<Fulfilment | DeliveryNote, "pieces">[]): number {
  return of.reduce((sum, { pieces }) => sum + pieces, 0);
}
