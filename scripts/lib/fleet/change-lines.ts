import { dangerOf, lossOf } from "./danger";
import type { Operation, PropertyChange, ResourceChange } from "./resource-change";

/** First characters that GitHub's `diff` highlighting knows: green, red, orange, none. */
const SIGNS = { create: "+", import: "+", delete: "-", replace: "!", update: "~" } as const;

/** Says what happens to a resource; as the engine names it, unless something else is handed in. */
export type Verb = (operation: Operation) => string;

/** Changes as lines of a diff, in the order given. */
export function changeLines(changes: readonly ResourceChange[], verb: Verb = (name) => name): readonly string[] {
  return changes.flatMap((change) => [headline(change, verb), ...change.properties.flatMap(propertyLines)]);
}

function headline(change: ResourceChange, verb: Verb): string {
  const because = change.because.length === 0 ? "" : `, because of ${change.because.join(", ")}`;
  const loss = lossOf(change);
  const warning = loss === undefined ? interruption(change) : `, which loses ${loss}`;
  return `${SIGNS[change.operation]} ${verb(change.operation)} ${change.name} (${shortType(change.type)})${because}${warning}${goneFirst(change)}`;
}

function interruption(change: ResourceChange): string {
  return dangerOf(change) === "interrupts" ? ", which interrupts the service" : "";
}

function goneFirst({ isGoneFirst }: ResourceChange): string {
  return isGoneFirst === true ? "; the old one is deleted before the new one is made" : "";
}

/** "gcp:compute/disk:Disk" as "Disk"; the rest is never read. */
export function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}

function propertyLines({ path, before, after }: PropertyChange): readonly string[] {
  if (before === undefined && after === undefined) return [`    ${path} differs from what was set`];
  return [...valueLines("-", path, before), ...valueLines("+", path, after)];
}

function valueLines(sign: "-" | "+", path: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === "") return [];
  const lines = value.split("\n");
  return lines.length === 1
    ? [`${sign}   ${path}: ${value}`]
    : [`${sign}   ${path}:`, ...lines.map((line) => `${sign}     ${line}`)];
}
