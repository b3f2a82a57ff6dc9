import type { IncomingMessage } from "node:http";

/** A fault for the next `times` requests (default 1) whose "METHOD /path?query" contains or matches `match`. */
export interface Fault {
  readonly match: string | RegExp;
  readonly times?: number;
  /** "hang" never answers; "reset" closes the connection; "502" is the proxy's answer, "500" that of a broken worker. */
  readonly kind: "500" | "502" | "hang" | "reset";
}

/** The faults that are still to happen, in the order they were asked for. */
export class Faults {
  readonly #pending: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the fault that is due for a request, if there is one. */
  due(request: IncomingMessage): Fault["kind"] | undefined {
    const line = `${request.method ?? ""} ${decoded(request.url ?? "")}`;
    const entry = this.#pending.find(({ fault, left }) => left > 0 && matches(fault.match, line));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault.kind;
  }
}

function matches(match: string | RegExp, line: string): boolean {
  return typeof match === "string" ? line.includes(match) : match.test(line);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
