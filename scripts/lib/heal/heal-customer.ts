import { FrappeOrders } from "../../../clients/frappe-orders";
import { CURRENT_APP } from "../../../clients/shopify-operations";
import { ShopifyOrders } from "../../../clients/shopify-orders";
import { booksTestOrders } from "../../../components/shared/shopify-books";
import { visibleSince } from "../../../core/shopify-access";
import type { Finding } from "../../../reconciliation/finding";
import type { ReconcileOptions } from "../../../reconciliation/reconcile";
import type { CommandContext } from "../cli/command";
import type { OpenCustomer } from "../cli/open-customer";
import { recordHealed } from "./audit";
import { deliver } from "./delivery";
import type { Readers } from "./find-gaps";
import { whileLocked } from "./heal-lock";
import type { Healed } from "./heal-order";
import { healOrders, type HealRun } from "./heal-orders";

/** What a customer's orders are read with, on both sides. */
export function readersOf({ customer, shopify, frappe }: OpenCustomer): Readers {
  return { shopify: new ShopifyOrders(shopify), erpnext: new FrappeOrders(frappe, customer.company) };
}

/** How the orders of a customer are compared. @throws ShopifyError */
export async function reconcileOptions(
  { customer, shopify }: OpenCustomer,
  readers: Readers,
): Promise<ReconcileOptions> {
  const { currentAppInstallation } = await shopify.query(CURRENT_APP, {});
  const scopes = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const now = new Date();
  const seen = visibleSince(scopes, now);
  const { sync, company, environment } = customer;
  return {
    now,
    timeZone: company.timeZone,
    salesInvoices: sync.salesInvoices,
    deliveryNotes: sync.deliveryNotes,
    testOrders: booksTestOrders({ sync, environment }),
    evidence: { logs: (orders) => readers.erpnext.logs(orders), lines: (ids) => readers.shopify.lines(ids) },
    ...(seen === undefined ? {} : { visibleSince: seen }),
  };
}

/** An order that is to be healed. */
export interface Chosen {
  readonly id: string;
  readonly name: string;
}

/** One order may have several findings. */
export function uniqueOrders(findings: readonly Finding[]): readonly Chosen[] {
  const orders = findings.flatMap((finding) => (finding.kind === "orphan" ? [] : [finding.shopify]));
  return [...new Map(orders.map(({ id, name }) => [id, { id, name }])).values()];
}

/** Which orders, and how patiently. */
export interface Healing {
  readonly open: OpenCustomer;
  readonly readers: Readers;
  readonly chosen: readonly Chosen[];
  readonly reconciling: ReconcileOptions;
  readonly inFlight: number;
  /** How long a delivery may wait in ERPNext's queue (seconds). */
  readonly wait: number;
}

/** Heals orders while nothing else does, and writes down at the site what was delivered. @throws UserError while someone else heals */
export async function healChosen({ terminal, signal }: CommandContext, healing: Healing): Promise<HealRun> {
  const { open, readers, chosen, reconciling, inFlight, wait } = healing;
  if (chosen.length === 0) return { results: [], stoppedBy: undefined };
  const { slug, shopify } = open.customer;
  const sender = { door: open.webhookDoor, ...shopify, customer: slug, secret: open.shopifyApiSecret };
  const means = {
    wanted: reconciling,
    ...readers,
    orderText: (id: string) => open.shopify.orderText(id),
    deliver: (delivery: Parameters<typeof deliver>[1]) => deliver(sender, delivery),
    waitMs: wait * 1000,
    lookMs: 1_000,
    signal,
  };
  return whileLocked(open.frappe, slug, async () => {
    const progress = terminal.progress("delivering orders", chosen.length);
    const records: Promise<void>[] = [];
    const onResult = (result: Healed): void => {
      progress.update(records.push(recordHealed(open.frappe, terminal, result)));
    };
    try {
      return await healOrders(chosen, means, { inFlight, onResult });
    } finally {
      await Promise.all(records);
      progress.end();
    }
  });
}
