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
      const shown = {
        message: this.message,
        title: this.raised.title ?? "Message",
        indicator: "red",
        raise_exception: 1,
        __frappe_exc_id: randomBytes(28).toString("hex"),
      };
      answer["_server_messages"] = JSON.stringify([JSON.stringify(shown)]);
    }
    return answer;
  }
}

const FRAPPE = "frappe.exceptions.";

/** `frappe.throw` with one of Frappe's own classes; all but a few answer 417. */
export function thrown(
  type: string,
  message: string,
  options: { status?: number; title?: string } = {},
): PythonException {
  const title = options.title === undefined ? {} : { title: options.title };
  return new PythonException(message, { type, module: FRAPPE, status: options.status ?? 417, shown: true, ...title });
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

/** An exception of Python itself, which nobody in Frappe catches: 500. */
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
