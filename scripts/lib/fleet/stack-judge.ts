import type { StepEventMetadata } from "@pulumi/pulumi/automation";

import type { Customer } from "../../../customers/schema";
import { SECRET, UNKNOWN } from "../../../infra/policy/rule";
import { judgeResource, judgeStack, type Breach } from "../../../infra/policy/rules";
import { NOT_KNOWN, SIGNATURE } from "./resource-change";

/** What the engine shows in an event instead of a secret. */
const MASKED = "[secret]";

/** Steps after which a resource is there as the program wants it; the others delete, or say what was there before. */
const WANTED = new Set(["same", "create", "update", "replace", "import", "import-replacement"]);

/** Of those, the steps that make something else of what was there. */
const CHANGED = new Set(["update", "replace"]);

/**
 * The policies of infra/policy/ over one stack, as the engine's events pass by: nothing is started for it, and of a resource
 * only its type is kept. `pulumi up` asks the same rules through the policy pack.
 */
export class StackJudge {
  readonly #types = new Map<string, string>();
  readonly #breaches: Breach[] = [];

  /** @param customer undefined when the intake file has faults, which the program itself refuses */
  constructor(private readonly customer: Customer | undefined) {}

  take(step: StepEventMetadata): void {
    if (this.customer === undefined || !WANTED.has(step.op)) return;
    const { type, urn } = step;
    this.#types.set(urn, type);
    const resource = {
      type,
      name: urn.split("::").slice(3).join("::"),
      inputs: ruled(step.new?.inputs ?? {}) as Record<string, unknown>,
      ...(CHANGED.has(step.op) ? { before: ruled(step.old?.inputs ?? {}) as Record<string, unknown> } : {}),
      protect: step.new?.protect === true,
    };
    this.#breaches.push(...judgeResource(resource, this.customer));
  }

  /** Once the preview has come to its end: only then is the stack complete. */
  breaches(): readonly Breach[] {
    return [...this.#breaches, ...judgeStack([...this.#types.values()])];
  }
}

/** The engine's words for what is secret and what is not known yet, as the rules have them. */
function ruled(value: unknown): unknown {
  if (value === MASKED) return SECRET;
  if (value === NOT_KNOWN) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ruled);
  if (SIGNATURE in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, ruled(inner)]));
}
