import { z } from "zod";
import { refuse, type Reason, type RefusedValue } from "./refusal";

/** What a text must be, and how it is refused. */
export interface TextRule {
  /** Goes into the JSON schema too, so that editors check it. */
  readonly pattern: RegExp;
  /** Follows "which is not", for example `a host name in lower case`. */
  readonly kind: string;
  /** A valid value. */
  readonly example: string;
  /** What a pattern cannot tell, such as whether a date exists. Asked only when the pattern matches. */
  readonly accepts?: (value: string) => boolean;
  /** A better explanation of a refused text. */
  readonly hint?: (value: string) => Hint | undefined;
  /** Whether a refused text may be a secret that was put into the wrong field, so that it is not printed. */
  readonly hides?: (value: string) => boolean;
}

/** Why a text is refused, and what was probably meant. */
export interface Hint {
  /** Follows "which". */
  readonly which: string;
  /** A corrected value; shown in place of the rule's own example if the rule accepts it. */
  readonly corrected?: string;
}

/** A text in double quotes, as YAML takes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A zod shape of one text, whose every refusal is one sentence that ends in a valid example. */
export function text(rule: TextRule): z.ZodString {
  const error = (issue: RefusedValue): string => refuse(issue, reasonFor(rule, issue.input));
  const shape = z.string({ error }).regex(rule.pattern, { error });
  const { pattern, accepts } = rule;
  // Not by zod's abort, which would also keep the rules between other fields from running.
  const complete =
    accepts === undefined ? shape : shape.refine((value) => !pattern.test(value) || accepts(value), { error });
  return complete.meta({ examples: [rule.example] });
}

/** A hint for the commonest slip; undefined where the text has no upper case letters. */
export function upperCaseHint(value: string): Hint | undefined {
  const lower = value.toLowerCase();
  return lower === value ? undefined : { which: "has upper case letters", corrected: lower };
}

function reasonFor(rule: TextRule, input: unknown): Reason {
  const reason = { which: `is not ${rule.kind}`, example: quoted(rule.example) };
  if (typeof input === "number" || typeof input === "boolean") {
    return { which: "YAML does not read as text unless it stands in quotes", example: reason.example };
  }
  if (typeof input !== "string") return reason;
  const hidden = rule.hides?.(input) ?? false;
  const hint = rule.hint?.(input);
  if (hint === undefined) return { ...reason, hidden };
  const { which, corrected } = hint;
  const example = corrected !== undefined && isAccepted(rule, corrected) ? corrected : rule.example;
  return { which, example: quoted(example), hidden };
}

function isAccepted(rule: TextRule, value: string): boolean {
  return rule.pattern.test(value) && (rule.accepts?.(value) ?? true);
}
