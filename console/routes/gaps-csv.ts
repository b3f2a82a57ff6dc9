import type { Context } from "hono";

import type { ConsoleContext } from "../app";
import type { ConsoleReader, GapQuery } from "../model";
import { CSV_TYPE, csvFileName, csvHead, csvLines, moneyCsv } from "../page/csv";
import { readGapQuery } from "../page/query";

/** Rows that are read and written at a time. */
const ROWS_A_PAGE = 500;
/** Of the database's 1,000 queries an invocation two a page: so a file ends at 200,000 rows. */
const MOST_PAGES = 400;

/** `GET /gaps.csv?reason=…&search=…`: the whole list as a file, written as it is read. */
export function serveGapsCsv(context: Context<ConsoleContext>): Response {
  const query = readGapQuery(new URL(context.req.url).searchParams, ROWS_A_PAGE);
  const { reader, settings } = context.var;
  const lines = csvPages(reader, { ...query, after: null });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await lines.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return();
    },
  });
  const name = csvFileName(settings.customer, "not-synced", new Date());
  return context.body(body, 200, { "Content-Type": CSV_TYPE, "Content-Disposition": `attachment; filename="${name}"` });
}

async function* csvPages(reader: ConsoleReader, query: GapQuery): AsyncGenerator<string, void, undefined> {
  yield csvHead(reader.company());
  let { after } = query;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { gaps, next } = await reader.gaps({ ...query, after });
    yield csvLines(gaps, reader.company());
    if (next === null) return;
    after = next;
  }
}

/** `GET /money.csv`: the money by month. */
export async function serveMoneyCsv(context: Context<ConsoleContext>): Promise<Response> {
  const { reader, settings } = context.var;
  const name = csvFileName(settings.customer, "money", new Date());
  const headers = { "Content-Type": CSV_TYPE, "Content-Disposition": `attachment; filename="${name}"` };
  return context.body(moneyCsv(await reader.months(), reader.company()), 200, headers);
}
