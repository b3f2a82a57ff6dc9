import { formatFor, sentence, webAddress } from "./format";
import { calmWorld, NOW } from "./testing/world";

const LONDON = calmWorld().company;
const BERLIN = { name: "Tee GmbH", currency: "EUR", timeZone: "Europe/Berlin", locale: "de-DE" };
const WARSAW = { name: "Herbata", currency: "PLN", timeZone: "Europe/Warsaw", locale: "pl-PL" };
const TOKYO = { name: "Cha KK", currency: "JPY", timeZone: "Asia/Tokyo", locale: "ja-JP" };

/** With plain spaces, so that they can be read here. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, " ");
}

describe("a share", () => {
  const format = formatFor(LONDON, NOW);
  it.each([
    [0, 7, "0%"],
    [1, 1_000_000, "0.01%"],
    [1, 3, "33.33%"],
    [999_999, 1_000_000, "99.99%"],
    [19_999, 20_000, "99.99%"],
    [7, 7, "100%"],
    [1_000_001, 1_000_000, "100.01%"],
    [3, 2, "150%"],
  ])("of %d in %d is %s", (part, whole, text) => {
    expect(format.share(part, whole)).toBe(text);
  });
});

describe("an amount", () => {
  it.each([
    [LONDON, "1289.5", "£1,289.50"],
    [BERLIN, "1289.50", "1.289,50 €"],
    [TOKYO, "1289", "￥1,289"],
    [LONDON, "-0.01", "-£0.01"],
    [LONDON, "12345678901234567890.12", "£12,345,678,901,234,567,890.12"],
    [LONDON, "0", "£0.00"],
    [LONDON, "n/a", "n/a"],
    [LONDON, "1e9", "1e9"],
  ])("%# %s", (company, decimal, text) => {
    expect(plain(formatFor(company, NOW).money(decimal))).toBe(text);
  });
});

describe("a moment", () => {
  it.each([
    [LONDON, "2026-11-27T06:05:00Z", "06:05"],
    [LONDON, "2026-11-26T23:59:59Z", "26 Nov 2026, 23:59"],
    [BERLIN, "2026-11-26T23:05:00Z", "00:05"],
    [BERLIN, "2026-11-26T22:59:00Z", "26.11.2026, 23:59"],
    [LONDON, "2026-07-01T11:00:00Z", "1 Jul 2026, 12:00"],
    [LONDON, "some day", "some day"],
  ])("%# %s", (company, iso, text) => {
    expect(plain(formatFor(company, NOW).moment(iso))).toBe(text);
  });

  it("has its weekday and its zone where it stands alone", () => {
    expect(plain(formatFor(BERLIN, NOW).fullMoment(NOW.toISOString()))).toBe("Freitag, 27. November 2026 um 08:14 MEZ");
  });

  it("has English names in an English page, in the manner and the hours of the company's country", () => {
    const [warsaw, tokyo] = [formatFor(WARSAW, NOW), formatFor(TOKYO, NOW)];
    expect(plain(warsaw.fullMoment(NOW.toISOString()))).toBe("Friday, 27 November 2026 at 08:14 CET");
    expect(plain(warsaw.money("1289.50"))).toBe("1289,50 zł");
    expect([tokyo.month("2026-11"), tokyo.shortMonth("2026-11")]).toEqual(["Nov 2026", "Nov"]);
  });

  it("is written in the company's way within the connector's words, and nothing else is changed there", () => {
    const format = formatFor(BERLIN, NOW);
    const text = 'queued at 2026-11-25T10:00:00Z, "SAL-ORD-2026-00001" of 2026-11-25 at 2026-11-27T06:00:00.123+00:00';
    expect(plain(format.localTimes(text))).toBe(
      'queued at 25.11.2026, 11:00, "SAL-ORD-2026-00001" of 2026-11-25 at 07:00',
    );
  });
});

it("names months of the calendar, whatever the zone", () => {
  for (const timeZone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    const format = formatFor({ ...LONDON, timeZone }, NOW);
    expect([format.month("2026-01"), format.shortMonth("2026-12")]).toEqual(["Jan 2026", "Dec"]);
  }
});

it.each([
  ["it did not answer", "it did not answer."],
  ["It did not answer.", "It did not answer."],
  ['it said "no."', 'it said "no."'],
  ["", "."],
])("%j ends as a sentence does", (text, whole) => {
  expect(sentence(text)).toBe(whole);
});

it.each([
  ["https://erp.example.com/app", true],
  ["HTTP://127.0.0.1:8080/", true],
  ["javascript:alert(1)", false],
  [" javascript:alert(1)", false],
  ["data:text/html,x", false],
  ["//elsewhere.example.com", false],
])("%s is an address of the web: %s", (text, is) => {
  expect(webAddress(text)).toBe(is ? text : undefined);
});
