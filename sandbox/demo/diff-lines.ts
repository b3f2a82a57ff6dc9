/** A resource as `pulumi preview --diff` begins it: `    ~ gcp:compute/disk:Disk: (update)`; the unchanged have no sign. */
const RESOURCE = /^( *)(?:(\+\+|--|\+-|-\+|[~+-]) ?)?([^\s:]+:[^\s:]*:[^\s:]+): \(([a-z-]+)\)$/;

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
      continue;
    }
    if (block === undefined) continue;
    const urn = /^( *)\[urn=(.*)\]$/.exec(line);
    if (urn !== null) {
      block.details = urn[1]?.length ?? 0;
      changed.push(`${block.sign} ${nameOf(urn[2] ?? "")} (${block.type}): ${block.operation}`);
    } else if (line.trim() === "--outputs:--" && line.indexOf("-") !== block.details) {
      // Not this resource's, which a refresh shows, but the stack's, which repeat what changes above.
      block = undefined;
    } else if (CHANGED.test(line) && !line.includes("__provider")) {
      changed.push(line.slice(block.indent));
    }
  }
  return changed;
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
