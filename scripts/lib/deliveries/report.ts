import { z } from "zod";

import { parseJson } from "../../../clients/http";
import { UserError } from "../../../core/user-error";

/** One delivery that ERPNext has not taken (deliveries/admin.py, `report`): no name, mail or address of a person is in it. */
const itemSchema = z.object({
  /** The server's own id of it. */
  id: z.string(),
  /** `X-Shopify-Webhook-Id` */
  webhookId: z.string(),
  /** `X-Shopify-Topic`, for example "orders/create". */
  topic: z.string(),
  /** Shopify's number of the order. */
  order: z.string(),
  /** waiting: its turn comes · parked: ERPNext refused it, and it is delivered again later · failed: given up. */
  state: z.enum(["waiting", "parked", "failed"]),
  /** RFC 3339; when Shopify says that it happened, and when it came. */
  triggeredAt: z.string().nullable(),
  receivedAt: z.string(),
  /** How many times it was given to ERPNext. */
  attempts: z.number(),
  /** What the connector said last. */
  words: z.string().nullable(),
});

export type DeliveryItem = z.infer<typeof itemSchema>;

const reportSchema = z.object({
  waiting: z.number(),
  oldestWaitingSeconds: z.number().nullable(),
  parked: z.number(),
  failed: z.number(),
  /** Of the last 24 hours: refused for their signature, and taken. */
  forgedLastDay: z.number(),
  acceptedLastDay: z.number(),
  /** Why nothing is given to ERPNext at the moment, for example "migration". */
  paused: z.string().nullable(),
  /** The 200 oldest at most. */
  items: z.array(itemSchema),
});

export type DeliveryReport = z.infer<typeof reportSchema>;

const replaySchema = z.object({
  /** How many of the server's own are given to ERPNext again. */
  replayed: z.number(),
  /** Only with delivery by Pub/Sub and a time: whether Pub/Sub gives again what this server does not know. False until the puller has asked it. */
  sought: z.boolean().optional(),
});

/** What a replay came to. */
export type Replayed = z.infer<typeof replaySchema>;

/** Reads the server's last words about its deliveries. @throws UserError when they are something else */
export function readReport(words: string, customer: string): DeliveryReport {
  const report = parsed(reportSchema, words, customer);
  return { ...report, items: report.items.map((item) => ({ ...item, words: withoutAddresses(item.words) })) };
}

/** Reads what the server gives to ERPNext again. @throws UserError */
export function readReplay(words: string, customer: string): Replayed {
  return parsed(replaySchema, words, customer);
}

/** What Pub/Sub gives beside the server's own; nothing where deliveries come to the door. */
export function seekLine({ sought }: Replayed): string | undefined {
  if (sought === undefined) return undefined;
  return sought
    ? "Pub/Sub gives again what the server does not know of that time."
    : "Pub/Sub gives again what the server does not know of that time as soon as the puller runs.";
}

function parsed<T>(schema: z.ZodType<T>, words: string, customer: string): T {
  const { data } = schema.safeParse(parseJson(words));
  if (data !== undefined) return data;
  throw new UserError({
    what: `the server answered "${words.slice(0, 80)}", which is no report of deliveries`,
    customer,
    next: `run "pulumi up -s ${customer}", so that the server has the files of this project, and try again`,
  });
}

/** MariaDB quotes the value that stands twice, and that may be someone's address. */
function withoutAddresses(words: string | null): string | null {
  return words?.replace(/[^\s'"<>(),;:]+@[^\s'"<>(),;:]+/g, "[address]") ?? null;
}
