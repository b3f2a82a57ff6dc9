/** A Markdown table. A cell's `|` is escaped, and its line breaks become blanks. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cellText(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

/** Inline code; an empty text stays empty. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
