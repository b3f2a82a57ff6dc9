/** Lines of one diff, unless it is asked for shorter. */
export const DIFF_LINES = 120;

/** One in so many of them is the end: the beginning holds the dangerous changes, the end is the tail that a cut must not take. */
const TAIL_SHARE = 6;

/** A block that GitHub colours as a diff. One of more lines than `limit` is cut in the middle, which is said. */
export function diffBlock(lines: readonly string[], limit = DIFF_LINES): readonly string[] {
  const shown = withTail(lines, limit);
  const fence = fenceFor(shown);
  return [`${fence}diff`, ...shown, fence];
}

function withTail(lines: readonly string[], limit: number): readonly string[] {
  if (lines.length <= limit) return lines;
  const tail = Math.floor(limit / TAIL_SHARE);
  const left = lines.length - limit;
  return [...lines.slice(0, limit - tail), `# … ${count(left, "line")} left out …`, ...lines.slice(-tail)];
}

/** Longer than any run of backticks in the text, which could otherwise end the block and write Markdown of its own. */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length);
  return "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
}

/** One line of text that can break neither a table nor a list, nor mention anyone. */
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

/** Names of stacks that are written out before the rest becomes a number. */
const NAMED_STACKS = 8;

/** Names as inline code, at most `limit` of them written out. */
export function names(all: readonly string[], limit = NAMED_STACKS): string {
  const first = all.slice(0, limit).map(code).join(", ");
  const rest = all.length - limit;
  return rest > 0 ? `${first} and ${rest} more` : first;
}
