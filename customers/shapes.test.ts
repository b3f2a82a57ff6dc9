import type { z } from "zod";
import * as shapes from "./shapes";
import { refusals } from "./testing/refusals";

/** What a table holds: values that a shape takes, and values with the words between the field and the end of the sentence. */
interface Table {
  readonly shape: z.ZodType;
  readonly accepted: readonly unknown[];
  readonly refused: readonly (readonly [value: unknown, said: string])[];
}

const long = "a".repeat(63);

const noSlug =
  'which is not a customer\'s name in lower case letters, digits and single hyphens that starts with a letter: write for example "demo-store"';
const unquoted = "which YAML does not read as text unless it stands in quotes: write for example";
const noHost =
  'which is not a host name in lower case, without https://, port or path: write for example "erp.demo-store.example"';
const customDomain =
  'which is a custom domain, on which Shopify\'s Admin API does not answer (Settings > Domains shows the right one): write for example "demo-store.myshopify.com"';
const noEmail = 'which is not an e-mail address: write for example "ops@agency.example"';
const noEntry = 'which is not an e-mail address or "@domain": write for example "@demo-store.example"';
const noRange = "which is not a whole number of GB from 20 to 65536: write for example 50";

const tables: Readonly<Record<string, Table>> = {
  slug: {
    shape: shapes.slug,
    accepted: ["a", "demo-store", "a1-b2", "frappe-shop", "goggles", "a".repeat(21), "a".repeat(22)],
    refused: [
      [
        "a".repeat(23),
        `is "${"a".repeat(23)}", which has 23 characters, where 22 fit (the Google Cloud service account id adds "-erpnext" and ends at 30): write for example "demo-store"`,
      ],
      ["1a", `is "1a", ${noSlug}`],
      ["a-", `is "a-", ${noSlug}`],
      ["-a", `is "-a", ${noSlug}`],
      ["a--b", `is "a--b", ${noSlug}`],
      ["a_b", `is "a_b", ${noSlug}`],
      ["a\n", `is "a\\n", ${noSlug}`],
      ["../etc", `is "../etc", ${noSlug}`],
      ["", `is "", ${noSlug}`],
      ["Demo", 'is "Demo", which has upper case letters: write for example "demo"'],
      [
        "frappe",
        'is "frappe", which would name the customer\'s image frappe/erpnext like Docker Hub\'s public one, so that a pull puts an image without the apps in its place: write for example "demo-store"',
      ],
      ["mygoogle", 'is "mygoogle", which no Cloud Storage bucket may be named after: write for example "demo-store"'],
      ["g00gle", 'is "g00gle", which no Cloud Storage bucket may be named after: write for example "demo-store"'],
      ["goog", 'is "goog", which no Cloud Storage bucket may be named after: write for example "demo-store"'],
      [undefined, 'is missing: write for example "demo-store"'],
      [null, 'is empty: write for example "demo-store"'],
      [7, `is the number 7, ${unquoted} "demo-store"`],
      [true, `is true, ${unquoted} "demo-store"`],
      [[], `is an empty list, ${noSlug}`],
      [["a"], `is a list, ${noSlug}`],
      [{ a: 1 }, `is a mapping, ${noSlug}`],
    ],
  },
  shopDomain: {
    shape: shapes.shopDomain,
    accepted: ["demo-store.myshopify.com", "1a.myshopify.com", `${long}.myshopify.com`],
    refused: [
      [
        "https://admin.shopify.com/store/Acme-1/orders",
        'is "https://admin.shopify.com/store/Acme-1/orders", which is an address of the admin and not the shop\'s domain: write for example "acme-1.myshopify.com"',
      ],
      [
        "https://acme.myshopify.com/admin",
        'is "https://acme.myshopify.com/admin", which is a web address and not a domain: write for example "acme.myshopify.com"',
      ],
      [
        "acme.myshopify.com/admin",
        'is "acme.myshopify.com/admin", which is a web address and not a domain: write for example "acme.myshopify.com"',
      ],
      [
        "ACME.myshopify.com",
        'is "ACME.myshopify.com", which has upper case letters: write for example "acme.myshopify.com"',
      ],
      ["acme", 'is "acme", which lacks .myshopify.com: write for example "acme.myshopify.com"'],
      ["shop.acme.example", `is "shop.acme.example", ${customDomain}`],
      ["acme.myshopify.com.evil.example", `is "acme.myshopify.com.evil.example", ${customDomain}`],
      [
        "",
        'is "", which is not a shop\'s own domain <store>.myshopify.com: write for example "demo-store.myshopify.com"',
      ],
      [
        "-a.myshopify.com",
        'is "-a.myshopify.com", which is not a shop\'s own domain <store>.myshopify.com: write for example "demo-store.myshopify.com"',
      ],
      [
        "www.acme.myshopify.com",
        'is "www.acme.myshopify.com", which is not a shop\'s own domain <store>.myshopify.com: write for example "demo-store.myshopify.com"',
      ],
      [
        "shpat_0123456789abcdef",
        'is a value that may be a secret (not shown), which is not a shop\'s own domain <store>.myshopify.com: write for example "demo-store.myshopify.com"',
      ],
    ],
  },
  hostname: {
    shape: shapes.hostname("erp.demo-store.example"),
    accepted: [
      "a.example",
      "a.b.c.d.example",
      "xn--bcher-kva.example",
      `${long}.example`,
      `${long}.${long}.${long}.${"b".repeat(60)}`,
      `${long}.${long}.${long}.${"b".repeat(61)}`,
    ],
    refused: [
      [`${long}.${long}.${long}.${"b".repeat(62)}`, `is "${long}.${"a".repeat(16)}…", ${noHost}`],
      [`${long}a.example`, `is "${long}a.example", ${noHost}`],
      ["ERP.a.example", 'is "ERP.a.example", which has upper case letters: write for example "erp.a.example"'],
      [
        "https://erp.a.example/x",
        'is "https://erp.a.example/x", which is a web address and not a host name: write for example "erp.a.example"',
      ],
      ["erp.a.example.", 'is "erp.a.example.", which ends with a dot: write for example "erp.a.example"'],
      ["erp.a.example:8080", `is "erp.a.example:8080", ${noHost}`],
      ["*.a.example", `is "*.a.example", ${noHost}`],
      ["localhost", `is "localhost", ${noHost}`],
      ["192.0.2.1", `is "192.0.2.1", ${noHost}`],
      ["a_b.example", `is "a_b.example", ${noHost}`],
      ["a..example", `is "a..example", ${noHost}`],
      ["-a.example", `is "-a.example", ${noHost}`],
      ["bücher.example", `is "bücher.example", ${noHost}`],
    ],
  },
  calendarDate: {
    shape: shapes.calendarDate("2020-01-01"),
    accepted: ["2020-02-29", "2021-12-31", "1999-01-01"],
    refused: [
      [
        "2021-02-29",
        'is "2021-02-29", which is not a day of the calendar (YYYY-MM-DD): write for example "2020-01-01"',
      ],
      [
        "2024-04-31",
        'is "2024-04-31", which is not a day of the calendar (YYYY-MM-DD): write for example "2020-01-01"',
      ],
      [
        "2024-13-01",
        'is "2024-13-01", which is not a day of the calendar (YYYY-MM-DD): write for example "2020-01-01"',
      ],
      ["24-01-01", 'is "24-01-01", which is not a date YYYY-MM-DD: write for example "2020-01-01"'],
      ["2024-1-1", 'is "2024-1-1", which is not a date YYYY-MM-DD: write for example "2020-01-01"'],
      ["01.02.2024", 'is "01.02.2024", which is not a date YYYY-MM-DD: write for example "2020-01-01"'],
      [
        "2024-01-01T00:00:00Z",
        'is "2024-01-01T00:00:00Z", which is not a date YYYY-MM-DD: write for example "2020-01-01"',
      ],
      [20240101, `is the number 20240101, ${unquoted} "2020-01-01"`],
    ],
  },
  monthDay: {
    shape: shapes.monthDay,
    accepted: ["01-01", "12-31", "02-28", "04-06"],
    refused: [
      ["02-29", 'is "02-29", which is not a day that every year has (MM-DD): write for example "01-01"'],
      ["04-31", 'is "04-31", which is not a day that every year has (MM-DD): write for example "01-01"'],
      ["13-01", 'is "13-01", which is not a day that every year has (MM-DD): write for example "01-01"'],
      ["1-1", 'is "1-1", which is not a day of the year MM-DD: write for example "01-01"'],
      ["2024-01-01", 'is "2024-01-01", which is not a day of the year MM-DD: write for example "01-01"'],
    ],
  },
  currency: {
    shape: shapes.currency,
    accepted: ["EUR", "USD", "ZAR", "KWD"],
    refused: [
      ["eur", 'is "eur", which is not in capital letters: write for example "EUR"'],
      ["Usd", 'is "Usd", which is not in capital letters: write for example "USD"'],
      ["XYZ", 'is "XYZ", which is not a currency of ISO 4217: write for example "EUR"'],
      ["EURO", 'is "EURO", which is not a currency of ISO 4217: write for example "EUR"'],
      ["€", 'is "€", which is not a currency of ISO 4217: write for example "EUR"'],
    ],
  },
  country: {
    shape: shapes.country,
    accepted: [
      "Germany",
      "United States",
      "Côte d'Ivoire",
      "Korea, Republic of",
      "Cocos (Keeling) Islands",
      "Åland Islands",
    ],
    refused: [
      [
        "DE",
        'is "DE", which is a country\'s code and not the name ERPNext lists it under: write for example "Germany"',
      ],
      [
        "za",
        'is "za", which is a country\'s code and not the name ERPNext lists it under: write for example "South Africa"',
      ],
      ["DEU", 'is "DEU", which is not a country\'s English name as ERPNext lists it: write for example "Germany"'],
      [
        "germany",
        'is "germany", which is not a country\'s English name as ERPNext lists it: write for example "Germany"',
      ],
      ["", 'is "", which is not a country\'s English name as ERPNext lists it: write for example "Germany"'],
    ],
  },
  timeZone: {
    shape: shapes.timeZone,
    accepted: [
      "Europe/Berlin",
      "UTC",
      "Asia/Kolkata",
      "Asia/Calcutta",
      "America/Argentina/Buenos_Aires",
      "America/Port-au-Prince",
    ],
    refused: [
      [
        "europe/berlin",
        'is "europe/berlin", which is not spelt as in the tz database: write for example "Europe/Berlin"',
      ],
      [
        "Africa/johannesburg",
        'is "Africa/johannesburg", which is not spelt as in the tz database: write for example "Africa/Johannesburg"',
      ],
      [
        "Europe/Nowhere",
        'is "Europe/Nowhere", which is not a time zone of the tz database: write for example "Europe/Berlin"',
      ],
      ["+02:00", 'is "+02:00", which is not a time zone of the tz database: write for example "Europe/Berlin"'],
      ["CET", 'is "CET", which is not a time zone of the tz database: write for example "Europe/Berlin"'],
    ],
  },
  email: {
    shape: shapes.email,
    accepted: ["a@b.example", "A.b+c@d.example", `${"a".repeat(64)}@b.example`],
    refused: [
      [`${"a".repeat(65)}@b.example`, `is "${"a".repeat(65)}@b.example", ${noEmail}`],
      ["@b.example", `is "@b.example", ${noEmail}`],
      ["a@b", `is "a@b", ${noEmail}`],
      ["a@@b.example", `is "a@@b.example", ${noEmail}`],
      ["a@b.example,c@d.example", `is "a@b.example,c@d.example", ${noEmail}`],
      ["Ann <a@b.example>", `is "Ann <a@b.example>", ${noEmail}`],
    ],
  },
  accessEntry: {
    shape: shapes.accessEntry,
    accepted: ["a@b.example", "@b.example", "me@gmail.com"],
    refused: [
      ["b.example", 'is "b.example", which lacks the "@": write for example "@b.example"'],
      [
        "@gmail.com",
        'is "@gmail.com", which lets in everyone who has a mailbox there: write for example "owner@gmail.com"',
      ],
      ["@GMX.de", 'is "@GMX.de", which lets in everyone who has a mailbox there: write for example "owner@GMX.de"'],
      ["@b", `is "@b", ${noEntry}`],
      ["*", `is "*", ${noEntry}`],
      ["everyone", `is "everyone", ${noEntry}`],
    ],
  },
  flag: {
    shape: shapes.flag(true),
    accepted: [true, false],
    refused: [
      ["yes", 'is "yes", which is neither true nor false: write for example true'],
      [1, "is the number 1, which is neither true nor false: write for example true"],
      [undefined, "is missing: write for example true"],
      [null, "is empty: write for example true"],
    ],
  },
  choice: {
    shape: shapes.choice(["custom", "dev-dashboard"]),
    accepted: ["custom", "dev-dashboard"],
    refused: [
      ["Custom", 'is "Custom", which is not one of "custom", "dev-dashboard": write for example "custom"'],
      ["", 'is "", which is not one of "custom", "dev-dashboard": write for example "custom"'],
      [undefined, 'is missing: write for example "custom"'],
    ],
  },
  wholeNumber: {
    shape: shapes.wholeNumber({ from: 20, to: 65536, unit: "GB", example: 50 }),
    accepted: [20, 21, 65535, 65536],
    refused: [
      [19, `is the number 19, ${noRange}`],
      [65537, `is the number 65537, ${noRange}`],
      [50.5, `is the number 50.5, ${noRange}`],
      [Infinity, `is the number Infinity, ${noRange}`],
      [NaN, `is the number NaN, ${noRange}`],
      ["50", `is "50", ${noRange}`],
      [undefined, "is missing: write for example 50"],
    ],
  },
};

describe.each(Object.entries(tables))("%s", (_, { shape, accepted, refused }) => {
  test.each(accepted.map((value) => [value]))("accepts %j", (value) => {
    expect(refusals(shape, value)).toEqual([]);
  });

  test.each(refused)("refuses %j in one sentence that ends in a valid example", (value, said) => {
    expect(refusals(shape, value)).toEqual([`"field" ${said}`]);
  });

  test("ends each refusal in an example that it accepts itself", () => {
    for (const [value] of refused) {
      const [sentence = ""] = refusals(shape, value);
      const example: unknown = JSON.parse(sentence.slice(sentence.lastIndexOf("write for example ") + 18));
      expect(refusals(shape, example)).toEqual([]);
    }
  });
});
