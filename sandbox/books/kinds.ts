import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const money = z.string().regex(/^\d+\.\d\d$/);
const perCent = z.number().positive().max(100);
const taxes = z.union([perCent.transform((rate) => [["VAT", rate] as const]), z.array(z.tuple([z.string(), perCent]))]);
const step = z.enum(["pays", "ships", "ships one", "cancels"]);
const lateStep = z.string().regex(/^(pays|ships|refunds (all|[1-9]))$/);
const none = z.literal("none");

const kind = z.strictObject({
  kind: z.string(),
  shop: z.string(),
  /** English name as Shopify writes it, and ISO 3166 code. */
  country: z.tuple([z.string(), z.string()]).default(["Germany", "DE"]),
  taxes: z.enum(["included", "added"]),
  lines: z
    .array(
      z.strictObject({
        item: z.enum(["cup", "bowl", "poster", "none"]),
        title: z.string().optional(),
        price: money,
        pieces: z.int().positive().default(1),
        discount: money.default("0.00"),
        vat: taxes.default([]),
        edited: z.int().default(0),
      }),
    )
    .min(1),
  shipping: z.strictObject({ price: money, vat: taxes.default([]) }).optional(),
  then: z.array(step).default([]),
  late: z.array(lateStep).optional(),
  booked: z.strictObject({
    ordered: z.union([money, none]).optional(),
    invoiced: z.union([money, none]).optional(),
    open: money.optional(),
    credited: z.union([money, none]).optional(),
    shipped: z.union([z.string().regex(/^\d+$/), none]).optional(),
  }),
  app: z.boolean().default(false),
});

/** One kind of order: what the shop did, and what must be booked. orders.yaml explains the fields. */
export type Kind = z.infer<typeof kind>;

/** @throws ZodError for a kind that is not one */
export function readKinds(): readonly Kind[] {
  return z.array(kind).parse(parse(readFileSync(join(__dirname, "orders.yaml"), "utf8")));
}
