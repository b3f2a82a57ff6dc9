import { calmWorld, entry, gap, healthWith, month, NOW, told, untold, WHOLE_SCAN, type World } from "./world";

/** A shop with a long history and something of everything: the page as it is when it has most to say. */
export function busyWorld(of: Partial<World> = {}): World {
  return calmWorld({
    company: { name: "Müller & Söhne Teehandel GmbH", currency: "EUR", timeZone: "Europe/Berlin", locale: "en-IE" },
    counts: {
      orders: { shopify: told(12_841), erpnext: told(12_779) },
      products: { shopify: told(486), erpnext: told(486) },
      customers: { shopify: untold("the app lacks the scope read_customers"), erpnext: told(9_031) },
    },
    months: months(),
    scan: {
      ...WHOLE_SCAN,
      running: { startedAt: "2026-11-27T07:00:00Z", ordersDone: 4_000, ordersTotal: 12_841 },
    },
    health: healthWith(
      {
        name: "error-rate",
        state: "warning",
        value: "3 of 212",
        detail: "Of the orders of the last 24 hours 3 failed. Their reasons are in the list of what is not synced.",
      },
      { name: "token-age", state: "unknown", value: "not known", detail: "The time of its creation was not recorded." },
    ),
    feed: feed(),
    gaps: gaps(),
    ...of,
  });
}

function months(): World["months"] {
  return Array.from({ length: 26 }, (_, back) => {
    const shopify = 300 + ((back * 137) % 400);
    const missing = {
      recent: back === 0 ? 1 : 0,
      cancelled: back % 5 === 2 ? 9 : 0,
      "deleted-product": back > 8 ? 14 : 0,
      error: back === 1 ? 3 : 0,
      other: back === 0 ? 1 : 0,
    };
    const lacking = Object.values(missing).reduce((sum, count) => sum + count, 0);
    const name = new Date(Date.UTC(2026, 10 - back, 1)).toISOString().slice(0, 7);
    return month(name, { shopify, inErpnext: shopify - lacking, missing, unknown: back > 22 ? 80 : 0 });
  });
}

const DOCUMENTS = [
  ["Sales Order", "SAL-ORD-2026-00", "129.90"],
  ["Sales Invoice", "ACC-SINV-2026-00", "129.90"],
  ["Delivery Note", "MAT-DN-2026-00", null],
  ["Payment Entry", "ACC-PAY-2026-00", "129.90"],
] as const;

function feed(): World["feed"] {
  return Array.from({ length: 12 }, (_, back) => {
    const at = new Date(NOW.getTime() - (back + 1) * 400_000).toISOString();
    const [kind, series, amount] = DOCUMENTS[back % 4] ?? DOCUMENTS[0];
    const title = `${series}${800 - back}`;
    if (back % 3 === 0) return entry(40 - back, { at, title: `#${12_841 - back}` });
    const url = `https://erp.example.com/app/${kind.toLowerCase().replace(" ", "-")}/${title}`;
    return entry(40 - back, { at, side: "erpnext", kind, title, amount, url });
  });
}

function gaps(): World["gaps"] {
  const deleted = Array.from({ length: 55 }, (_, back) =>
    gap(9000 - back * 37, {
      reason: "deleted-product",
      detail: '"Earl Grey 250 g" has no product in Shopify',
      placedAt: new Date(Date.UTC(2025, 9, 20 - back, 8)).toISOString(),
      total: (20 + back * 3.17).toFixed(2),
    }),
  );
  return [
    gap(12_841, {
      reason: "recent",
      detail: "placed 4 min ago, its webhook may be on its way",
      placedAt: "2026-11-27T07:10:00Z",
      total: "54.00",
    }),
    gap(12_839, {
      reason: "error",
      detail: 'Item Tax Template "19 % USt" is not for the company Müller & Söhne Teehandel GmbH',
      total: "1289.00",
    }),
    gap(12_837, { reason: "error", detail: "Could not find Warehouse: Lager Nord - MST", total: "80.00" }),
    gap(12_830, { reason: "other" }),
    gap(12_815, { reason: "cancelled", detail: "cancelled in Shopify at 2026-11-25T10:00:00Z" }),
    gap(12_790, {
      kind: "different",
      reason: "total",
      detail: "129.90 in Shopify, 129.89 in SAL-ORD-2026-00777",
      documents: ["SAL-ORD-2026-00777"],
    }),
    gap(12_777, {
      kind: "different",
      reason: "no-payment",
      detail: "paid in Shopify, ACC-SINV-2026-00745 has 54 outstanding",
      documents: ["SAL-ORD-2026-00760"],
    }),
    ...deleted,
    gap(11, {
      name: "5822011004411",
      kind: "orphan",
      reason: "orphan",
      detail: "SAL-ORD-2024-00011 is of an order that Shopify no longer has",
      placedAt: null,
      total: null,
      documents: ["SAL-ORD-2024-00011"],
    }),
  ];
}
