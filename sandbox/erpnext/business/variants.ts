import { type Doc, rows, text } from "../frappe/document";
import { thrown, validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** erpnext/stock/doctype/item_attribute/item_attribute.py, validate_duplication: upper and lower case are one. */
export function assertEachValueOnce(_tx: Transaction, attribute: Doc): void {
  const known = new Set<string>();
  for (const row of rows(attribute["item_attribute_values"])) {
    const value = text(row["attribute_value"]).toLowerCase();
    if (known.has(value)) throw validationError(`Attribute value: ${titled(value)} must appear only once`);
    known.add(value);
  }
}

/** As Python's str.title() writes it. */
function titled(value: string): string {
  return value.replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** erpnext/stock/doctype/item/item.py, validate_variant_attributes: two variants of one template differ in an attribute. */
export function assertNewVariant(tx: Transaction, item: Doc): void {
  const template = text(item["variant_of"]);
  if (template === "" || tx.get("Item", item.name) !== undefined) return;
  const own = attributesOf(item);
  for (const other of tx.all("Item")) {
    if (other["variant_of"] !== template || attributesOf(other) !== own) continue;
    throw thrown("ItemVariantExistsError", `Item variant ${other.name} exists with same attributes`);
  }
}

function attributesOf(item: Doc): string {
  return rows(item["attributes"])
    .map((row) => `${text(row["attribute"])}=${text(row["attribute_value"]).toLowerCase()}`)
    .sort()
    .join("\n");
}
