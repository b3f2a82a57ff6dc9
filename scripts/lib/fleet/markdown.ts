/** Lines of one diff: its beginning holds the dangerous changes, its end is the tail that a cut must not take. */
const DIFF_LINES = 120;
const DIFF_TAIL = 20;

/** A block that GitHub colours as a diff. A long one is cut in the middle, which is said. */
export function diffBlock(lines: readonly string[]): readonly string[] {
  const shown = withTail(lines);
  const fence = fenceFor(shown);
  return [`${fence}diff`, ...shown, fence];
}

function withTail(lines: readonly string[]): readonly string[] {
  if (lines.length <= DIFF_LINES) return lines;
  const head = lines.slice(0, DIFF_LINES - DIFF_TAIL);
  const left = lines.length - DIFF_LINES;
  return [...head, `# … ${count(left, "line")} left out …`, ...lines.slice(-DIFF_TAIL)];
}

/** Longer than any run of backticks in the text, which could otherwise end the block and write Markdown of its own. */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length);
  return "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
}

/** One line of text that can break neither a table nor a list, nor mention anybody. */
export function inline(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"))
    .replace(/@/g, "&#64;")
    .replace(/\|/g, "\\|")
    .trim();
}

/** Inline code. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** "1 stack", "2 stacks". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
