import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const money = z.string().regex(/^\d+\.\d\d$/);
const signed = z.string().regex(/^-?\d+\.\d\d$/);
const perCent = z.number().positive().max(100);
const taxes = z.union([perCent.transform((rate) => [["VAT", rate] as const]), z.array(z.tuple([z.string(), perCent]))]);
/** orders.yaml explains each; steps.ts does it. */
export const STEP =
  /^(?:pays(?: \d+\.\d\d)?(?: by \w+)?|authorizes|ships(?: one| \d)?|cancels(?: shipment)?|removes \d|adds \d|repeats|heals|refunds (?:all|shipping|\d+\.\d\d|\d(?: x \d+)?)(?: less \d+\.\d\d)?(?: restocked)?)$/;
const step = z.string().regex(STEP);
const none = z.literal("none");
const pieces = z.union([z.string().regex(/^\d+$/), none]);

const charge = z.strictObject({ title: z.string().default("Standard"), price: money, discount: money.default("0.00") });
const shipping = charge.extend({ vat: taxes.default([]), removed: z.boolean().default(false) });

/** A product that this kind alone has, as Shopify's REST tells it but for ids, which each run makes again. */
const product = z.strictObject({
  title: z.string(),
  vendor: z.string().default("Matrix"),
  type: z.string().default("Matrix"),
  unit: z.string().nullable().default("kg"),
  /** Name of the only option, and what the variants have of it; absent for a product without options. */
  option: z.tuple([z.string(), z.array(z.string()).min(1)]).optional(),
  sku: z.string().optional(),
});

const line = z.strictObject({
  item: z.enum(["cup", "bowl", "poster", "none", "own", "deleted", "gift card"]),
  title: z.string().optional(),
  price: money,
  pieces: z.int().positive().default(1),
  discount: money.default("0.00"),
  vat: taxes.default([]),
  tip: z.boolean().default(false),
  added: z.boolean().default(false),
  duty: money.optional(),
  /** Which of the own product's variants, counted from 1. */
  variant: z.int().positive().default(1),
});

const text = z.string().nullable().optional();

/** What differs from the usual buyer; `none`: Shopify tells of no customer, as at the till. */
const buyer = z.union([
  none,
  z.strictObject({
    first_name: text,
    last_name: text,
    email: text,
    phone: text,
    company: text,
    address1: text,
    city: text,
    zip: text,
    address: z.literal(false).optional(),
    b2b: z.boolean().default(false),
  }),
]);

const booked = z.strictObject({
  ordered: z.union([money, none]).optional(),
  invoiced: z.union([money, none]).optional(),
  open: money.optional(),
  credited: z.union([money, none]).optional(),
  shipped: pieces.optional(),
  returned: pieces.optional(),
  /** What the accounts of the role have of this order: money that came, and what is owed or earned, are positive. */
  accounts: z.record(z.string(), signed).optional(),
  customer: z.string().optional(),
  /** Pieces by SKU, or item code where there is no item with one. */
  items: z.record(z.string(), z.int()).optional(),
});

const kind = z.strictObject({
  kind: z.string(),
  shop: z.string(),
  /** English name as Shopify writes it, and ISO 3166 code. */
  country: z.tuple([z.string().nullable(), z.string().nullable()]).default(["Germany", "DE"]),
  buyer: buyer.default({ b2b: false }),
  taxes: z.enum(["included", "added"]),
  test: z.boolean().default(false),
  note: z.string().optional(),
  /** Currency of the buyer, and how much of it one unit of the shop's is. */
  presentment: z.tuple([z.string(), z.number().positive()]).optional(),
  product: product.optional(),
  /** The product as it was when an order of one piece came before this one. */
  was: product.optional(),
  lines: z.array(line).min(1),
  shipping: z.union([shipping.transform((one) => [one]), z.array(shipping)]).default([]),
  duties: money.optional(),
  fees: z.array(charge.omit({ discount: true }).extend({ vat: taxes.default([]) })).default([]),
  rounding: signed.optional(),
  then: z.array(step).default([]),
  late: z.array(step).optional(),
  reversed: z.boolean().default(false),
  booked,
  app: z.boolean().default(false),
});

/** One kind of order: what the shop did, and what must be booked. orders.yaml explains the fields. */
export type Kind = z.infer<typeof kind>;

/** Every tax that the order has, by title and rate in per cent. */
export function taxesOf({ lines, shipping: charges, fees }: Kind): readonly (readonly [title: string, rate: number])[] {
  return [...lines, ...charges, ...fees].flatMap(({ vat }) => vat as readonly (readonly [string, number])[]);
}

/** A product of a kind's own. */
export type OwnProduct = z.infer<typeof product>;

/** @throws ZodError for a kind that is not one */
export function readKinds(): readonly Kind[] {
  return z.array(kind).parse(parse(readFileSync(join(__dirname, "orders.yaml"), "utf8")));
}

/** Whether ERPNext has to read from Shopify for it: a refund or an edit that is told by its id alone, or a product it lacks. */
export function readsShop({ then, lines, product: own }: Kind): boolean {
  const reads = (one: string): boolean => /^(?:refunds|removes|adds)/.test(one);
  return then.some(reads) || own !== undefined || lines.some(({ item }) => item === "deleted");
}
