/**
 * The roles of the user that the stack's own requests come from, each with what it is for. Frappe's System Manager may do
 * nothing with ERPNext's own documents, so it is not enough; there is none here that is not used. The rights are those of
 * the doctypes' definitions in frappe and erpnext (version-15, version-16) and in the connector (all four branches).
 */
export const AUTOMATION_ROLES = {
  "System Manager":
    "saves Shopify Setting, Address Template, Property Setter, Global Defaults, Selling Settings and System Settings; reads Ecommerce Integration Log, Ecommerce Item, RQ Worker, RQ Job and Error Log; pauses and starts scheduled events",
  "Accounts User":
    "reads Account, Cost Center, Company, Customer, Sales Order, Sales Invoice, Payment Entry and Delivery Note",
  "Item Manager":
    "makes the Warehouse and UOMs, and the Item Groups and Item Attributes of the catalog import; reads Item",
  "Purchase Master Manager":
    "makes the Supplier of every vendor in the catalog import, which runs with this user's rights and says nothing of a refusal",
  "Sales Master Manager": "makes the Customer Group and the default Customer",
  "Stock Manager": "saves Stock Settings",
  "Stock User": "reads Bin; puts in the stock that a test delivery needs (Stock Entry)",
} as const satisfies Readonly<Record<string, string>>;

/** On a test store, what a run of the golden matrix has made is cancelled again; nothing in production ever is. */
export const TEST_STORE_ROLES = {
  "Sales User": "cancels the Sales Orders of a test run",
  "Accounts Manager": "cancels its Sales Invoices",
} as const satisfies Readonly<Record<string, string>>;

/** Their names as the server's environment hands them on. */
export function automationRoleNames(environment: "production" | "test"): string {
  const roles = Object.keys(AUTOMATION_ROLES);
  return [...roles, ...(environment === "test" ? Object.keys(TEST_STORE_ROLES) : [])].join(",");
}
