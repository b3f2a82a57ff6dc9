import { readCustomer } from "../../infra/customer";
import { PROJECT_DIRECTORY } from "../../scripts/lib/cli/open-customer";
import { readKinds, type Kind } from "../../scripts/lib/matrix/kinds";
import { Erpnext } from "../../scripts/lib/validate/erpnext";
import { KindRows } from "../../scripts/lib/validate/kind-rows";
import { runRows, type MatrixRow } from "../../scripts/lib/validate/matrix-row";
import { cancelDocuments, madeUpOrders } from "../../scripts/lib/validate/tidy";
import { standInBooks } from "./stand-in";

jest.setTimeout(240_000);

/** Milliseconds that a kind is waited for; a machine is never that slow, and what is given up in time is so by the connector's word. */
const LIMIT_MS = 110_000;

const customer = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);

function kinds(...names: readonly string[]): readonly Kind[] {
  return readKinds().filter(({ kind }) => names.includes(kind));
}

/** Runs kinds as `./stack validate --matrix` does, the app's as if the image held it. */
async function tried(chosen: readonly Kind[]): Promise<{
  readonly rows: readonly MatrixRow[];
  readonly inForce: readonly string[];
  readonly left: readonly string[];
  readonly after: readonly string[];
}> {
  const books = await standInBooks("EUR");
  try {
    const erpnext = new Erpnext(books.site, { limitMs: LIMIT_MS, pauseMs: 20 });
    const withApp = { ...customer, erpnext: { booksApp: true } };
    const all = new KindRows({ books, erpnext, customer: withApp, currency: "EUR", now: new Date() });
    const rows = await runRows(all.plan(chosen));
    const inForce = await madeUpOrders(erpnext);
    const { left } = await cancelDocuments(erpnext, { orderIds: inForce, stockEntries: [] });
    return { rows, inForce, left, after: await madeUpOrders(erpnext) };
  } finally {
    await books.close();
  }
}

it("proves kinds one after the other, and finds and undoes what an interrupted run left", async () => {
  const { rows, inForce, left, after } = await tried(
    kinds("two-rates", "shipped-in-two-parcels", "cancelled-unpaid", "delivered-twice"),
  );
  expect(rows.map(({ id, status, evidence }) => [id, status, evidence])).toEqual([
    ["two-rates", "ok", expect.stringMatching(/^SO-Shopify-\d+, SI-Shopify-\d+$/)],
    ["shipped-in-two-parcels", "ok", expect.stringMatching(/^SO-\S+ SI-\S+ DN-\S+ DN-\S+$/)],
    ["cancelled-unpaid", "ok", expect.stringMatching(/^SO-Shopify-\d+$/)],
    ["delivered-twice", "ok", expect.stringMatching(/^SO-\S+ SI-\S+$/)],
  ]);
  expect(inForce).toHaveLength(3);
  expect([left, after]).toEqual([[], []]);
});

it("gives a kind up as soon as the connector says that it failed, in its words", async () => {
  const { rows } = await tried(kinds("tip"));
  expect(rows).toMatchObject([
    {
      id: "tip",
      status: "failed",
      evidence: expect.stringMatching(/^ordered none; invoiced none; .*Not Found/) as string,
    },
  ]);
  expect(rows[0]?.seconds).toBeLessThan(LIMIT_MS / 1000);
});
