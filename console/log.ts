/** Who may say something in the Worker's log, which its operator reads at Cloudflare. */
type Level = "info" | "warn";

/** What a line may carry besides its words: figures and names. Never a header, a body or anything of a binding. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** One line of JSON, which Workers Logs takes apart by its fields. */
export function log(level: Level, event: string, facts: LogFacts = {}): void {
  console[level === "info" ? "log" : "warn"](JSON.stringify({ event, ...facts }));
}
