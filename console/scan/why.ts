import { ClientError } from "../../clients/http";
import { text, type Text } from "../../core/messages";
import { BudgetSpent } from "../sides/budget";

/** Why something could not be found out, as one clause for people. Errors of the clients hold no credential. */
export function why(error: unknown): Text {
  if (error instanceof ClientError) return text("why.words", { words: error.what });
  return text(error instanceof BudgetSpent ? "why.noTime" : "why.defect");
}

/** What the log may say of an error: a client's own words, or the name and message of a defect. */
export function forLog(error: unknown): string {
  if (error instanceof ClientError) return error.what;
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
}
