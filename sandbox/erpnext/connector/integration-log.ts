import { ADMINISTRATOR, insert, load } from "../frappe/documents";
import { type Doc, type Fields, text, type Value } from "../frappe/document";
import { asException } from "../frappe/exceptions";
import type { Work } from "../site";

const LOG = "Ecommerce Integration Log";
const TITLE_CHARACTERS = 100;

export interface LogEntry {
  readonly status?: "Queued" | "Success" | "Error" | "Invalid";
  readonly method?: string;
  readonly message?: string;
  readonly exception?: unknown;
  readonly requestData?: Value;
  readonly responseData?: Value;
  /** Undo what the work has written so far. */
  readonly rollback?: true;
}

/**
 * Writes the work's log row, or a new one where it has none, and commits. A row keeps its method and its request once it
 * has them; the exception's own words become the message, and "None" stands for nothing to say, as Python writes it.
 */
export function writeLog(work: Work, entry: LogEntry): Doc {
  const { tx } = work;
  if (entry.rollback === true) tx.rollback();
  const log = work.logName === undefined ? newLog(work) : load(tx, LOG, work.logName);
  const raised = entry.exception === undefined ? undefined : asException(entry.exception);
  const message = entry.message ?? raised?.message ?? "None";
  const method = log["method"] ?? entry.method ?? null;
  const written: Doc = {
    ...log,
    message,
    method,
    title: titleOf(message, method),
    status: entry.status ?? "Queued",
    ...unlessEmpty("request_data", pretty(entry.requestData)),
    ...unlessEmpty("response_data", pretty(entry.responseData)),
    ...(text(log["traceback"]) === "" ? unlessEmpty("traceback", raised?.traceback) : {}),
    modified: tx.store.timestamp(),
  };
  tx.put(written);
  tx.commit();
  return written;
}

function unlessEmpty(field: string, value: string | undefined): Fields {
  return value === undefined ? {} : { [field]: value };
}

function newLog(work: Work): Doc {
  return insert(work.tx, { doctype: LOG, integration: "shopify" }, { user: ADMINISTRATOR });
}

function pretty(data: Value): string | undefined {
  // What Python takes for false is not written: an empty object, an empty list.
  if (data === undefined || data === null || (typeof data === "object" && Object.keys(data).length === 0)) {
    return undefined;
  }
  return typeof data === "string" ? data : JSON.stringify(data, undefined, 4);
}

function titleOf(message: string, method: Value): string | null {
  const last = typeof method === "string" ? (method.split(".").at(-1) ?? method) : null;
  const title = message === "None" ? last : message.replace(/<[^>]*>/g, "");
  if (title === null || title.length < TITLE_CHARACTERS) return title;
  return `${title.slice(0, TITLE_CHARACTERS)}...`;
}
