/** Lines of `pulumi preview --diff` that say what changes: the changed resources, and under each its changed properties. */
export function changedLines(diff: string): string[] {
  return diff
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => /^\s*(?:[~+-]|\+-|-\+)\s/.test(line))
    .filter((line) => !/__provider|pulumi:pulumi:Stack/.test(line));
}

/** The counts under "Resources:" of a preview, an update, a refresh or a destroy. */
export function resourceCounts(output: string): Readonly<Record<string, number>> {
  const after = output.slice(output.lastIndexOf("Resources:"));
  const counts = [...after.matchAll(/^\s*(?:[+~-]|\+-)?\s*(\d+) (?:to )?([a-z]+(?: [a-z]+)?)/gm)];
  return Object.fromEntries(counts.map(([, count, what]) => [what ?? "", Number(count)]));
}
