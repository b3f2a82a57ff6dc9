import { redact } from "../core/secrets";
import { ClientError, header, parseJson, type HttpAnswer } from "./http";

/**
 * unauthorized: Frappe does not know the key, or its user may not do this · access: Cloudflare Access or its edge stands
 * in the way · missing: there is no such document or method · refused: Frappe's rules do not allow the values ·
 * conflict: someone else was faster · server: an exception inside Frappe or an app · unreachable: no whole answer ·
 * unexpected: an answer that is not Frappe's.
 */
export type FrappeErrorKind =
  "unauthorized" | "access" | "missing" | "refused" | "conflict" | "server" | "unreachable" | "unexpected";

/** Why Frappe did not do what it was asked. */
export class FrappeError extends ClientError {
  override readonly name = "FrappeError";
  readonly kind: FrappeErrorKind;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Frappe's exception class, for example LinkValidationError; empty where it named none. */
  readonly exception: string;

  constructor(
    reason: { readonly kind: FrappeErrorKind; readonly status: number; readonly exception?: string },
    problem: { readonly what: string; readonly next: string },
  ) {
    super(problem.what, problem.next);
    this.kind = reason.kind;
    this.status = reason.status;
    this.exception = reason.exception ?? "";
  }
}

/** What was asked, for the sentence about its failure. */
export interface Asked {
  /** For example `save "Shopify Setting"`: what follows "to". */
  readonly purpose: string;
  /** The server as the operator knows it. */
  readonly host: string;
  /** What must not be printed. */
  readonly secrets: readonly (string | undefined)[];
}

/** The error that an answer of Frappe, or of what stands before it, amounts to. */
export function frappeError(answer: HttpAnswer, asked: Asked): FrappeError {
  if (isAccessLogin(answer)) return accessError(answer, asked);
  const body = parseJson(answer.text);
  const { status } = answer;
  if (typeof body !== "object" || body === null) return strangeAnswer(answer, asked);
  const details = readDetails(body);
  const { kind, next } = explain(status, details.exception);
  const name = details.exception === "" ? "" : ` ${details.exception}`;
  const said = details.message === "" ? "" : `: ${details.message}`;
  const what = redact(`${asked.host} refused to ${asked.purpose} (HTTP ${status}${name})${said}`, asked.secrets);
  return new FrappeError({ kind, status, exception: details.exception }, { what, next });
}

/** Whether Frappe found nothing of this name; of a doctype that is not installed there is no document either. */
export function isAbsent(error: unknown): boolean {
  return error instanceof FrappeError && ["DoesNotExistError", "ImportError"].includes(error.exception);
}

/** Whether Frappe says that it takes no requests for now: it is being migrated, or a backup is brought back. */
export function isInMaintenance({ status, text }: HttpAnswer): boolean {
  return status === 503 && text.includes("SessionStopped");
}

/** Access answers with a redirect to its login page, or with a page of its own; Frappe's API only ever answers in JSON. */
function isAccessLogin({ status, headers }: HttpAnswer): boolean {
  const toLogin = /cloudflareaccess\.com|\/cdn-cgi\/access\//.test(header(headers, "location") ?? "");
  return (
    toLogin || ((status === 401 || status === 403) && (header(headers, "content-type") ?? "").startsWith("text/html"))
  );
}

function accessError({ status }: HttpAnswer, { host, purpose }: Asked): FrappeError {
  return new FrappeError(
    { kind: "access", status },
    {
      what: `Cloudflare Access denied the request to ${host} to ${purpose} (HTTP ${status})`,
      next: "check that the Access application of this host has a policy for the service token and that the token has not expired",
    },
  );
}

function strangeAnswer({ status, headers, text }: HttpAnswer, { host, purpose }: Asked): FrappeError {
  if (status === 404) {
    return new FrappeError(
      { kind: "unexpected", status },
      {
        what: `no Frappe site answers at ${host} (HTTP 404) to ${purpose}`,
        next: "check that the site's name is the UI host and that the server has converged",
      },
    );
  }
  const type = text === "" ? "no text" : (header(headers, "content-type") ?? "no content type");
  const what = `${host} answered HTTP ${status} with ${type} instead of Frappe's JSON to ${purpose}`;
  // A worker that breaks before Frappe can answer: gunicorn's own page.
  if (status >= 500) {
    const next = "look into the log of the site's backend and run the command again";
    return new FrappeError({ kind: "server", status }, { what, next });
  }
  const next = 'check "hosts.ui", and "frappeApiUrl" where it is set';
  return new FrappeError({ kind: "unexpected", status }, { what, next });
}

function explain(status: number, exception: string): { kind: FrappeErrorKind; next: string } {
  if (exception === "TimestampMismatchError") {
    return { kind: "conflict", next: "someone saved the document at the same moment: run the command again" };
  }
  if (exception === "DuplicateEntryError" || status === 409) {
    return { kind: "conflict", next: "rename one of the two documents or let the existing one be adopted" };
  }
  if (exception === "LinkValidationError")
    return { kind: "refused", next: "create what it links to first, or correct the name" };
  if (exception === "LinkExistsError")
    return { kind: "refused", next: "delete what refers to it first, or keep the document" };
  if (status === 401) {
    return {
      kind: "unauthorized",
      next: 'check "automationApiKey" and "automationApiSecret": the site does not know the pair',
    };
  }
  if (status === 403) {
    return {
      kind: "unauthorized",
      next: "see that the automation user is enabled and has the roles that host/bench/automation-user.py gives it",
    };
  }
  // A single document of a doctype that no app brings: Frappe looks for its code before it looks for the doctype.
  if (status === 404 || exception === "ImportError")
    return { kind: "missing", next: "check the name, and that the app it belongs to is installed on the site" };
  if (status >= 500) return { kind: "server", next: "look into the site's Error Log" };
  return { kind: "refused", next: "correct what Frappe names and run the command again" };
}

interface FrappeFailure {
  readonly exc_type?: unknown;
  readonly exception?: unknown;
  readonly message?: unknown;
  /** A JSON list of JSON objects, each again as a string. */
  readonly _server_messages?: unknown;
}

/** Frappe names the class in `exc_type`, or at the end of the dotted path before the colon of `exception`. */
function readDetails(body: FrappeFailure): { exception: string; message: string } {
  const raised = typeof body.exception === "string" ? body.exception : "";
  const [, dotted = "", rest = ""] = /^([\w.]+)(?::\s*([^]*))?$/.exec(raised.trim()) ?? [];
  const exception = typeof body.exc_type === "string" ? body.exc_type : (dotted.split(".").at(-1) ?? "");
  const told = serverMessages(body._server_messages)
    .map((message) => plainText(message).replace(/\.$/, ""))
    .filter((text) => text !== "");
  if (told.length > 0) return { exception, message: [...new Set(told)].join("; ") };
  return { exception, message: plainText(rest !== "" ? rest : typeof body.message === "string" ? body.message : "") };
}

function serverMessages(value: unknown): readonly string[] {
  const list = typeof value === "string" ? parseJson(value) : value;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const inner = typeof entry === "string" ? (parseJson(entry) ?? entry) : entry;
    if (typeof inner === "string") return inner;
    const { message } = (inner ?? {}) as { message?: unknown };
    return typeof message === "string" ? message : "";
  });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&", nbsp: " " };
const LONGEST_MESSAGE = 500;

/** Tags of HTML, and not the < and > of a sentence about them. */
export const TAGS = /<\/?[a-z][^>]*>/gi;

/** Frappe writes its messages in HTML, for its own pages. */
function plainText(html: string): string {
  const text = html
    .replace(TAGS, " ")
    .replace(/&(lt|gt|quot|#39|amp|nbsp);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/\s+/g, " ")
    .replace(/ ([.,:;!?])/g, "$1")
    .trim();
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
}
