import { minor, type Rest } from "./amounts";
import { numberOf, type Story } from "./story";

/** The order as Shopify's REST and its deliveries write it. */
export function restOrder(story: Story): Rest {
  const { kind, draft, lines } = story;
  const now = timeOf(story, 0);
  const total = story.placed;
  const tips = lines.filter(({ line }) => line.tip).reduce((sum, { line }) => sum + minor(line.price), 0);
  return {
    id: draft.id,
    name: numberOf(draft.id),
    created_at: now,
    updated_at: timeOf(story, story.told),
    processed_at: now,
    cancelled_at: story.cancelled ? timeOf(story, story.told) : null,
    currency: draft.currency,
    presentment_currency: kind.presentment?.[0] ?? draft.currency,
    test: kind.test,
    note: kind.note ?? null,
    taxes_included: kind.taxes === "included",
    financial_status: story.status,
    fulfillment_status: fulfilmentStatus(story),
    payment_gateway_names: [...new Set(story.transactions.map(({ gateway }) => gateway))],
    total_price: story.money(total),
    total_price_set: story.both(total),
    current_total_price: story.money(total - story.removed - story.refunded),
    total_tip_received: story.money(tips),
    line_items: lines.map(({ index }) => story.line(index)),
    shipping_lines: shippingLines(story),
    fulfillments: story.fulfilments.map((one) => ({ ...one })),
    refunds: story.refunds.map((one) => ({ ...one })),
    transactions: story.transactions.map((one) => ({ ...one })),
    ...charges(story),
    ...parties(story),
  };
}

/** A moment of the order's, so many seconds after it was placed. */
export function timeOf({ draft }: Story, seconds: number): string {
  return new Date(draft.at.getTime() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

function fulfilmentStatus({ fulfilments, lines }: Story): string | null {
  if (!fulfilments.some(({ status }) => status === "success")) return null;
  const left = lines.some(
    ({ line, of }) => line.pieces - of.removed - of.refunded > of.shipped && line.item !== "none",
  );
  return left ? "partial" : "fulfilled";
}

function shippingLines(story: Story): readonly Rest[] {
  return story.kind.shipping.map(({ title, price, discount, vat, removed }, index) => {
    const off = minor(discount);
    return {
      id: story.id(900 + index),
      title,
      price: story.money(minor(price)),
      discount_allocations: off === 0 ? [] : [{ amount: story.money(off) }],
      tax_lines: story.taxes(minor(price) - off, vat),
      ...(removed ? { is_removed: true } : {}),
    };
  });
}

function charges(story: Story): Rest {
  const { duties, fees, rounding } = story.kind;
  const paid = story.received > 0 ? rounding : undefined;
  return {
    ...(duties === undefined ? {} : { original_total_duties_set: story.both(minor(duties)) }),
    additional_fees: fees.map(({ title, price, vat }, index) => ({
      id: story.id(950 + index),
      name: title,
      price_set: story.both(minor(price)),
      tax_lines: story.taxes(minor(price), vat),
    })),
    ...(paid === undefined ? {} : { total_cash_rounding_payment_adjustment_set: story.both(minor(paid)) }),
  };
}

/** Who bought. What the kind leaves open is the usual buyer; null stays null. */
function parties({ kind, draft: { id } }: Story): Rest {
  const { buyer } = kind;
  if (buyer === "none") return { customer: null, billing_address: null, shipping_address: null };
  const { b2b, address, address1, city, zip, company, ...person } = buyer;
  const who = { first_name: "Mia", last_name: `Matrix ${id}`, phone: null, ...given(person) };
  const { email = `matrix-${id}@example.com`, ...names } = who as typeof who & { email?: string | null };
  const [country, country_code] = kind.country;
  const street = { address1: "Weg 1", city: "Prague", zip: "10115", ...given({ address1, city, zip }) };
  const place = { ...names, ...street, country, country_code, company: company ?? null };
  const none = address === false;
  return {
    customer: { id: id * 10, email, ...names, default_address: none ? null : { id: id * 10 + 1, ...place } },
    billing_address: none ? null : { id: id * 10 + 2, ...place },
    shipping_address: none ? null : { id: id * 10 + 3, ...place },
    ...(b2b ? { company: { id: id * 10 + 4, location_id: id * 10 + 5 } } : {}),
  };
}

function given(fields: Rest): Rest {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
