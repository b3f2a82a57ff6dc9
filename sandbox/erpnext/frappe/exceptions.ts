import { randomBytes } from "node:crypto";

/** How Frappe answers an exception that reaches the request handler. */
export interface Raised {
  /** The class, e.g. "LinkValidationError". */
  readonly type: string;
  /** Its Python module with a dot at its end, "" for a builtin. */
  readonly module?: string;
  readonly status: number;
  /** Whether `frappe.throw` raised it: then the text is also in `_server_messages`. */
  readonly shown?: boolean;
  readonly title?: string;
  /** What else was shown on the way, before it. */
  readonly shownBefore?: readonly string[];
}

/** A Python exception of Frappe, ERPNext, the connector or one of their libraries. */
export class PythonException extends Error {
  constructor(
    message: string,
    readonly raised: Raised,
  ) {
    super(message);
    this.name = raised.type;
  }

  /** The last line of the traceback, which Frappe sends as `exception`. */
  get lastLine(): string {
    const path = `${this.raised.module ?? ""}${this.raised.type}`;
    return this.message === "" ? path : `${path}: ${this.message}`;
  }

  get traceback(): string {
    return `Traceback (most recent call last):\n  File "apps/frappe/frappe/app.py", in application\n${this.lastLine}\n`;
  }

  /** The body of the answer. `exc` and `_server_messages` are JSON inside JSON, as Frappe sends them. */
  body(): Record<string, string> {
    const answer: Record<string, string> = {
      exception: this.lastLine,
      exc_type: this.raised.type,
      exc: JSON.stringify([this.traceback]),
    };
    if (this.raised.shown === true) {
      const messages = [...(this.raised.shownBefore ?? []), this.message].map((message) => this.#shown(message));
      answer["_server_messages"] = JSON.stringify(messages);
    }
    return answer;
  }

  #shown(message: string): string {
    const { title = "Message" } = this.raised;
    const __frappe_exc_id = randomBytes(28).toString("hex");
    return JSON.stringify({ message, title, indicator: "red", raise_exception: 1, __frappe_exc_id });
  }
}

const FRAPPE = "frappe.exceptions.";

/** `frappe.throw` with one of Frappe's own classes; all but a few answer 417. */
export function thrown(
  type: string,
  message: string,
  options: { status?: number; title?: string; shownBefore?: readonly string[] } = {},
): PythonException {
  return new PythonException(message, { type, module: FRAPPE, status: 417, shown: true, ...options });
}

export function validationError(message: string, title?: string): PythonException {
  return thrown("ValidationError", message, title === undefined ? {} : { title });
}

export function doesNotExist(doctype: string, name: string): PythonException {
  return thrown("DoesNotExistError", `${doctype} ${name} not found`, { status: 404 });
}

export function duplicateEntry(doctype: string, name: string): PythonException {
  const cause = `('${doctype}', '${name}', IntegrityError(1062, "Duplicate entry '${name}' for key 'PRIMARY'"))`;
  return new PythonException(cause, { type: "DuplicateEntryError", module: FRAPPE, status: 409, shown: true });
}

export function notPermitted(message: string): PythonException {
  return new PythonException(message, { type: "PermissionError", module: FRAPPE, status: 403, shown: true });
}

/** MariaDB gave up on one of two transactions that wanted the same row. */
export function deadlock(): PythonException {
  const cause = "(1213, 'Deadlock found when trying to get lock; try restarting transaction')";
  return new PythonException(cause, { type: "QueryDeadlockError", module: FRAPPE, status: 508 });
}

export function unknownColumn(field: string): PythonException {
  const cause = `(1054, "Unknown column '${field}' in 'where clause'")`;
  return new PythonException(cause, { type: "OperationalError", module: "pymysql.err.", status: 500 });
}

/** What lists and counts of a Single, or counts of a doctype that lives in redis, end with. */
export function noTable(doctype: string): PythonException {
  const cause = `(1146, "Table '_site.tab${doctype}' doesn't exist")`;
  return new PythonException(cause, { type: "ProgrammingError", module: "pymysql.err.", status: 500 });
}

/** An exception of Python itself, which Frappe does not catch: 500. */
export function builtin(type: string, message: string): PythonException {
  return new PythonException(message, { type, status: 500 });
}

/** What the connector's HTTP library raises for an answer of Shopify that is not 2xx, and for no answer. */
export function activeResource(type: string, message: string): PythonException {
  return new PythonException(message, { type, module: "pyactiveresource.connection.", status: 500 });
}

/** Any thrown thing as the Python exception it stands for. */
export function asException(error: unknown): PythonException {
  if (error instanceof PythonException) return error;
  return builtin("RuntimeError", error instanceof Error ? error.message : String(error));
}

/** What Python says of a text that is no JSON. */
export function badJson(): PythonException {
  const raised = { type: "JSONDecodeError", module: "json.decoder.", status: 500 };
  return new PythonException("Expecting value: line 1 column 1 (char 0)", raised);
}
