/** GitHub's limit of a comment and of an issue's body (characters). */
export const BODY_LIMIT = 65_536;

/** Of a text that is too long, its end says more than its middle: what it came to, and why. */
const TAIL = 8_000;

/**
 * A text that GitHub takes: cut in its middle at whole lines, which is said. A block of code that the cut goes through is
 * ended before it and begun again after it, so that the rest is not read as Markdown.
 */
export function fitBody(text: string, limit = BODY_LIMIT): string {
  if (text.length <= limit) return text;
  const lines = text.split("\n");
  const notice = "\n_Too long for GitHub: the middle is left out._\n";
  const tail = takeEnd(lines, Math.min(TAIL, Math.floor(limit / 4)));
  const head = takeStart(lines, limit - tail.join("\n").length - notice.length - 2 * LONGEST_FENCE);
  const [ended, begun] = [openFence(head), openFence(lines.slice(0, lines.length - tail.length))];
  return [
    ...head,
    ...(ended === undefined ? [] : [ended.replace(/[^`]+$/, "")]),
    notice,
    ...(begun === undefined ? [] : [begun]),
    ...tail,
  ].join("\n");
}

/** Room for the lines that end and begin a block (characters). */
const LONGEST_FENCE = 40;

function takeStart(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  return lines.slice(0, end === -1 ? lines.length : end);
}

function takeEnd(lines: readonly string[], room: number): readonly string[] {
  return [...takeStart([...lines].reverse(), room)].reverse();
}

/** The line that began the block of code which these lines leave open; undefined where none is. */
function openFence(lines: readonly string[]): string | undefined {
  let open: string | undefined;
  for (const line of lines) {
    const fence = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence === undefined) continue;
    if (open === undefined) open = line;
    else if (fence === line && fence.length >= (/^`+/.exec(open)?.[0].length ?? 0)) open = undefined;
  }
  return open;
}
