import type { Context } from "hono";

import type { ConsoleContext } from "../app";
import { statusAnswer } from "../page/answers";

/** `GET /api/status`: counts, scan, health and the number of gaps by reason. */
export async function serveStatus(context: Context<ConsoleContext>): Promise<Response> {
  return context.json(await statusAnswer(context.var.reader));
}
