import { redact } from "../../../core/secrets";
import { abandonedSentence, isPremature } from "./abandoned";
import { lossOf, type Danger } from "./danger";
import { code, count, inline, names } from "./markdown";
import type { FleetPreview, Group } from "./roll-up";

/** Of each kind of alarm, so many are written out before the rest becomes a number: one kind must not hide the next. */
const WRITTEN_OUT = 8;

/** Names of resources that are written out in one alarm. */
const NAMED_RESOURCES = 3;

/** Longest words of someone else's in an alarm (characters). */
const WORDS_LIMIT = 400;

/** What a reviewer has to know before anything else, the worst first; a line of a list each. */
export function alarms(fleet: FleetPreview): readonly string[] {
  const breaches = fleet.breaches.map(
    ({ rule, message, stacks }) => `- policy ${code(rule)} **refuses** ${names(stacks)}: ${words(message)}`,
  );
  const left = [...fleet.abandoned].sort((a, b) => Number(isPremature(b)) - Number(isPremature(a)));
  const abandoned = left.map(
    (each) => `- ${isPremature(each) ? "**too early:** " : ""}${words(abandonedSentence(each))}`,
  );
  return [fleet.groups.flatMap(losses), breaches, failures(fleet), abandoned].flatMap(shortened);
}

function shortened(lines: readonly string[]): readonly string[] {
  const rest = lines.length - WRITTEN_OUT;
  return rest > 1
    ? [...lines.slice(0, WRITTEN_OUT), `- and ${rest} more like these: run ${code("./stack preview")}`]
    : lines;
}

/** What one group of stacks loses: the same loss of several resources is one line. */
function losses({ stacks, changes }: Group): readonly string[] {
  const lost = new Map<string, string[]>();
  for (const change of changes) {
    const loss = lossOf(change);
    if (loss === undefined) continue;
    const does = change.operation === "delete" ? "delete" : "replace";
    const key = `${stacks.length === 1 ? `${does}s` : does} <resources>**, which loses ${loss}`;
    lost.set(key, [...(lost.get(key) ?? []), change.name]);
  }
  return [...lost].map(
    ([sentence, resources]) =>
      `- ${names(stacks)} **${sentence.replace("<resources>", () => names(resources, NAMED_RESOURCES))}`,
  );
}

/** Stacks that fail for the same reason, but for their own names, are one line. */
function failures({ failed }: FleetPreview): readonly string[] {
  const folded = new Map<string, { stacks: string[]; reason: string }>();
  for (const { stack, reason } of failed) {
    const key = reason.split(stack).join("<slug>");
    const same = folded.get(key);
    if (same === undefined) folded.set(key, { stacks: [stack], reason });
    else same.stacks.push(stack);
  }
  return [...folded.values()].map(
    ({ stacks, reason }) => `- ${names(stacks)} **could not be previewed**: ${words(reason)}`,
  );
}

/** Masked before it is cut: half of a secret has not its shape. */
function words(text: string): string {
  const masked = redact(text);
  return inline(masked.length > WORDS_LIMIT ? `${masked.slice(0, WORDS_LIMIT)}…` : masked);
}

/** What a reviewer looks at first, as numbers; empty where there is nothing. */
export function troubles(fleet: FleetPreview): readonly string[] {
  const having = (worst: Danger): number =>
    fleet.groups.filter(({ danger }) => danger === worst).flatMap(({ stacks }) => stacks).length;
  const [losing, interrupted] = [having("loses"), having("interrupts")];
  const refused = new Set(fleet.breaches.flatMap(({ stacks }) => stacks)).size;
  const early = fleet.abandoned.filter(isPremature).length;
  return [
    ...(losing === 0 ? [] : [`${losing} with a loss`]),
    ...(interrupted === 0 ? [] : [`${interrupted} with an interruption`]),
    ...(refused === 0 ? [] : [`${refused} against a policy`]),
    ...(fleet.failed.length === 0 ? [] : [`${fleet.failed.length} not previewed`]),
    ...(early === 0 ? [] : [`${count(early, "stack")} abandoned`]),
  ];
}
