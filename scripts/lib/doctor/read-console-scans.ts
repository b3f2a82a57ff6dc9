import { z } from "zod";

import type { D1Row } from "../../../clients/cloudflare-d1";
import { parseJson } from "../../../clients/http";
import type { ConsoleScans } from "./console-facts";
import { NotKnown } from "./finding";

/** What the schedule leaves each time it runs, and how far the scans are: two of the console's facts (console/store/facts.ts). */
export const SCANS_QUERY = "SELECT name, value FROM fact WHERE name IN ('scan', 'health')";

/** Characters of an error that are shown. */
const LONGEST_ERROR = 200;

const time = z.iso.datetime();

/** The part of console/store/scan-book.ts that is checked. */
const bookSchema = z.object({
  readUntil: time.nullable(),
  building: z
    .object({
      orders: z.object({ coverage: z.record(z.string(), z.object({ shopify: z.number() })) }),
      ordersTotal: z.number().nullable(),
    })
    .nullable(),
  trouble: z.object({ why: z.string(), failures: z.number() }).nullable(),
});

/** Each check of the health panel says of when it is; all are of the same run. */
const healthSchema = z.array(z.object({ asOf: time }));

/** @throws NotKnown where the console that wrote them is of a version that writes otherwise */
export function readConsoleScans(rows: readonly D1Row[], madeAt: string | undefined): ConsoleScans {
  const health = factOf(rows, "health", healthSchema);
  const book = factOf(rows, "scan", bookSchema);
  const { readUntil, building, trouble } = book ?? { readUntil: null, building: null, trouble: null };
  return {
    madeAt,
    ranAt: health?.[0]?.asOf,
    readUntil: readUntil ?? undefined,
    building:
      building === null
        ? undefined
        : {
            ordersDone: Object.values(building.orders.coverage).reduce((sum, { shopify }) => sum + shopify, 0),
            ordersTotal: building.ordersTotal,
          },
    trouble: trouble === null ? undefined : { failures: trouble.failures, why: firstLine(trouble.why) },
  };
}

function factOf<Value>(rows: readonly D1Row[], name: string, schema: z.ZodType<Value>): Value | undefined {
  const row = rows.find((one) => one["name"] === name);
  if (row === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(String(row["value"])));
  if (parsed.success) return parsed.data;
  throw new NotKnown("unknown", `the console's database holds a "${name}" that this version does not understand`);
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, LONGEST_ERROR);
}
