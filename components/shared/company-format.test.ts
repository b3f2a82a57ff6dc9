import { companyFormat, localeOf } from "./company-format";

test.each([
  ["Germany", "de-DE"],
  ["Austria", "de-AT"],
  ["Switzerland", "de-CH"],
  ["France", "fr-FR"],
  ["Netherlands", "nl-NL"],
  ["United Kingdom", "en-GB"],
  ["United States", "en-US"],
  ["Canada", "en-CA"],
  ["Brazil", "pt-BR"],
  ["Portugal", "pt-PT"],
  ["Serbia", "sr-RS"],
  ["Taiwan", "zh-Hant-TW"],
  ["Japan", "ja-JP"],
])("a company in %s writes as in %s", (country, locale) => {
  expect(localeOf(country)).toBe(locale);
});

test.each([
  ["India", "en-IN"],
  ["Philippines", "en-PH"],
  ["Hong Kong", "en-HK"],
  ["Malta", "en-MT"],
])("the books of %s are in English: %s", (country, locale) => {
  expect(localeOf(country)).toBe(locale);
});

test.each([
  ["Czech Republic", "cs-CZ"],
  ["Turkey", "tr-TR"],
  ["Ivory Coast", "fr-CI"],
  ["Korea, Republic of", "ko-KR"],
  ["Korea, Democratic Peoples Republic of", "ko-KP"],
  ["Congo, The Democratic Republic of the", "fr-CD"],
  ["Congo", "fr-CG"],
  ["Bolivia, Plurinational State of", "es-BO"],
  ["Moldova, Republic of", "ro-MD"],
  ["Russian Federation", "ru-RU"],
  ["Trinidad and Tobago", "en-TT"],
  ["Saint Lucia", "en-LC"],
  ["Curaçao", "pap-CW"],
  ["Macedonia", "mk-MK"],
  ["Myanmar", "my-MM"],
])("ERPNext's own name %s is understood: %s", (country, locale) => {
  expect(localeOf(country)).toBe(locale);
});

test("an unknown country writes as most of the world reads", () => {
  expect(localeOf("Freedonia")).toBe("en-001");
  expect(new Intl.DateTimeFormat("en-001", { timeZone: "UTC" }).format(0)).toBe("01/01/1970");
});

test("the format is the intake's", () => {
  const company = {
    legalName: "Demo Store GmbH",
    abbreviation: "DSG",
    country: "Germany",
    currency: "EUR",
    chartOfAccounts: "Standard",
    fiscalYearStart: "01-01",
    timeZone: "Europe/Berlin",
  };
  expect(companyFormat(company)).toEqual({
    name: "Demo Store GmbH",
    currency: "EUR",
    timeZone: "Europe/Berlin",
    locale: "de-DE",
  });
});
