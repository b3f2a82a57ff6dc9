/** A resource as `pulumi preview --diff` begins it: `    ~ gcp:compute/disk:Disk: (update)`; the unchanged have no sign. */
const RESOURCE =
  /^( *)(?:(\+\+|--|\+-|-\+|[~+-]) ?)?([^\s:]+:[^\s:]*:[^\s:]+): \(([a-z]+(?:-[a-z]+)*(?:\[[a-z]+\])?)\)$/;

/** What follows the resources, at the left margin. */
const END = /^(?:Resources|Diagnostics|Policies|Duration):/;

const CHANGED = /^ *(?:[~+-]|\+-|-\+) /;

/** The resource whose lines are being read. */
interface Block {
  readonly sign: string;
  readonly type: string;
  readonly operation: string;
  readonly indent: number;
  /** Where its `[urn=…]` began, and so does its own `--outputs:--`. */
  details?: number;
}

/**
 * What `pulumi preview --diff` says that changes: one line for each changed resource, by its name, and below it its changed
 * properties, indented. The stack itself, its outputs, the counts and what dynamic resources carry along are left out.
 */
export function changedLines(diff: string): string[] {
  const changed: string[] = [];
  let block: Block | undefined;
  for (const line of diff.split("\n").map((text) => text.trimEnd())) {
    if (END.test(line)) break;
    const header = RESOURCE.exec(line);
    if (header !== null) {
      block = blockOf(header);
    } else if (block !== undefined && endsHere(block, line)) {
      block = undefined;
    } else if (block !== undefined) {
      changed.push(...shownOf(block, line));
    }
  }
  return changed;
}

/** A refresh shows what it found as the resource's own outputs; others are the stack's, which repeat what changes above. */
function endsHere(block: Block, line: string): boolean {
  return line.trim() === "--outputs:--" && line.indexOf("-") !== block.details;
}

/** The title of the block where its name comes, a changed property, or nothing. */
function shownOf(block: Block, line: string): string[] {
  const urn = /^( *)\[urn=(.*)\]$/.exec(line);
  if (urn !== null) {
    block.details = urn[1]?.length ?? 0;
    return [`${block.sign} ${nameOf(urn[2] ?? "")} (${block.type}): ${block.operation}`];
  }
  return CHANGED.test(line) && !line.includes("__provider") ? [line.slice(block.indent)] : [];
}

/** Undefined for what does not change, and for the stack. */
function blockOf([, indent = "", sign, type = "", operation = ""]: RegExpExecArray): Block | undefined {
  if (sign === undefined || type === "pulumi:pulumi:Stack") return undefined;
  return { sign, type, operation, indent: indent.length };
}

/** The last of a URN's four parts: urn:pulumi:<stack>::<project>::<types>::<name>. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The counts under "Resources:" of a preview, an update, a refresh or a destroy. */
export function resourceCounts(output: string): Readonly<Record<string, number>> {
  const after = output.slice(output.lastIndexOf("Resources:"));
  const counts = [...after.matchAll(/^\s*(?:[+~-]|\+-)?\s*(\d+) (?:to )?([a-z]+(?: [a-z]+)?)/gm)];
  return Object.fromEntries(counts.map(([, count, what]) => [what ?? "", Number(count)]));
}
