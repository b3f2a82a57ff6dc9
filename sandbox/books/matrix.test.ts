import { minor, type Rest } from "../../scripts/lib/matrix/amounts";
import { eventsOf } from "../../scripts/lib/matrix/events";
import { readKinds } from "../../scripts/lib/matrix/kinds";
import { tally } from "../../scripts/lib/matrix/judge";
import { runMatrix } from "../../scripts/lib/matrix/run";
import { standInBooks } from "./stand-in";

/** Every kind goes through a web server, a queue and its workers, on machines that are busy. */
jest.setTimeout(120_000);

const KINDS = readKinds();

it.each([
  ["EUR", 2],
  ["GBP", 2],
  ["JPY", 0],
])("the stand-in books every kind that the connector can in %s", async (currency, decimals) => {
  const books = await standInBooks(currency);
  try {
    const kinds = KINDS.filter(({ app }) => !app);
    const rows = await runMatrix(books, kinds, { currency, decimals });
    expect(rows.filter(({ wrong }) => wrong !== "")).toEqual([]);
    expect(tally(rows)).toBe(`wrong: 0 of ${kinds.length}`);
  } finally {
    await books.close();
  }
});

it("finds what is booked wrongly", async () => {
  const books = await standInBooks("EUR");
  try {
    const tip = KINDS.filter(({ kind }) => kind === "tip");
    const [row] = await runMatrix(books, tip, { currency: "EUR", decimals: 2 });
    expect(row?.wrong).toMatch(/^ordered none; invoiced none; /);
  } finally {
    await books.close();
  }
});

it("names each kind once, and asks to have invoiced of each what the shop was paid", () => {
  expect(new Set(KINDS.map(({ kind }) => kind)).size).toBe(KINDS.length);
  const draft = { id: 1, currency: "EUR", decimals: 2, at: new Date("2026-11-30T12:00:00Z") };
  const wrong = KINDS.filter((kind) => {
    const { invoiced = "none" } = kind.booked;
    const paid = Math.max(...eventsOf(kind, draft).map(({ order }) => paidIn(order)));
    return invoiced !== "none" && minor(invoiced) !== paid - minor(kind.rounding ?? "0.00");
  });
  expect(wrong.map(({ kind }) => kind)).toEqual([]);
});

function paidIn(order: Rest): number {
  const all = order["transactions"] as readonly { readonly kind: string; readonly amount: string }[];
  return all.filter(({ kind }) => kind === "sale").reduce((sum, { amount }) => sum + minor(amount), 0);
}
