import type { RestAddress, RestCustomer, RestProduct, RestVariant } from "../rest-types";
import { connectionOf, type Ordering, type PageArguments } from "./connection";
import { countOf, gid, idIn, requireScope, searchIn, type AdminContext } from "./context";
import { matchesId, matchesTime, type Matcher, type Term } from "./search";

interface Dated {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ListArguments extends PageArguments {
  readonly query?: string | null;
  readonly sortKey?: string | null;
}

interface CountArguments {
  readonly query?: string | null;
  readonly limit?: number | null;
}

/** Filters that products, variants and customers share. */
function matchesDated(term: Term, now: Date): ((object: Dated) => boolean) | undefined {
  if (term.field === "id") return matchesId(term, ({ id }) => id);
  if (term.field === "created_at") return matchesTime(term, now, ({ created_at: at }) => Date.parse(at));
  if (term.field === "updated_at") return matchesTime(term, now, ({ updated_at: at }) => Date.parse(at));
  return undefined;
}

function matchesProduct(now: Date): Matcher<RestProduct> {
  return (term) => {
    if (term.field === "status") return ({ status }) => term.value.toLowerCase().split(",").includes(status);
    if (term.field === "default") return ({ title }) => title.toLowerCase().includes(term.value.toLowerCase());
    return matchesDated(term, now);
  };
}

function ordering(sortKey: string | null | undefined): Ordering<Dated> {
  const idOf = ({ id }: Dated): number => id;
  if (sortKey === "CREATED_AT") return { idOf, valueOf: ({ created_at: at }) => Date.parse(at) };
  if (sortKey === "UPDATED_AT") return { idOf, valueOf: ({ updated_at: at }) => Date.parse(at) };
  return { idOf, valueOf: idOf };
}

function listOf<T extends Dated, N>(objects: readonly T[], args: ListArguments, toNode: (object: T) => N) {
  const order = ordering(args.sortKey);
  const sorted = objects.toSorted((a, b) => order.valueOf(a) - order.valueOf(b) || a.id - b.id);
  return connectionOf(sorted, args, { ordering: order, toNode });
}

export function variantNode(variant: RestVariant, product: RestProduct): Record<string, unknown> {
  return {
    __typename: "ProductVariant",
    id: gid("ProductVariant", variant.id),
    legacyResourceId: String(variant.id),
    title: variant.title,
    displayName: `${product.title} - ${variant.title}`,
    sku: variant.sku,
    price: variant.price,
    compareAtPrice: variant.compare_at_price,
    barcode: variant.barcode,
    position: variant.position,
    taxable: variant.taxable,
    inventoryQuantity: variant.inventory_quantity,
    inventoryPolicy: variant.inventory_policy.toUpperCase(),
    createdAt: variant.created_at,
    updatedAt: variant.updated_at,
    selectedOptions: [{ name: product.options[0]?.name ?? "Title", value: variant.option1 }],
    product: () => productNode(product),
  };
}

export function productNode(product: RestProduct): Record<string, unknown> {
  return {
    __typename: "Product",
    id: gid("Product", product.id),
    legacyResourceId: String(product.id),
    title: product.title,
    handle: product.handle,
    status: product.status.toUpperCase(),
    vendor: product.vendor,
    productType: product.product_type,
    descriptionHtml: product.body_html,
    tags: [],
    createdAt: product.created_at,
    updatedAt: product.updated_at,
    publishedAt: product.published_at,
    hasOnlyDefaultVariant: product.variants[0]?.title === "Default Title",
    totalInventory: product.variants.reduce((sum, variant) => sum + variant.inventory_quantity, 0),
    options: product.options.map(({ id, name, position, values }) => ({
      id: gid("ProductOption", id),
      name,
      position,
      values,
    })),
    variantsCount: () => ({ count: product.variants.length, precision: "EXACT" }),
    variants: (args: ListArguments) => listOf(product.variants, args, (variant) => variantNode(variant, product)),
  };
}

export function addressNode(address: RestAddress | null | undefined): Record<string, unknown> | null {
  if (address === null || address === undefined) return null;
  return {
    id: gid("MailingAddress", address.id),
    firstName: address.first_name,
    lastName: address.last_name,
    name: address.name,
    company: address.company,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    provinceCode: address.province_code,
    zip: address.zip,
    country: address.country,
    countryCodeV2: address.country_code,
    phone: address.phone,
  };
}

export function customerNode(customer: RestCustomer): Record<string, unknown> {
  const names = [customer.first_name, customer.last_name].filter((name) => name !== null);
  return {
    __typename: "Customer",
    id: gid("Customer", customer.id),
    legacyResourceId: String(customer.id),
    firstName: customer.first_name,
    lastName: customer.last_name,
    displayName: names.length > 0 ? names.join(" ") : (customer.email ?? String(customer.id)),
    email: customer.email,
    phone: customer.phone,
    defaultEmailAddress: customer.email === null ? null : { emailAddress: customer.email },
    state: customer.state.toUpperCase(),
    note: customer.note,
    tags: [],
    taxExempt: customer.tax_exempt,
    verifiedEmail: customer.verified_email,
    createdAt: customer.created_at,
    updatedAt: customer.updated_at,
    defaultAddress: () => addressNode(customer.default_address),
  };
}

export function productById(id: string, context: AdminContext): Record<string, unknown> | null {
  requireScope(context, "read_products", "product");
  const product = context.shop.product(idIn("Product", id));
  return product === undefined ? null : productNode(product);
}

/** Root fields over the catalogue and the customers. */
export const catalogQueries = {
  product: ({ id }: { id: string }, context: AdminContext) => productById(id, context),
  products: (args: ListArguments, context: AdminContext) => {
    requireScope(context, "read_products", "products");
    const matches = searchIn(context, { field: "products", query: args.query }, matchesProduct(context.now));
    return listOf(context.shop.state.products.filter(matches), args, productNode);
  },
  productsCount: ({ query, limit }: CountArguments, context: AdminContext) => {
    requireScope(context, "read_products", "productsCount");
    const matches = searchIn(context, { field: "productsCount", query }, matchesProduct(context.now));
    return countOf(context.shop.state.products.filter(matches).length, limit);
  },
  productVariants: (args: ListArguments, context: AdminContext) => {
    requireScope(context, "read_products", "productVariants");
    const matcher: Matcher<RestVariant> = (term) => matchesDated(term, context.now);
    const matches = searchIn(context, { field: "productVariants", query: args.query }, matcher);
    const { products } = context.shop.state;
    const owners = new Map(
      products.flatMap((product) => product.variants.map((variant) => [variant, product] as const)),
    );
    return listOf([...owners.keys()].filter(matches), args, (variant) => {
      const product = owners.get(variant);
      return product === undefined ? null : variantNode(variant, product);
    });
  },
  productVariantsCount: ({ query, limit }: CountArguments, context: AdminContext) => {
    requireScope(context, "read_products", "productVariantsCount");
    const matcher: Matcher<RestVariant> = (term) => matchesDated(term, context.now);
    const matches = searchIn(context, { field: "productVariantsCount", query }, matcher);
    const variants = context.shop.state.products.flatMap((product) => product.variants);
    return countOf(variants.filter(matches).length, limit);
  },
  customers: (args: ListArguments, context: AdminContext) => {
    requireScope(context, "read_customers", "customers");
    const matcher: Matcher<RestCustomer> = (term) => matchesDated(term, context.now);
    const matches = searchIn(context, { field: "customers", query: args.query }, matcher);
    return listOf(context.shop.state.customers.filter(matches), args, customerNode);
  },
  customersCount: ({ query, limit }: CountArguments, context: AdminContext) => {
    requireScope(context, "read_customers", "customersCount");
    const matcher: Matcher<RestCustomer> = (term) => matchesDated(term, context.now);
    const matches = searchIn(context, { field: "customersCount", query }, matcher);
    return countOf(context.shop.state.customers.filter(matches).length, limit);
  },
};
