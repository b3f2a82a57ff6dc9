import { CURRENT_APP } from "../../../clients/shopify-operations";
import { SALEABLE_PRODUCTS, type SaleableProducts } from "../../../clients/shopify-test-orders";
import { UserError } from "../../../core/user-error";
import type { CommandContext } from "../cli/command";
import type { OpenCustomer } from "../cli/open-customer";
import { chooseDrive, type ChosenDrive, type DriveName } from "./choose-drive";
import type { Drive, Tidied } from "./drive";
import { ApiDrive } from "./drive-api";
import { DeliveriesDrive } from "./drive-deliveries";
import { HandDrive } from "./drive-hand";
import { Erpnext, type Pace } from "./erpnext";
import { Matrix } from "./matrix";
import type { Kind } from "../matrix/kinds";
import { KindRows } from "./kind-rows";
import { runRows, type MatrixRow } from "./matrix-row";
import { Negative } from "./negative";
import type { Saleable, ShopFacts } from "./order-payload";
import { reportOf, SIGNS, type ValidationReport } from "./report";
import { chooseSaleable } from "./saleable";
import { cancelDocuments, madeUpOrders } from "./tidy";

export interface ValidateOptions {
  readonly drive?: DriveName;
  readonly negative?: boolean;
  /** Kinds of order that are delivered besides. */
  readonly kinds?: readonly Kind[];
  readonly allHistory?: boolean;
  readonly keep?: boolean;
  /** How long each document is waited for. */
  readonly pace: Pace;
}

/** What is known once the store was asked, before anything is changed. */
export interface Prepared {
  readonly chosen: ChosenDrive;
  readonly facts: ShopFacts & { readonly product: Saleable };
  readonly catalog: SaleableProducts;
}

/** A person needs longer than a machine. */
const HAND_LIMIT_MS = 15 * 60 * 1000;

/** Orders are made and cancelled, so a store that earns money is none to try it on. @throws UserError */
export function refuseProduction({ customer, outputs }: Pick<OpenCustomer, "customer" | "outputs">): void {
  if (customer.environment === "test" && outputs.environment === "test") return;
  throw new UserError({
    what: 'the "environment" is "production", and this makes orders and books them',
    customer: customer.slug,
    next: "validate on a test store with the same image; doctor looks at a production one without changing anything",
  });
}

/** Asks the store what there is to sell and what the app may do. Changes nothing. @throws UserError, ShopifyError */
export async function prepare(open: OpenCustomer, asked: DriveName | undefined): Promise<Prepared> {
  const { customer, shopify } = open;
  const { currentAppInstallation } = await shopify.query(CURRENT_APP, {});
  const scopes = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const chosen = chooseDrive(asked, { scopes, customer: customer.slug });
  const catalog = await shopify.query(SALEABLE_PRODUCTS, {});
  const { shop } = catalog;
  const { timeZone } = customer.company;
  const taxTitle = customer.accounting.taxAccounts[0]?.shopifyTax ?? "Tax";
  const product = chooseSaleable(catalog, customer.slug);
  return {
    chosen,
    catalog,
    facts: { currency: shop.currencyCode, taxesIncluded: shop.taxesIncluded, taxTitle, timeZone, product },
  };
}

/** Runs the matrix on a prepared store and tidies up behind it, whatever happened. */
export async function validate(
  open: OpenCustomer,
  prepared: Prepared,
  run: { readonly context: CommandContext; readonly options: ValidateOptions },
): Promise<ValidationReport> {
  const { context, options } = run;
  const started = new Date();
  const erpnext = new Erpnext(open.frappe, options.pace);
  const drive = driveOf(open, prepared, { ...run, now: started });
  const matrix = new Matrix({
    erpnext,
    drive,
    customer: open.customer,
    products: prepared.catalog.products.nodes.map(({ legacyResourceId, title }) => ({
      productId: Number(legacyResourceId),
      title,
    })),
    history: options.allHistory === true ? "all" : "around",
  });
  const negative = negativeOf(open, prepared, { erpnext, now: started });
  const kinds = kindsOf(open, { erpnext, now: started });
  const plans = [
    ...matrix.plan(),
    ...(options.negative === true ? negative.plan() : []),
    ...kinds.plan(options.kinds ?? []),
  ];
  const rows = await runRows(plans, { signal: context.signal, ...shown(context, plans.length) });
  const orderIds = [...matrix.orders.map(({ id }) => id), ...negative.orderIds, ...kinds.orderIds];
  const tidied = options.keep === true ? KEPT : await tidy(erpnext, drive, { orderIds, matrix });
  return reportOf({
    customer: open.customer.slug,
    shopDomain: open.customer.shopify.shopDomain,
    environment: "test",
    drive: prepared.chosen.name,
    driveProves: prepared.chosen.because,
    image: open.outputs.image,
    startedAt: started.toISOString(),
    finishedAt: new Date().toISOString(),
    rows,
    tidied,
  });
}

const KEPT: Tidied = { done: [], left: ["everything that was made, as --keep asks"] };

function driveOf(
  open: OpenCustomer,
  { chosen, facts }: Prepared,
  run: { readonly context: CommandContext; readonly options: ValidateOptions; readonly now: Date },
): Drive {
  const { customer, shopify, webhookDoor: door, shopifyApiSecret: secret } = open;
  const { shopDomain } = customer.shopify;
  switch (chosen.name) {
    case "api":
      return new ApiDrive(shopify, facts.product.variantGid);
    case "deliveries":
      return new DeliveriesDrive({ door, secret, shopDomain, facts, shopify, now: run.now });
    case "hand":
      return new HandDrive({
        shopify,
        customer: customer.slug,
        shopDomain,
        pace: { ...run.options.pace, limitMs: HAND_LIMIT_MS },
        signal: run.context.signal,
        ask: (line) => {
          run.context.terminal.say(line);
        },
      });
  }
}

function negativeOf(open: OpenCustomer, { facts }: Prepared, with_: { erpnext: Erpnext; now: Date }): Negative {
  const { customer, webhookDoor: door, shopifyApiSecret: secret } = open;
  const { shopDomain } = customer.shopify;
  return new Negative({ ...with_, door, secret, shopDomain, facts, salesInvoices: customer.sync.salesInvoices });
}

function kindsOf(open: OpenCustomer, with_: { erpnext: Erpnext; now: Date }): KindRows {
  const { customer, frappe: site, webhookDoor: door, shopifyApiSecret: secret } = open;
  const { currency, timeZone } = customer.company;
  const books = { site, door, secret, shopDomain: customer.shopify.shopDomain, timeZone };
  return new KindRows({ ...with_, books, customer, currency });
}

/** Each row is said when it begins and when it is over. */
function shown({ terminal }: CommandContext, total: number) {
  let begun = 0;
  return {
    onBegin: ({ scenario }: { readonly scenario: string }) => {
      begun += 1;
      terminal.say(`${begun} of ${total}: ${scenario}`);
    },
    onRow: (row: MatrixRow) => {
      terminal.verdict(SIGNS[row.status], `${row.scenario}: ${row.evidence} (${row.seconds} s)`);
    },
  };
}

async function tidy(
  erpnext: Erpnext,
  drive: Drive,
  made: { readonly orderIds: readonly string[]; readonly matrix: Matrix },
): Promise<Tidied> {
  const attempts = [
    async () => {
      const orderIds = [...made.orderIds, ...(await madeUpOrders(erpnext))];
      return cancelDocuments(erpnext, { orderIds, stockEntries: made.matrix.stockEntries });
    },
    () => drive.tidy(),
  ];
  const parts: Tidied[] = [];
  for (const attempt of attempts) parts.push(await attempt().catch(notTidied));
  return { done: parts.flatMap(({ done }) => done), left: parts.flatMap(({ left }) => left) };
}

/** What cannot be tidied up is said; it does not hide what the rows showed. */
function notTidied(error: unknown): Tidied {
  const why = error instanceof Error ? error.message : String(error);
  return { done: [], left: [`what this run made could not all be looked for (${why}): run the command again`] };
}
