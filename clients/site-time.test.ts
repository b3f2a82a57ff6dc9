import { isoOfSiteTime, siteTimeOf, zonedTimeOf } from "./site-time";

test.each([
  ["winter", "2026-11-26 21:00:00.123456", "Europe/Berlin", "2026-11-26T20:00:00.123Z"],
  ["summer", "2026-07-01 00:30:00", "Europe/Berlin", "2026-06-30T22:30:00.000Z"],
  ["the last second before the clocks go forward", "2026-03-29 01:59:59", "Europe/Berlin", "2026-03-29T00:59:59.000Z"],
  ["the first hour after it", "2026-03-29 03:00:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  ["before the clocks go back", "2026-10-25 01:59:59", "Europe/Berlin", "2026-10-24T23:59:59.000Z"],
  ["after it", "2026-10-25 03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ["half an hour's zone", "2026-11-26 21:00:00", "Asia/Kolkata", "2026-11-26T15:30:00.000Z"],
  ["west of Greenwich, over a change of clocks", "2026-03-08 03:30:00", "America/New_York", "2026-03-08T07:30:00.000Z"],
  ["midnight", "2026-01-01 00:00:00", "UTC", "2026-01-01T00:00:00.000Z"],
])("%s", (...[, site, zone, iso]) => {
  expect(isoOfSiteTime(site, zone)).toBe(iso);
  expect(siteTimeOf(Date.parse(iso), zone)).toBe(site.slice(0, 19));
});

test.each([
  ["2026-11-27T23:30:00Z", "Europe/Berlin", "2026-11-28T00:30:00+01:00"],
  ["2026-11-27T23:30:00.999Z", "America/New_York", "2026-11-27T18:30:00-05:00"],
  ["2026-11-27T23:30:00Z", "Asia/Kolkata", "2026-11-28T05:00:00+05:30"],
  ["2026-11-27T23:30:00Z", "America/St_Johns", "2026-11-27T20:00:00-03:30"],
  ["2026-11-27T23:30:00Z", "UTC", "2026-11-27T23:30:00+00:00"],
])("%s in %s carries that zone's day and offset", (iso, zone, expected) => {
  expect(zonedTimeOf(Date.parse(iso), zone)).toBe(expected);
});
