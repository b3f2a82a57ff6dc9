import { countries } from "./business/countries";
import { ADMINISTRATOR, insert, load, type Saving } from "./frappe/documents";
import type { Doc, Fields } from "./frappe/document";
import type { Company, ErpnextOptions } from "./options";
import { writeLogin, writePassword } from "./frappe/passwords";
import type { Transaction } from "./frappe/transaction";
import { KNOWN_ROLES } from "./web/permissions";

const SETUP: Saving = { user: ADMINISTRATOR, ignoreMandatory: true };

/** The scheduler event that pulls old orders. Version 15 names it after its method, 16 by a hash, on which nothing can rely. */
export const HISTORY_EVENT = {
  name: "to58dm7hf7",
  method: "ecommerce_integrations.shopify.order.sync_old_orders",
};

/** A site with its company and the user that the stack works as: all that the server's scripts bring about. */
export function setUpSite(tx: Transaction, setup: NonNullable<ErpnextOptions["setup"]>): void {
  const { company, automation, administratorPassword } = setup;
  installFrappe(tx, administratorPassword);
  installApp(tx, "erpnext");
  installApp(tx, "ecommerce_integrations");
  setUpCompany(tx, company);
  add(tx, "User", {
    email: automation.user,
    first_name: "Automation",
    user_type: "System User",
    api_key: automation.apiKey,
    roles: (automation.roles ?? KNOWN_ROLES).map((role) => ({ role })),
  });
  writePassword(tx, { doctype: "User", name: automation.user }, { field: "api_secret", value: automation.apiSecret });
  tx.commit();
}

/** What `bench new-site` leaves behind. */
export function installFrappe(tx: Transaction, administratorPassword: string): void {
  addCountries(tx);
  add(tx, "User", { email: ADMINISTRATOR, first_name: ADMINISTRATOR, user_type: "System User" });
  writeLogin(tx, ADMINISTRATOR, administratorPassword);
  addSetupOf(tx, "frappe");
}

/** What the setup wizard still has to do for an app; it does nothing while there is nothing left of any. */
function addSetupOf(tx: Transaction, app: string): void {
  tx.put({ doctype: "Installed Application", name: app, app_name: app, is_setup_complete: 0 });
}

/** Whether the setup wizard has nothing left to do, as far as the site remembers. */
export function isSetupComplete(tx: Transaction): boolean {
  const apps = [...tx.all("Installed Application")];
  return apps.length > 0 && apps.every((app) => app["is_setup_complete"] === 1);
}

/** What the setup wizard remembers at its end, with a company or, where it did not take one of its values, without. */
export function completeSetup(tx: Transaction, timeZone: string): void {
  const settings = { doctype: "System Settings", name: "System Settings", time_zone: timeZone };
  tx.put({ ...settings, setup_complete: 1, enable_scheduler: 1 });
  for (const app of [...tx.all("Installed Application")]) tx.put({ ...app, is_setup_complete: 1 });
}

/** What `bench install-app` leaves behind, of those apps that bring documents; what is there already stays as it is. */
export function installApp(tx: Transaction, app: string): void {
  if (app === "ecommerce_integrations") {
    const { name } = HISTORY_EVENT;
    if (!has(tx, "Scheduled Job Type", name)) add(tx, "Scheduled Job Type", { ...HISTORY_EVENT, frequency: "Hourly" });
  }
  if (app !== "erpnext") return;
  if (!has(tx, "Installed Application", app)) addSetupOf(tx, app);
  for (const unit of ["Nos", "Kg", "Gram", "Ounce", "Pound", "Unit"]) {
    if (!has(tx, "UOM", unit)) add(tx, "UOM", { uom_name: unit });
  }
}

/** What the setup wizard leaves behind, for one company. */
export function setUpCompany(tx: Transaction, company: Company): void {
  completeSetup(tx, company.timeZone ?? "");
  add(tx, "Currency", {
    currency_name: company.currency,
    enabled: 1,
    smallest_currency_fraction_value: SMALLEST_FRACTION[company.currency] ?? 0,
  });
  add(tx, "Address Template", {
    country: company.country,
    is_default: 1,
    template: "{{ address_line1 }}<br>{{ city }}",
  });
  addTrees(tx);
  addCompany(tx, company);
  addAccounts(tx, company);
  addFiscalYears(tx, company);
  add(tx, "Price List", { price_list_name: "Standard Selling", currency: company.currency, selling: 1 });
  addSettings(tx, company);
}

/** Currencies with a smallest fraction in ERPNext's list; the others have none (frappe/geo/country_info.json). */
const SMALLEST_FRACTION: Readonly<Record<string, number>> = { CHF: 0.05, CNY: 0.01, EUR: 0.01, USD: 0.01, YER: 0.01 };

/** erpnext/setup/setup_wizard/operations/install_fixtures.py, 15.92. */
function addSettings(tx: Transaction, company: Company): void {
  const put = (doctype: string, fields: Fields): void => {
    tx.put({ ...load(tx, doctype, doctype), ...fields });
  };
  put("Stock Settings", { auto_insert_price_list_rate_if_missing: 1 });
  put("Selling Settings", { selling_price_list: "Standard Selling", allow_multiple_items: 1 });
  put("Global Defaults", { default_company: company.name, default_currency: company.currency });
}

function has(tx: Transaction, doctype: string, name: string): boolean {
  return tx.get(doctype, name) !== undefined;
}

function add(tx: Transaction, doctype: string, fields: Fields): Doc {
  return insert(tx, { ...fields, doctype }, SETUP);
}

function addCountries(tx: Transaction): void {
  for (const [code, name] of countries()) add(tx, "Country", { country_name: name, code: code.toLowerCase() });
}

function addTrees(tx: Transaction): void {
  add(tx, "Customer Group", { customer_group_name: "All Customer Groups", is_group: 1 });
  for (const group of ["Individual", "Commercial"]) {
    add(tx, "Customer Group", { customer_group_name: group, parent_customer_group: "All Customer Groups" });
  }
  add(tx, "Territory", { territory_name: "All Territories", is_group: 1 });
  add(tx, "Territory", { territory_name: "Rest Of The World", parent_territory: "All Territories" });
  add(tx, "Item Group", { item_group_name: "All Item Groups", is_group: 1 });
  add(tx, "Item Group", { item_group_name: "Products", parent_item_group: "All Item Groups" });
}

function addCompany(tx: Transaction, company: Company): void {
  add(tx, "Company", {
    company_name: company.name,
    abbr: company.abbreviation,
    country: company.country,
    default_currency: company.currency,
    chart_of_accounts: company.chartOfAccounts ?? "Standard",
  });
  const root = add(tx, "Cost Center", { cost_center_name: company.name, company: company.name, is_group: 1 });
  add(tx, "Cost Center", { cost_center_name: "Main", company: company.name, parent_cost_center: root.name });
  const places = add(tx, "Warehouse", { warehouse_name: "All Warehouses", company: company.name, is_group: 1 });
  for (const name of ["Stores", "Work In Progress", "Finished Goods", "Goods In Transit"]) {
    add(tx, "Warehouse", { warehouse_name: name, company: company.name, parent_warehouse: places.name });
  }
}

interface Branch {
  readonly group: string;
  readonly type?: string;
  readonly leaves: readonly (readonly [name: string, type?: string, rate?: number])[];
}

function addAccounts(tx: Transaction, company: Company): void {
  for (const [rootType, root, branches] of chartOf(company)) {
    const parent = addAccount(tx, company, { account_name: root, root_type: rootType, is_group: 1 });
    for (const branch of branches) {
      const fields = { account_name: branch.group, root_type: rootType, is_group: 1, account_type: branch.type ?? "" };
      const group = addAccount(tx, company, { ...fields, parent_account: parent.name });
      for (const [name, type, rate] of branch.leaves) {
        const leaf = { account_name: name, root_type: rootType, account_type: type ?? "", tax_rate: rate ?? 0 };
        addAccount(tx, company, { ...leaf, parent_account: group.name });
      }
    }
  }
  const named = (account: string): string => `${account} - ${company.abbreviation}`;
  const stored = tx.get("Company", company.name);
  if (stored === undefined) return;
  tx.put({
    ...stored,
    default_receivable_account: named("Debtors"),
    default_income_account: named("Sales"),
    default_cash_account: named("Cash"),
    cost_center: named("Main"),
  });
}

function addAccount(tx: Transaction, company: Company, fields: Fields): Doc {
  return add(tx, "Account", { ...fields, company: company.name, account_currency: company.currency });
}

type Chart = readonly (readonly [rootType: string, root: string, branches: readonly Branch[]])[];

/**
 * The part of ERPNext's "Standard" chart that an integration touches. Tax accounts are named in the country's language;
 * seen for Germany; elsewhere they differ, here one account "VAT" stands for them. A bank account as a leaf exists only if
 * the setup wizard was given one.
 */
function chartOf(company: Company): Chart {
  const bank = company.bankAccount ?? "Demo Bank";
  const taxes: Branch["leaves"] =
    company.country === "Germany"
      ? [
          ["Umsatzsteuer 19 %", "Tax", 19],
          ["Umsatzsteuer 7 %", "Tax", 7],
        ]
      : [["VAT", "Tax"]];
  return [
    [
      "Asset",
      "Application of Funds (Assets)",
      [
        { group: "Accounts Receivable", leaves: [["Debtors", "Receivable"]] },
        { group: "Bank Accounts", type: "Bank", leaves: bank === "" ? [] : [[bank, "Bank"]] },
        { group: "Cash In Hand", type: "Cash", leaves: [["Cash", "Cash"]] },
        { group: "Stock Assets", type: "Stock", leaves: [["Stock In Hand", "Stock"]] },
      ],
    ],
    [
      "Liability",
      "Source of Funds (Liabilities)",
      [
        { group: "Accounts Payable", leaves: [["Creditors", "Payable"]] },
        { group: "Duties and Taxes", type: "Tax", leaves: taxes },
      ],
    ],
    ["Income", "Income", [{ group: "Direct Income", leaves: [["Sales"], ["Service"]] }]],
    [
      "Expense",
      "Expenses",
      [
        {
          group: "Stock Expenses",
          leaves: [
            ["Cost of Goods Sold", "Cost of Goods Sold"],
            ["Stock Adjustment", "Stock Adjustment"],
          ],
        },
        {
          group: "Indirect Expenses",
          leaves: [
            ["Freight and Forwarding Charges", "Chargeable"],
            ["Round Off", "Round Off"],
          ],
        },
      ],
    ],
  ];
}

function addFiscalYears(tx: Transaction, company: Company): void {
  const start = company.fiscalYearStart ?? "01-01";
  const year = tx.store.clock.now().getUTCFullYear();
  for (const first of [year - 1, year]) {
    const begins = new Date(`${first}-${start}T00:00:00Z`);
    const ends = new Date(Date.UTC(first + 1, begins.getUTCMonth(), begins.getUTCDate()) - 86_400_000);
    const name = start === "01-01" ? String(first) : `${first}-${first + 1}`;
    add(tx, "Fiscal Year", {
      year: name,
      year_start_date: begins.toISOString().slice(0, 10),
      year_end_date: ends.toISOString().slice(0, 10),
    });
  }
}
