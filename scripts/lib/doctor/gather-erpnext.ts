import { FrappeError, type FrappeClient } from "../../../clients/frappe";
import { jobsUnderWay } from "../../../clients/frappe-jobs";
import { HISTORY_METHOD, historyEvent, SCHEDULED } from "../../../clients/frappe-schedule";
import { isoOfSiteTime } from "../../../clients/site-time";
import { QUEUES } from "../../../core/verdicts";
import { booksSettings } from "../../../components/shared/books-settings";
import { ledgersOf } from "../../../components/shared/ledgers";
import type { Customer } from "../../../customers/schema";
import { frappeClient, type ClientPatience } from "../cli/open-customer";
import type { ErpnextFacts, Fields } from "./erpnext-facts";
import { reasonOf, type Ask, type Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { countLog, LOG } from "./log-counts";

/** Seconds for one look, and what the client may spend of it (milliseconds). */
const LIMIT = 30;
const PATIENCE: ClientPatience = { timeoutMs: 12_000, maxWaitMs: 25_000 };

export const SETTING = "Shopify Setting";
const PRODUCT_COUNT =
  "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products.get_product_count";

export function erpnextGatherers(): Pick<Gatherers, keyof ErpnextFacts> {
  return {
    automationUser: async (ask, probe) => {
      const site = await clientOf(ask);
      return probe(LIMIT, async () => {
        try {
          return { user: String(await site.call("frappe.auth.get_logged_user")) };
        } catch (error) {
          if (error instanceof FrappeError && error.kind === "unauthorized") return { refused: error.what };
          throw error;
        }
      });
    },
    setting: async (ask, probe) => {
      const site = await siteOf(ask);
      const setting = await probe(LIMIT, () => site.get(SETTING, SETTING));
      if (setting === undefined)
        throw new NotKnown("unknown", "the site has no Shopify Setting: the connector is not installed");
      return setting;
    },
    connectorCall: async (ask, probe) => {
      const { enable_shopify: enabled } = await ask("setting");
      if (enabled !== 1) throw new NotKnown("skipped", "the connector is disabled and asks Shopify nothing");
      const site = await siteOf(ask);
      return probe(LIMIT, () => callThroughConnector(site));
    },
    ...booksGatherers(),
    historyEvent: async (ask, probe) => {
      const site = await siteOf(ask);
      const event = await probe(LIMIT, () => historyEvent(site));
      if (event === undefined) throw new NotKnown("unknown", `the site has no ${SCHEDULED} of ${HISTORY_METHOD}`);
      const zone = (await ask("customer")).company.timeZone;
      const { stopped, lastExecution } = event;
      return { stopped, ranAt: lastExecution === undefined ? undefined : isoOfSiteTime(lastExecution, zone) };
    },
    scheduler: async (ask, probe) => {
      const site = await siteOf(ask);
      const settings = await probe(LIMIT, () => site.get("System Settings", "System Settings"));
      return { enabled: settings?.["enable_scheduler"] === 1 };
    },
    ...workGatherers(),
  };
}

/** What orders are booked with. */
function booksGatherers(): Pick<
  Gatherers,
  "ledgers" | "fixtures" | "companyDocument" | "closedUntil" | "booksSettings" | "fiscalYears" | "stock"
> {
  return {
    booksSettings: async (ask, probe) => {
      const [site, customer] = [await siteOf(ask), await ask("customer")];
      return Promise.all(
        booksSettings(customer).map(async (wanted) => ({
          wanted,
          document: await probe(LIMIT, () => site.get(wanted.doctype, wanted.documentName)),
        })),
      );
    },
    ledgers: async (ask, probe) => {
      const [site, customer] = [await siteOf(ask), await ask("customer")];
      return Promise.all(
        ledgersOf(customer).map(async (ledger) => ({
          ...ledger,
          document: await probe(LIMIT, () => site.get(ledger.doctype, ledger.name)),
        })),
      );
    },
    fixtures: async (ask, probe) => {
      const [site, customer] = [await siteOf(ask), await ask("customer")];
      return Promise.all(
        fixturesOf(customer).map(async ([doctype, name]) => ({
          doctype,
          name,
          document: await probe(LIMIT, () => site.get(doctype, name)),
        })),
      );
    },
    companyDocument: async (ask, probe) => {
      const [site, { company }] = [await siteOf(ask), await ask("customer")];
      return probe(LIMIT, () => site.get("Company", company.legalName));
    },
    closedUntil: async (ask, probe) => {
      const site = await siteOf(ask);
      return closedDays(await ask("companyDocument"), (doctype) => probe(LIMIT, () => site.get(doctype, doctype)));
    },
    fiscalYears: async (ask, probe) => {
      const [site, { company }] = [await siteOf(ask), await ask("customer")];
      const years = await probe(LIMIT, () => site.list("Fiscal Year", { fields: ["name"], limit: 0 }));
      const whole = await Promise.all(
        years.map(({ name }) => probe(LIMIT, () => site.get("Fiscal Year", String(name)))),
      );
      return whole.flatMap((year) => (year !== undefined && isYearOf(year, company.legalName) ? [spanOf(year)] : []));
    },
    stock: async (ask, probe) => {
      const [site, { accounting }] = [await siteOf(ask), await ask("customer")];
      return probe(LIMIT, () => stockOf(site, accounting.warehouse));
    },
  };
}

/** What is under way: workers, jobs, and what became of orders. */
function workGatherers(): Pick<Gatherers, "workers" | "jobs" | "logCounts" | "arrival"> {
  return {
    arrival: async (ask, probe) => {
      const [site, customer, { order }] = [await siteOf(ask), await ask("customer"), await ask("newestOrder")];
      if (order === undefined) return { row: undefined, salesOrder: undefined };
      return probe(LIMIT, () => arrivalOf(site, order.legacyResourceId, customer.company.timeZone));
    },
    workers: async (ask, probe) => {
      const site = await siteOf(ask);
      // No length: version 15 ignores one, and version 16 takes the digits for text and fails. By itself it tells twenty.
      const workers = await probe(LIMIT, () => site.list("RQ Worker", { fields: ["*"] }));
      return workers.map((worker) => ({ name: String(worker["name"]), queues: queuesOf(worker) }));
    },
    jobs: async (ask, probe) => {
      const site = await siteOf(ask);
      return probe(LIMIT, () => jobsOf(site));
    },
    logCounts: async (ask, probe) => {
      const [site, customer, now] = [await siteOf(ask), await ask("customer"), await ask("now")];
      return probe(LIMIT, () => countLog(site, { now, timeZone: customer.company.timeZone }));
    },
  };
}

/** ERPNext as this project reaches it, whether or not it answers. */
async function clientOf(ask: Ask): Promise<FrappeClient> {
  const [customer, config, outputs] = [await ask("customer"), await ask("config"), await ask("outputs")];
  const { accessClientId, accessClientSecret } = outputs;
  if (accessClientId === undefined || accessClientSecret === undefined) {
    throw new NotKnown("skipped", "the stack is not up: it has no Access service token");
  }
  if ((config["automationApiSecret"] ?? "") === "")
    throw new NotKnown("skipped", 'the stack has no "automationApiSecret"');
  const { status } = await ask("uiWith");
  if (status !== 200) throw new NotKnown("skipped", `${customer.hosts.ui} answers HTTP ${status}`);
  return frappeClient(customer, { config, outputs: { accessClientId, accessClientSecret } }, PATIENCE);
}

/** ERPNext as soon as it takes the key: asking it anything else before would give the same refusal each time. */
export async function siteOf(ask: Ask): Promise<FrappeClient> {
  const user = await ask("automationUser");
  if ("refused" in user) throw new NotKnown("skipped", "ERPNext does not take the automation user's key");
  return clientOf(ask);
}

async function callThroughConnector(site: FrappeClient): Promise<ErpnextFacts["connectorCall"]> {
  try {
    const counts = (await site.call(PRODUCT_COUNT)) as { shopifyCount?: unknown } | undefined;
    const products = Number(counts?.shopifyCount);
    if (!Number.isInteger(products))
      throw new NotKnown("unknown", `the connector answers without a number of products: ${JSON.stringify(counts)}`);
    return { products };
  } catch (error) {
    // Whatever the connector's call to Shopify raises comes back as an exception of the site.
    if (error instanceof FrappeError && error.kind === "server" && error.exception !== "") {
      return { failed: reasonOf(error) };
    }
    throw error;
  }
}

/** ERPNext passes over a year that is disabled or that names other companies (accounts/utils.py, get_fiscal_years). */
function isYearOf(year: Fields, company: string): boolean {
  const companies = Array.isArray(year["companies"]) ? (year["companies"] as Fields[]) : [];
  return year["disabled"] !== 1 && (companies.length === 0 || companies.some((row) => row["company"] === company));
}

function spanOf(year: Fields): ErpnextFacts["fiscalYears"][number] {
  return { from: String(year["year_start_date"]), to: String(year["year_end_date"]) };
}

/** Version 15 keeps the day for all companies in Accounts Settings, which only some roles may read; later versions in Company. */
async function closedDays(
  company: Fields | undefined,
  read: (doctype: string) => Promise<Fields | undefined>,
): Promise<ErpnextFacts["closedUntil"]> {
  const visible = (doctype: string): Promise<Fields | undefined> =>
    read(doctype).catch((error: unknown) => {
      if (error instanceof FrappeError) return undefined;
      throw error;
    });
  const days = [
    ["the company's books", company?.["accounts_frozen_till_date"]],
    ["accounting", (await visible("Accounts Settings"))?.["acc_frozen_upto"]],
    ["the stock", (await visible("Stock Settings"))?.["stock_frozen_upto"]],
  ] as const;
  return days.flatMap(([what, until]) => (typeof until === "string" && until !== "" ? [{ what, until }] : []));
}

/** A row names its order only inside the delivery that it keeps. */
async function arrivalOf(site: FrappeClient, id: string, zone: string): Promise<ErpnextFacts["arrival"]> {
  const [row] = await site.list(LOG, {
    fields: ["creation", "status"],
    filters: [["request_data", "like", `%${id}%`]],
    orderBy: "creation desc",
    limit: 1,
  });
  const [made] = await site.list("Sales Order", {
    fields: ["name"],
    filters: [["shopify_order_id", "=", id]],
    limit: 1,
  });
  return {
    row: row && { createdAt: isoOfSiteTime(String(row["creation"]), zone), status: String(row["status"]) },
    salesOrder: made && String(made["name"]),
  };
}

function fixturesOf({ company, accounting }: Customer): (readonly [doctype: string, name: string])[] {
  return [
    ["Address Template", company.country],
    ["UOM", "Kg"],
    ["UOM", "Nos"],
    ["Warehouse", accounting.warehouse],
    ["Customer Group", accounting.customerGroup],
    ["Customer", accounting.defaultCustomer],
  ];
}

async function stockOf(site: FrappeClient, warehouse: string): Promise<ErpnextFacts["stock"]> {
  const filters = [
    ["warehouse", "=", warehouse],
    ["actual_qty", ">", 0],
    ["valuation_rate", ">", 0],
  ];
  const itemsInStock = Number(await site.call("frappe.client.get_count", { doctype: "Bin", filters }));
  const wares = [
    ["is_stock_item", "=", 1],
    ["has_variants", "=", 0],
    ["disabled", "=", 0],
  ];
  return {
    itemsInStock,
    items: Number(await site.call("frappe.client.get_count", { doctype: "Item", filters: wares })),
  };
}

/** Frappe names a queue with its bench before it: "home-frappe-frappe-bench:short". */
function queuesOf(worker: Fields): string[] {
  const named = worker["queue_type"] ?? worker["queue"];
  if (typeof named !== "string") return [];
  return named.split(",").map((queue) => queue.trim().split(":").at(-1) ?? "");
}

/** Waiting and running jobs, each by its name and its function; ended ones do not matter here. @throws FrappeError */
export async function jobsOf(site: Pick<FrappeClient, "view" | "get">): Promise<ErpnextFacts["jobs"]> {
  const jobs = await Promise.all(QUEUES.map((queue) => jobsUnderWay(site, queue)));
  return jobs.flat().map(({ id, name, status, arguments: given }) => ({
    id,
    name: `${name} ${/"method":\s*"([^"]+)"/.exec(given)?.[1] ?? ""}`.trim(),
    status,
  }));
}
