import { ClientError } from "../../clients/http";
import { BudgetSpent } from "../sides/budget";

/** Why something could not be found out, as one clause for people. Errors of the clients hold no credential. */
export function why(error: unknown): string {
  if (error instanceof ClientError) return error.what;
  if (error instanceof BudgetSpent) return "there was no time left for it in this minute";
  return "the console met a defect of its own, which its log names";
}

/** What the log may say of an error: a client's own words, or the name and message of a defect. */
export function forLog(error: unknown): string {
  if (error instanceof ClientError) return error.what;
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
}
