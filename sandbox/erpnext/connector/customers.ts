import { addressOf } from "../business/address-templates";
import { SETTING } from "./doctypes-connector";
import { type Fields, isFields, text, type Value } from "../frappe/document";
import { ADMINISTRATOR, insert, load, update } from "../frappe/documents";
import { builtin } from "../frappe/exceptions";
import { isPhone } from "../frappe/validation";
import type { Work } from "../site";

const SAVING = { user: ADMINISTRATOR, ignoreMandatory: true } as const;

/** Makes the order's customer with addresses and contact, or brings the addresses of a known one up to date. */
export function syncCustomer(work: Work, order: Fields): void {
  const customer = isFields(order["customer"]) ? order["customer"] : {};
  const id = text(customer["id"]);
  if (id === "") return;
  const known = customerOf(work, id);
  const fullName = `${text(customer["first_name"])} ${text(customer["last_name"])}`;
  const name =
    known ?? makeCustomer(work, { id, customer, title: fullName.trim() === "" ? text(customer["email"]) : fullName });
  const addresses: readonly [type: string, address: Value][] = [
    ["Billing", order["billing_address"] ?? customer["default_address"]],
    ["Shipping", order["shipping_address"]],
  ];
  for (const [type, address] of addresses) {
    if (isFields(address))
      saveAddress(work, { customer: name, title: fullName, type, address, email: customer["email"] });
  }
}

/** The ERPNext name of a Shopify customer. */
export function customerOf(work: Work, id: Value): string | undefined {
  return work.tx.find("Customer", { shopify_customer_id: id })?.name;
}

function makeCustomer(work: Work, of: { id: string; customer: Fields; title: string }): string {
  const { customer } = of;
  const made = insert(
    work.tx,
    {
      doctype: "Customer",
      customer_name: of.title,
      customer_type: "Individual",
      customer_group: load(work.tx, SETTING, SETTING)["customer_group"],
      territory: "All Territories",
      shopify_customer_id: of.id,
    },
    SAVING,
  );
  if (text(customer["first_name"]) !== "" && text(customer["email"]) !== "") {
    if (text(customer["phone"]) === "" && customer["default_address"] === null)
      throw builtin("AttributeError", "'NoneType' object has no attribute 'get'");
    const phone = text(customer["phone"]);
    insert(
      work.tx,
      {
        doctype: "Contact",
        first_name: customer["first_name"],
        last_name: customer["last_name"],
        email_id: customer["email"],
        phone: isPhone(phone) ? phone : null,
        links: [{ link_doctype: "Customer", link_name: made.name }],
      },
      SAVING,
    );
  }
  return made.name;
}

interface AddressOf {
  readonly customer: string;
  readonly title: string;
  readonly type: string;
  readonly address: Fields;
  readonly email: Value;
}

function saveAddress(work: Work, of: AddressOf): void {
  const { address } = of;
  const fields: Fields = {
    shopify_address_id: address["id"],
    address_line1: text(address["address1"]) || "Address 1",
    address_line2: address["address2"],
    city: address["city"],
    state: address["province"],
    pincode: address["zip"],
    country: address["country"],
    email_id: of.email,
    phone: address["phone"],
  };
  const existing = addressOf(work.tx, of.customer, of.type);
  if (existing !== undefined) {
    update(work.tx, existing, { fields, saving: SAVING });
    return;
  }
  const links = [{ link_doctype: "Customer", link_name: of.customer }];
  insert(work.tx, { ...fields, doctype: "Address", address_title: of.title, address_type: of.type, links }, SAVING);
}
