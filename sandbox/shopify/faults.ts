/**
 * What a failing Shopify does instead of answering: "500" and "429" with Shopify's own bodies, "html" an error page with status 502,
 * "hang" no answer until the caller gives up, "reset" a connection closed without an answer.
 */
export type FaultKind = "500" | "429" | "hang" | "reset" | "html";

export interface FaultRule {
  /** Matches "<METHOD> <path> <summary>", for example "POST /admin/api/2026-10/graphql.json mutation webhookSubscriptionCreate". */
  readonly match: RegExp | string;
  readonly times: number;
  readonly kind: FaultKind;
}

/** Faults that wait for their requests. The oldest matching rule goes first, and each is used up. */
export class FaultPlan {
  readonly #rules: { rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times });
  }

  /** The fault that this request meets, if any; it counts as used from now on. */
  take(request: string): FaultKind | undefined {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 && (typeof rule.match === "string" ? request.includes(rule.match) : rule.match.test(request)),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.kind;
  }
}
