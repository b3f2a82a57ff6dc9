/** Frappe writes times without a zone ("2026-11-26 20:00:00.123456"): in that of the site's System Settings. */

/** ISO 8601 of a site's time. Of an hour that the clocks go back over, the first. */
export function isoOfSiteTime(time: string, timeZone: string): string {
  const asUtc = Date.parse(`${time.replace(" ", "T").slice(0, 23)}Z`);
  const guess = asUtc - offset(asUtc, timeZone);
  // The offset was taken at a moment that is wrong by itself; across a change of clocks the second look is right.
  return new Date(asUtc - offset(guess, timeZone)).toISOString();
}

/** A moment (milliseconds since 1970) as the site writes it, to the second. */
export function siteTimeOf(moment: number, timeZone: string): string {
  return new Date(moment + offset(moment, timeZone)).toISOString().slice(0, 19).replace("T", " ");
}

/** ISO 8601 of a moment with the zone's own offset, as Shopify writes its times: the connector books on the day that stands there. */
export function zonedTimeOf(moment: number, timeZone: string): string {
  const ahead = offset(moment, timeZone) / 60_000;
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.round(Math.abs(ahead) % 60)];
  const clock = [hours, minutes].map((part) => String(part).padStart(2, "0")).join(":");
  return `${siteTimeOf(moment, timeZone).replace(" ", "T")}${ahead < 0 ? "-" : "+"}${clock}`;
}

/** By zone: to make one takes longer than to read a thousand times by it. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  CLOCKS.set(timeZone, clock);
  return clock;
}

/** What a zone's clocks are ahead of UTC at a moment (milliseconds). */
function offset(moment: number, timeZone: string): number {
  const format = clockOf(timeZone);
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(moment / 1000) * 1000;
}
