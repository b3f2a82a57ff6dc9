import { isRqDoctype } from "../frappe/rq-doctypes";
import { doctypeOf } from "../frappe/doctypes";
import { ADMINISTRATOR } from "../frappe/documents";
import { notPermitted } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";
import { isFields, isSet, rows, text, type Fields } from "../frappe/document";

export type Right = "read" | "write" | "create" | "delete" | "submit" | "cancel";

/** What a role may do: all that there is, or these letters of read, write, create, delete, submit, cancel ("x"). */
type Grants = Readonly<Record<string, string>>;

const LETTERS: Readonly<Record<Right, string>> = {
  read: "r",
  write: "w",
  create: "c",
  delete: "d",
  submit: "s",
  cancel: "x",
};

const ALL = "rwcdsx";
const SYSTEM: Grants = { "System Manager": "rwcd" };

/** The role that every user has without being given it. */
const EVERYONE = "All";

/** The rights of the doctypes' definitions in frappe, erpnext and the connector, as far as the stand-in has the doctypes. */
const GRANTS: Readonly<Record<string, Grants>> = {
  Account: {
    "Accounts User": "rwcd",
    Auditor: "r",
    "Sales User": "r",
    "Purchase User": "r",
    "Accounts Manager": "rwcd",
  },
  Address: { "Sales User": "rwc", "Purchase User": "rwc", "Accounts User": "rwc", "System Manager": "rwcd" },
  "Address Template": SYSTEM,
  Bin: { "Sales User": "r", "Purchase User": "r", "Stock User": "r" },
  Comment: SYSTEM,
  Company: {
    ...SYSTEM,
    "Accounts User": "r",
    Employee: "r",
    "Sales User": "r",
    "Purchase User": "r",
    "Stock User": "r",
    "Accounts Manager": "rwcd",
  },
  Contact: { "Sales User": "rwc", "Purchase User": "rwc", "Accounts User": "rwc", "System Manager": "rwcd" },
  "Cost Center": { "Accounts Manager": "rwcd", "Accounts User": "r", "Sales User": "r", "Purchase User": "r" },
  Country: { "System Manager": "rwc", [EVERYONE]: "r" },
  Currency: { "System Manager": "rwcd", "Accounts Manager": "r", "Accounts User": "r", "Sales User": "r" },
  Customer: {
    "Sales User": "rwc",
    "Sales Manager": "r",
    "Sales Master Manager": "rwcd",
    "Stock User": "r",
    "Stock Manager": "r",
    "Accounts User": "r",
    "Accounts Manager": "r",
  },
  "Customer Group": {
    "Sales Manager": "r",
    "Sales User": "r",
    "Sales Master Manager": "rwcd",
    "Accounts User": "r",
  },
  "Delivery Note": { "Stock User": ALL, "Stock Manager": ALL, "Sales User": ALL, "Accounts User": "r" },
  "Ecommerce Integration Log": SYSTEM,
  "Ecommerce Item": SYSTEM,
  "Fiscal Year": { "System Manager": "rwcd", "Sales User": "r", "Accounts User": "r", "Stock User": "r" },
  "Global Defaults": { "System Manager": "rwc" },
  Item: {
    "Item Manager": "rwcd",
    "Stock Manager": "r",
    "Stock User": "r",
    "Sales User": "r",
    "Purchase User": "r",
    "Accounts User": "r",
  },
  "Item Attribute": { "Item Manager": "rwcd" },
  "Item Group": {
    "Item Manager": "rwcd",
    "Stock Manager": "r",
    "Stock User": "r",
    "Sales User": "r",
    "Accounts User": "r",
  },
  "Payment Entry": { "Accounts User": ALL, "Accounts Manager": ALL },
  "Item Price": { "Sales Master Manager": "rwcd", "Purchase Master Manager": "rwcd" },
  "Price List": { "Sales Master Manager": "rwcd", "Sales User": "r", "Purchase User": "r" },
  "Property Setter": SYSTEM,
  // Its definition allows no deletion, but Frappe leaves that to the doctype's own code, which asks for this role.
  "RQ Job": { "System Manager": "rd" },
  "RQ Worker": { "System Manager": "r" },
  "Sales Invoice": { "Accounts Manager": ALL, "Accounts User": "rwcs" },
  "Sales Order": {
    "Sales User": ALL,
    "Sales Manager": ALL,
    "Maintenance User": ALL,
    "Accounts User": "r",
    "Stock User": "r",
  },
  Role: SYSTEM,
  "Scheduled Job Type": SYSTEM,
  "Selling Settings": { "System Manager": "rwc", "Sales Manager": "rwc" },
  "Shopify Setting": SYSTEM,
  "Stock Entry": { "Stock User": ALL, "Stock Manager": ALL },
  "Stock Ledger Entry": { "Stock User": "r", "Accounts Manager": "r" },
  "Stock Settings": { "Stock Manager": "rwc", "Sales User": "r" },
  Supplier: { "Purchase User": "r", "Purchase Master Manager": "rwcd", "Stock User": "r", "Accounts User": "r" },
  "System Settings": { "System Manager": "rwc" },
  "Supplier Group": { "Purchase Master Manager": "rwcd", "Purchase User": "r", "Accounts User": "r" },
  Tag: SYSTEM,
  Territory: {
    "Sales Master Manager": "rwcd",
    "Sales Manager": "r",
    "Sales User": "r",
    "Stock User": "r",
    "Accounts User": "r",
  },
  UOM: { "Item Manager": "rwcd", "Stock Manager": "r", "Stock User": "r" },
  User: SYSTEM,
  Warehouse: {
    "Item Manager": "rwcd",
    "Stock User": "r",
    "Sales User": "r",
    "Purchase User": "r",
    "Accounts User": "r",
  },
};

/** Every role that has a right to something here. */
export const KNOWN_ROLES: readonly string[] = [...new Set(Object.values(GRANTS).flatMap(Object.keys))].sort();

/** Every doctype whose rights are known here. */
export const GUARDED_DOCTYPES: readonly string[] = Object.keys(GRANTS).sort();

/** Who asks for what, within a transaction that knows the users. */
export interface Claim {
  readonly tx: Transaction;
  readonly user: string;
  readonly doctype: string;
  readonly right: Right;
}

/** Frappe's 403 for a user none of whose roles has the right; the Administrator has all. */
export function assertPermitted(claim: Claim): void {
  const { tx, user, doctype, right } = claim;
  if (user === ADMINISTRATOR) return;
  // What is not installed does not exist for any user.
  if (!isRqDoctype(doctype)) doctypeOf(doctype);
  const grants = GRANTS[doctype] ?? {};
  const roles = rows(tx.get("User", user)?.["roles"]).filter(isFields);
  const held = [EVERYONE, ...roles.map(({ role }) => text(role))];
  if (held.some((role) => grants[role]?.includes(LETTERS[right]) === true)) return;
  if (rulesOf(tx, doctype).some((rule) => held.includes(text(rule["role"])) && isSet(rule[right]))) return;
  throw notPermitted(`User ${user} does not have doctype access via role permission for document ${doctype}`);
}

const RULE = "Custom DocPerm";

/**
 * frappe.permissions.add_permission: a rule beside those of the doctype's definition, which are copied first (setup_custom_perms), so that what
 * they grant stays.
 */
export function addPermission(tx: Transaction, { doctype, role, right }: AddedRule): void {
  tx.put({ doctype: RULE, name: `${doctype} ${role}`, parent: doctype, role, [right]: 1 });
}

interface AddedRule {
  readonly doctype: string;
  readonly role: string;
  readonly right: string;
}

function rulesOf(tx: Transaction, doctype: string): readonly Fields[] {
  return [...tx.all(RULE)].filter(({ parent }) => parent === doctype);
}
