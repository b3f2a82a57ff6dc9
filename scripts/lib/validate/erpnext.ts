import { setTimeout as sleep } from "node:timers/promises";

import { FrappeError, type FrappeClient } from "../../../clients/frappe";
import type { FrappeChildFilter, FrappeFilter } from "../../../clients/frappe-api";
import { methodOf, type ConnectorEvent } from "../../../core/connector";

/** The part of Frappe's REST that a test run uses. */
export type Frappe = Pick<FrappeClient, "get" | "list" | "view" | "insert" | "update" | "delete" | "call">;

export type Doc = Readonly<Record<string, unknown>>;

type Filter = FrappeFilter | FrappeChildFilter;

/** How long something is waited for, and how often it is checked (milliseconds). */
export interface Pace {
  readonly limitMs: number;
  /** Each pause is this long, more or less by half: several runs do not ask in step. */
  readonly pauseMs: number;
}

/** A row of Ecommerce Integration Log. */
export interface LogRow {
  readonly name: string;
  /** Queued, Success, Error, Invalid. */
  readonly status: string;
  readonly message: string;
}

/** What a wait ended with. */
export interface Seen<T> {
  /** Undefined where it did not come. */
  readonly value: T | undefined;
  /** Why it did not come, as far as it can be seen. */
  readonly because: string;
}

/** ERPNext as a test run looks at it. */
export class Erpnext {
  constructor(
    readonly frappe: Frappe,
    readonly pace: Pace,
  ) {}

  /** The newest log row of an event of an order, or undefined where the connector has logged none. */
  async logOf(event: ConnectorEvent, orderId: string): Promise<LogRow | undefined> {
    const [row] = await this.logsOf(event, orderId);
    return row;
  }

  /** The log rows of an event of an order, the newest first. */
  async logsOf(event: ConnectorEvent, orderId: string): Promise<readonly LogRow[]> {
    const rows = await this.frappe.list("Ecommerce Integration Log", {
      fields: ["name", "status", "message"],
      filters: [
        ["method", "=", methodOf(event)],
        ["request_data", "like", `%${orderId}%`],
      ],
      orderBy: "creation desc",
      limit: 20,
    });
    return rows.map((row) => ({ name: text(row["name"]), status: text(row["status"]), message: text(row["message"]) }));
  }

  /** Documents of an order, or of whatever else the filters say. */
  documents(doctype: string, filters: readonly Filter[], fields: readonly string[] = []): Promise<readonly Doc[]> {
    return this.frappe.list(doctype, { fields: ["name", "docstatus", ...fields], filters, limit: 100 });
  }

  /**
   * Looks until `look` gives something. What an event of an order should have brought is given up as soon as the connector's
   * log says that the event failed. An ERPNext that is away for a moment is waited for.
   */
  async until<T>(
    look: () => Promise<T | undefined>,
    event?: { readonly name: ConnectorEvent; readonly orderId: string },
  ): Promise<Seen<T>> {
    const deadline = performance.now() + this.pace.limitMs;
    let because = "";
    for (;;) {
      try {
        // The log first: what it calls done is there by then.
        const log = event === undefined ? undefined : await this.logOf(event.name, event.orderId);
        const value = await look();
        if (value !== undefined) return { value, because: "" };
        if (log !== undefined && isOver(log)) return { value: undefined, because: describe(log) };
        because = event === undefined ? "" : log === undefined ? NO_LOG : describe(log);
      } catch (error) {
        if (!isPassing(error)) throw error;
        because = error.message;
      }
      if (performance.now() > deadline) return { value: undefined, because: `${because}${this.waited()}` };
      await sleep(this.pace.pauseMs * (0.5 + Math.random()));
    }
  }

  /** The end of a sentence about a wait. */
  private waited(): string {
    return ` after ${Math.round(this.pace.limitMs / 1000)} s`;
  }
}

const NO_LOG =
  "ERPNext has logged no such delivery: it did not arrive, it waits on the server, or its HMAC was refused, which leaves no trace there";

/** A log row as evidence: it exists only for a delivery whose HMAC was right. */
export function describe({ name, status, message }: LogRow): string {
  const words = message === "" || message === "None" ? "" : ` "${message}"`;
  const waiting = status === "Queued" ? " (no worker has taken the job)" : "";
  return `log row ${name}: ${status}${words}${waiting}`;
}

function isOver({ status }: LogRow): boolean {
  return status === "Error" || status === "Invalid";
}

function isPassing(error: unknown): error is FrappeError {
  return error instanceof FrappeError && (error.kind === "unreachable" || error.kind === "server");
}

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The names of documents, for evidence. */
export function namesOf(docs: readonly Doc[]): string {
  return docs.map(({ name }) => text(name)).join(", ");
}
