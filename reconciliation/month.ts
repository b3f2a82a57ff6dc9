/** Time zones differ from UTC by multiples of this (milliseconds), so no month begins inside such a slot. */
const SLOT = 15 * 60 * 1000;
/** How many slots are remembered: ten weeks and more, as orders mostly come in the order of their time. */
const REMEMBERED = 8_000;

/** Gives the month ("2026-11") of an ISO time in one time zone of the tz database. */
export function monthsIn(timeZone: string): (time: string) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit" });
  const known = new Map<number, string>();
  return (time) => {
    const slot = Math.floor(Date.parse(time) / SLOT);
    const remembered = known.get(slot);
    if (remembered !== undefined) return remembered;
    const parts = format.formatToParts(slot * SLOT);
    const part = (type: "year" | "month"): string => parts.find((candidate) => candidate.type === type)?.value ?? "";
    const month = `${part("year").padStart(4, "0")}-${part("month")}`;
    if (known.size >= REMEMBERED) known.clear();
    known.set(slot, month);
    return month;
  };
}

/** The calendar day ("2026-11-26") of an ISO time in a time zone. */
export function dayIn(timeZone: string, time: string): string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const parts = new Map(format.formatToParts(Date.parse(time)).map(({ type, value }) => [type, value]));
  return `${(parts.get("year") ?? "").padStart(4, "0")}-${parts.get("month") ?? ""}-${parts.get("day") ?? ""}`;
}
