import { type Doc, type Fields, firstCharacters, isFields, isSet, rows, text, type Value } from "../frappe/document";
import { SETTING } from "./doctypes-connector";
import { ADMINISTRATOR, insert, load, update } from "../frappe/documents";
import { isMapped, type Listing, mapItem, mappedItem, productId } from "./ecommerce-items";
import { builtin, validationError } from "../frappe/exceptions";
import { savedSession } from "./shopify-rest";
import type { Work } from "../site";
import { assertPermitted } from "../web/permissions";
import { MAX_CHARACTERS } from "../frappe/validation";

const SAVING = { user: ADMINISTRATOR, ignoreMandatory: true } as const;
const PRODUCT_MS = 500;
const OPTIONS = ["option1", "option2", "option3"] as const;
const WEIGHT_UOM: Readonly<Record<string, string>> = { kg: "Kg", g: "Gram", oz: "Ounce", lb: "Pound" };

/** A name as the patched connector writes it: at most 140 characters. The stock one writes it whole. */
export function itemName(work: Work, name: Value): string {
  const whole = text(name);
  return work.site.options.patches.truncate ? firstCharacters(whole, MAX_CHARACTERS) : whole;
}

/** Makes the Items of a product that is not mapped yet, from what Shopify's REST says of it. */
export async function syncProduct(work: Work, listing: Listing): Promise<void> {
  if (!isSet(load(work.tx, SETTING, SETTING)["enable_shopify"])) {
    throw validationError("Can not create Shopify product when integration is disabled.");
  }
  if (isMapped(work.tx, listing)) return;
  const shopify = savedSession(work);
  const answer = await shopify?.one(`products/${productId(listing.product)}.json`);
  const { clock, productMs = PRODUCT_MS } = work.site.options;
  await clock.sleep(productMs, work.signal);
  makeItems(work, answer?.["product"] as Fields);
}

function makeItems(work: Work, product: Fields): void {
  const variants = rows(product["variants"]);
  const first = variants[0];
  if (first === undefined) throw builtin("IndexError", "list index out of range");
  for (const key of ["weight", "weight_unit"]) if (first[key] === undefined) throw builtin("KeyError", `'${key}'`);
  const whole = { ...product, weight: first["weight"], weight_unit: first["weight_unit"] };
  if (!hasVariants(product)) {
    makeItem(work, { ...whole, variant_id: first["id"] }, {});
    return;
  }
  const attributes = makeAttributes(work, product);
  makeItem(work, whole, { hasVariants: true, attributes });
  const template = mappedItem(work.tx, { product: product["id"] }, true);
  if (template === undefined) return;
  for (const variant of variants) makeVariant(work, { product, variant, attributes, template });
}

function hasVariants(product: Fields): boolean {
  const [first] = rows(product["options"]);
  const values = first?.["values"];
  return first !== undefined && !(Array.isArray(values) && values.includes("Default Title"));
}

function makeVariant(work: Work, of: { product: Fields; variant: Fields; attributes: Fields[]; template: Doc }): void {
  const { product, variant, template } = of;
  const attributes = of.attributes.map((attribute, index) => {
    const value = text(variant[OPTIONS[index] ?? ""]);
    return value === "" ? attribute : { ...attribute, attribute_value: value };
  });
  const fields = {
    id: product["id"],
    variant_id: variant["id"],
    item_code: text(variant["id"]),
    title: `${text(product["title"]).trim()}-${text(variant["title"])}`,
    product_type: product["product_type"],
    sku: variant["sku"],
    uom: template["stock_uom"],
    weight: variant["weight"],
    weight_unit: variant["weight_unit"],
  };
  makeItem(work, fields, { attributes, variantOf: template.name });
}

interface Role {
  readonly hasVariants?: true;
  readonly variantOf?: string;
  readonly attributes?: Fields[];
}

function makeItem(work: Work, product: Fields, role: Role): void {
  const { tx } = work;
  const mapping: Fields = {
    integration_item_code: product["id"],
    variant_id: text(product["variant_id"]),
    variant_of: role.variantOf ?? null,
    has_variants: role.hasVariants === true ? 1 : 0,
  };
  const sku = text(product["sku"]) || text(rows(product["variants"])[0]?.["sku"]);
  const isPlain = role.hasVariants === undefined && role.variantOf === undefined;
  if (isPlain && sku !== "" && tx.get("Item", sku) !== undefined) {
    assertPermitted({ tx, user: userOf(work), doctype: "Ecommerce Item", right: "create" });
    mapItem(tx, { ...mapping, erpnext_item_code: sku, sku });
    return;
  }
  const ownSku = role.hasVariants === true ? null : sku;
  if (isMapped(tx, { product: product["id"], variant: mapping["variant_id"], sku: ownSku })) return;
  ensureSupplier(work, text(product["vendor"]));
  const item = insert(tx, { ...itemFields(work, product), ...roleFields(role), doctype: "Item" }, SAVING);
  assertPermitted({ tx, user: userOf(work), doctype: "Ecommerce Item", right: "create" });
  mapItem(tx, { ...mapping, erpnext_item_code: item.name, sku: ownSku, item_synced_on: tx.store.timestamp() });
}

function roleFields(role: Role): Fields {
  const has_variants = role.hasVariants === true ? 1 : 0;
  return { has_variants, variant_of: role.variantOf ?? null, attributes: role.attributes ?? [] };
}

function itemFields(work: Work, product: Fields): Fields {
  const weightUnit = text(product["weight_unit"]);
  const weightUom = WEIGHT_UOM[weightUnit];
  if (weightUom === undefined) throw builtin("KeyError", `'${weightUnit}'`);
  return {
    item_code: text(product["item_code"]) || text(product["id"]),
    item_name: itemName(work, text(product["title"]).trim()),
    description: text(product["body_html"]) || text(product["title"]),
    item_group: itemGroup(work, text(product["product_type"])),
    stock_uom: text(product["uom"]) || "Nos",
    weight_uom: weightUom,
    weight_per_unit: product["weight"],
    image: isFields(product["image"]) ? product["image"]["src"] : null,
  };
}

/**
 * Makes or extends one Item Attribute for each option. An existing one is saved even without a new value, so two runs that
 * import products with the same option ("Size", "Title") at a time get in each other's way.
 */
function makeAttributes(work: Work, product: Fields): Fields[] {
  const { tx } = work;
  return rows(product["options"]).map((option) => {
    const name = text(option["name"]);
    const values = (Array.isArray(option["values"]) ? option["values"] : []).map((value) => text(value as Value));
    const existing = tx.get("Item Attribute", name);
    if (existing === undefined) {
      make(work, {
        doctype: "Item Attribute",
        attribute_name: name,
        item_attribute_values: values.map(asValue),
      });
    } else if (!isSet(existing["numeric_values"])) {
      const known = rows(existing["item_attribute_values"]);
      const isKnown = (value: string): boolean =>
        known.some((row) => text(row["attribute_value"]).toLowerCase() === value.toLowerCase());
      const added = values.filter((value) => !isKnown(value)).map(asValue);
      assertPermitted({ tx, user: userOf(work), doctype: "Item Attribute", right: "write" });
      update(tx, existing, { fields: { item_attribute_values: [...known, ...added] }, saving: SAVING });
    }
    return { attribute: name };
  });
}

function asValue(value: string): Fields {
  return { attribute_value: value, abbr: value };
}

function itemGroup(work: Work, productType: string): string {
  const root = "All Item Groups";
  if (productType === "" || work.tx.get("Item Group", productType) !== undefined) return productType || root;
  return make(work, { doctype: "Item Group", item_group_name: productType, parent_item_group: root }).name;
}

function ensureSupplier(work: Work, vendor: string): void {
  const { tx } = work;
  if (vendor === "" || tx.get("Supplier", vendor) !== undefined) return;
  const group = "Shopify Supplier";
  if (tx.get("Supplier Group", group) === undefined) {
    make(work, { doctype: "Supplier Group", supplier_group_name: group });
  }
  make(work, {
    doctype: "Supplier",
    supplier_name: vendor,
    supplier_group: group,
    shopify_supplier_id: vendor.toLowerCase(),
  });
}

/** What the connector makes besides the Item itself takes the rights of the user who runs it. */
function make(work: Work, fields: Fields & { doctype: string }): Doc {
  assertPermitted({ tx: work.tx, user: userOf(work), doctype: fields.doctype, right: "create" });
  return insert(work.tx, fields, SAVING);
}

function userOf(work: Work): string {
  return work.user ?? ADMINISTRATOR;
}
