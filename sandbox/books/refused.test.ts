import { readKinds } from "../../scripts/lib/matrix/kinds";
import { runMatrix } from "../../scripts/lib/matrix/run";
import { standInBooks } from "./stand-in";

/** Every kind goes through a web server, a queue and its workers, on machines that are busy. */
jest.setTimeout(120_000);

/**
 * Orders that the connector alone loses over a text, in the words of ERPNext 15.92; the messages follow from its sources, and the kinds
 * were lost on a real site. Our app fits the texts (image/shopify_books/shopify_books/fit.py).
 */
const LOST: Readonly<Record<string, RegExp>> = {
  czechia: /Could not find Country: Czechia$/,
  "south-korea": /Could not find Country: South Korea$/,
  "no-address": /'NoneType' object has no attribute 'get'$/,
  "refused-email": /\S+ is not a valid Email Address$/,
  "odd-phone": /.+ is not a valid Phone Number$/,
  "markup-in-the-name": /Name cannot contain special characters like '<', '>'$/,
  "long-name": /^ordered none; invoiced none; Customer Mia Mia/,
  "long-zip": /'Pincode' \(12345/,
  tip: /Not Found: \S+\/products\/None\.json$/,
};

it("loses what the real connector loses, in the real words", async () => {
  const books = await standInBooks("EUR");
  try {
    const kinds = readKinds().filter(({ kind }) => kind in LOST);
    const rows = await runMatrix(books, kinds, { currency: "EUR", decimals: 2 });
    const said = Object.fromEntries(rows.map(({ kind, wrong }) => [kind, wrong]));
    const expected = Object.entries(LOST).map(([kind, words]) => [kind, expect.stringMatching(words) as string]);
    expect(said).toEqual(Object.fromEntries(expected));
  } finally {
    await books.close();
  }
});
