import Table from "cli-table3";
import { Command } from "commander";

import { FrappeClient } from "../../clients/frappe";
import { decimalsOf } from "../../components/shared/books-settings";
import { WEBHOOK_PATH } from "../../core/connector";
import { tally, type Row } from "../../scripts/lib/matrix/judge";
import { readKinds, readsShop, type Kind } from "../../scripts/lib/matrix/kinds";
import { runMatrix } from "../../scripts/lib/matrix/run";
import { startShop } from "../../scripts/lib/matrix/shop";
import type { Books } from "../../scripts/lib/matrix/site";
import { standInBooks } from "./stand-in";

/**
 * `npm run matrix`: every kind of order of scripts/lib/matrix/orders.yaml is delivered, and what ERPNext booked is compared to the cent.
 * Against the stand-in, or with `--site` against a real ERPNext that is set up as a stack does it and belongs to a test: it makes
 * items and books orders.
 */
interface Options {
  readonly site?: string;
  readonly host?: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly app?: boolean;
  readonly shop?: number;
  readonly only?: readonly string[];
}

/** Secrets come by the environment: an argument can be read by everyone on the machine. */
const VARIABLES = ["ERPNEXT_API_KEY", "ERPNEXT_API_SECRET", "SHOPIFY_API_SECRET"] as const;

async function main(options: Options): Promise<boolean> {
  const { currency } = options;
  const { books, close } = await open(options);
  try {
    const [kinds, left] = chosen(options, books);
    const rows = await runMatrix(books, kinds, {
      currency,
      decimals: decimalsOf(currency),
      onStep: (words) => process.stderr.write(`${words}\n`),
    });
    print(rows);
    if (left !== "") process.stdout.write(`${left}\n`);
    return rows.every(({ wrong }) => wrong === "");
  } finally {
    await close();
  }
}

/** The kinds that can be run, and a sentence of those that cannot. */
function chosen({ only, app = false }: Options, books: Books): readonly [readonly Kind[], string] {
  const all = readKinds();
  if (only !== undefined) return [all.filter(({ kind }) => only.includes(kind)), ""];
  const able = app ? all : all.filter((kind) => !kind.app);
  const kinds = books.shop === undefined ? able.filter((kind) => !readsShop(kind)) : able;
  const [apps, shops] = [all.length - able.length, able.length - kinds.length];
  const left = [
    ...(apps === 0 ? [] : [`${apps} kinds need shopify_books on the site (--app)`]),
    ...(shops === 0 ? [] : [`${shops} are read from the shop (--shop)`]),
  ];
  return [kinds, left.length === 0 ? "" : `Left out: ${left.join(", ")}.`];
}

async function open(options: Options): Promise<{ books: Books; close: () => Promise<void> }> {
  if (options.site === undefined) {
    const standIn = await standInBooks(options.currency);
    return { books: standIn, close: standIn.close };
  }
  const books = realBooks(options.site, options);
  if (options.shop === undefined) return { books, close: () => Promise.resolve() };
  const shop = await startShop(options.shop);
  return { books: { ...books, shop }, close: shop.close };
}

function realBooks(address: string, { host, timeZone }: Options): Books {
  const [apiKey = "", apiSecret = "", secret = ""] = VARIABLES.map((name) => process.env[name]);
  const missing = VARIABLES.filter((name) => (process.env[name] ?? "") === "");
  if (missing.length > 0) throw new Error(`${missing.join(", ")} must be set in the environment for --site`);
  const url = new URL(address);
  const name = host ?? url.hostname;
  const site = new FrappeClient({ siteUrl: `https://${name}`, apiUrl: url.origin, apiKey, apiSecret });
  const door = { url: new URL(WEBHOOK_PATH, url), host: name, anyCertificate: false };
  return { site, door, secret, shopDomain: "matrix.myshopify.com", timeZone };
}

function print(rows: readonly Row[]): void {
  const table = new Table({
    head: ["kind", "what the shop did", "must be booked", "wrong"],
    style: { head: [], border: [] },
  });
  table.push(...rows.map(({ kind, shop, wanted, wrong }) => [kind, shop, wanted, wrong]));
  process.stdout.write(`${table.toString()}\n${tally(rows)}\n`);
}

const command = new Command("matrix")
  .description("Books every kind of order of scripts/lib/matrix/orders.yaml and compares to the cent.")
  .option("--site <url>", "a real ERPNext for tests; default: the stand-in")
  .option("--host <name>", "the site's name, where the address does not have it")
  .option("--currency <code>", "the company's", "EUR")
  .option("--time-zone <name>", "the site's", "UTC")
  .option("--app", "also the kinds that need shopify_books on the site")
  .option(
    "--shop <port>",
    "answer as Shopify's Admin REST on this port of 127.0.0.1, where the site's Shopify Setting must lead",
    Number,
  )
  .option("--only <kinds...>", "these kinds alone")
  .action(async (options: Options) => {
    process.exitCode = (await main(options)) ? 0 : 1;
  });

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
