import { text, writerFor } from "../../../core/messages";
import type { Finding } from "../../../reconciliation/finding";
import type { CompanyFormat } from "../../model";
import { judgeHealth, type Observed } from "../../scan/health-checks";
import { REASONS } from "../query";
import { calmWorld, entry, gap, month, told, untold, WHOLE_SCAN, type World } from "./world";

/** What a bad day looks like, of which the checks have most to say. */
const BAD_DAY: Observed = {
  now: new Date("2026-11-27T07:10:00Z"),
  server: { unknown: text("why.words", { words: "###" }) },
  log: { value: { succeeded: 3, failed: 1, lastDeliveryAt: null } },
  newestOrderAt: "2026-11-26T10:00:00Z",
  subscriptions: { value: [] },
  version: { value: "2024-01" },
  deprecated: { value: undefined },
  wanted: { topics: ["ORDERS_CREATE"], webhookUrl: "https://hook.example.com", version: "2026-10" },
  token: { kind: "token", since: undefined },
};

/** A company's page with words of every panel: whatever is in another language than the company's is the page's own fault. */
export function spokenWorld(locale: string, of: Partial<World> = {}): World {
  const company: CompanyFormat = { name: "Tee GmbH", currency: "EUR", timeZone: "Europe/Berlin", locale };
  const { write } = writerFor(locale);
  const detail: Finding["detail"] = text("finding.noInvoice", {
    received: { amount: "1289.50" },
    status: "PAID",
    refunded: { amount: "10.00" },
    drafts: ["SI-1"],
  });
  return calmWorld({
    company,
    counts: {
      orders: { shopify: told(12_841), erpnext: told(12_779) },
      products: { shopify: told(0), erpnext: told(0) },
      customers: { shopify: untold(text("coverage.noScope", { scope: "read_customers" })), erpnext: told(9_031) },
    },
    months: [
      month("2026-11", { shopify: 9, inErpnext: 1, missing: { recent: 2, other: 3, cancelled: 3 }, unknown: 1 }),
    ],
    scan: {
      ...WHOLE_SCAN,
      running: { startedAt: "2026-11-27T07:00:00Z", ordersDone: 4_000, ordersTotal: 12_841 },
      trouble: text("why.noTime"),
      visibleSince: "2026-09-28T00:00:00Z",
    },
    health: judgeHealth(BAD_DAY),
    feed: ["Order", "Sales Order", "Sales Invoice", "Delivery Note", "Payment Entry"].map((kind, index) =>
      entry(9 - index, { kind, side: kind === "Order" ? "shopify" : "erpnext" }),
    ),
    gaps: REASONS.map((reason, index) => gap(20 - index, { reason, detail: write(detail) })),
    ...of,
  });
}

const OFTEN = /(?<!\p{L})(the|and|are|not|with|from|has|have|for|this|that|order|orders|yet|than|been)(?!\p{L})/giu;

/** English words in what a page says; names of products and of Shopify's fields are not English sentences. */
export function englishIn(said: string): readonly string[] {
  return said.replace(/\b[a-z]+(_[a-z]+)+\b|Sync Console/gi, "").match(OFTEN) ?? [];
}
