/**
 * Frappe's names of the countries that it calls differently from Unicode's English names, which Shopify follows, by ISO 3166
 * code (frappe/geo/country_info.json, 15.92, beside the descriptions of Shopify's CountryCode).
 */
const OWN_NAMES: Readonly<Record<string, string>> = {
  AG: "Antigua and Barbuda",
  BA: "Bosnia and Herzegovina",
  BL: "Saint Barthélemy",
  BN: "Brunei Darussalam",
  BO: "Bolivia, Plurinational State of",
  BQ: "Bonaire, Sint Eustatius and Saba",
  CD: "Congo, The Democratic Republic of the",
  CG: "Congo",
  CI: "Ivory Coast",
  CZ: "Czech Republic",
  FK: "Falkland Islands (Malvinas)",
  GS: "South Georgia and the South Sandwich Islands",
  HK: "Hong Kong",
  HM: "Heard Island and McDonald Islands",
  KN: "Saint Kitts and Nevis",
  KP: "Korea, Democratic Peoples Republic of",
  KR: "Korea, Republic of",
  LA: "Lao Peoples Democratic Republic",
  LC: "Saint Lucia",
  MD: "Moldova, Republic of",
  MF: "Saint Martin (French part)",
  MK: "Macedonia",
  MM: "Myanmar",
  MO: "Macao",
  PM: "Saint Pierre and Miquelon",
  PN: "Pitcairn",
  PS: "Palestinian Territory, Occupied",
  RU: "Russian Federation",
  SH: "Saint Helena, Ascension and Tristan da Cunha",
  SJ: "Svalbard and Jan Mayen",
  ST: "Sao Tome and Principe",
  SX: "Sint Maarten (Dutch part)",
  SZ: "Swaziland",
  TC: "Turks and Caicos Islands",
  TR: "Turkey",
  TT: "Trinidad and Tobago",
  UM: "United States Minor Outlying Islands",
  VA: "Holy See (Vatican City State)",
  VC: "Saint Vincent and the Grenadines",
  VE: "Venezuela, Bolivarian Republic of",
  VG: "Virgin Islands, British",
  WF: "Wallis and Futuna",
};

/** Codes that Unicode names and Frappe has no Country for. */
const UNKNOWN: ReadonlySet<string> = new Set(["AC", "AN", "TA", "ZZ"]);

/** Every Country that Frappe has, by its code in capitals. */
export function countries(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return new Map(
    codes.flatMap((code) => {
      // A code that is out of use stands for the one that took its place: DD for DE.
      const isCurrent = new Intl.Locale(`und-${code}`).region === code && !UNKNOWN.has(code);
      const name = isCurrent ? (OWN_NAMES[code] ?? names.of(code)) : undefined;
      return name === undefined ? [] : [[code, name]];
    }),
  );
}
