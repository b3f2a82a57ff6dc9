/**
 * The shapes of Shopify's REST Admin API and of its webhook bodies, as far as the ERPNext connector and this project read them.
 * Money is a decimal string in the shop's currency ("19.90"), times are ISO 8601 with an offset, ids are numbers that the GraphQL
 * API shows as `legacyResourceId`.
 */
export interface RestMoney {
  amount: string;
  currency_code: string;
}

export interface RestMoneySet {
  shop_money: RestMoney;
  presentment_money: RestMoney;
}

export interface RestTaxLine {
  title: string;
  rate: number;
  price: string;
  price_set: RestMoneySet;
}

export interface RestAddress {
  id: number;
  first_name: string | null;
  last_name: string | null;
  name: string;
  company: string | null;
  address1: string;
  address2: string | null;
  city: string;
  province: string | null;
  province_code: string | null;
  zip: string;
  country: string;
  country_code: string;
  phone: string | null;
}

export interface RestCustomer {
  id: number;
  email: string | null;
  phone: string | null;
  first_name: string | null;
  last_name: string | null;
  state: "enabled" | "disabled";
  created_at: string;
  updated_at: string;
  note: string | null;
  tags: string;
  currency: string;
  tax_exempt: boolean;
  verified_email: boolean;
  default_address?: RestAddress;
}

export interface RestVariant {
  id: number;
  product_id: number;
  title: string;
  sku: string;
  price: string;
  compare_at_price: string | null;
  position: number;
  option1: string;
  option2: string | null;
  option3: string | null;
  created_at: string;
  updated_at: string;
  taxable: boolean;
  barcode: string | null;
  grams: number;
  weight: number;
  weight_unit: "kg" | "g";
  inventory_item_id: number;
  inventory_quantity: number;
  inventory_policy: "deny" | "continue";
  inventory_management: "shopify";
  fulfillment_service: "manual";
  requires_shipping: boolean;
}

export interface RestProduct {
  id: number;
  title: string;
  body_html: string;
  vendor: string;
  product_type: string;
  handle: string;
  status: "active" | "archived" | "draft";
  created_at: string;
  updated_at: string;
  published_at: string | null;
  tags: string;
  variants: RestVariant[];
  options: { id: number; product_id: number; name: string; position: number; values: string[] }[];
  images: { id: number; src: string }[];
  image: { id: number; src: string } | null;
}

export interface RestLineItem {
  id: number;
  product_id: number | null;
  variant_id: number | null;
  product_exists: boolean;
  title: string;
  variant_title: string | null;
  name: string;
  sku: string | null;
  vendor: string | null;
  quantity: number;
  current_quantity: number;
  fulfillable_quantity: number;
  fulfillment_status: "fulfilled" | "partial" | null;
  price: string;
  price_set: RestMoneySet;
  total_discount: string;
  total_discount_set: RestMoneySet;
  discount_allocations: { amount: string; amount_set: RestMoneySet; discount_application_index: number }[];
  tax_lines: RestTaxLine[];
  taxable: boolean;
  requires_shipping: boolean;
  gift_card: boolean;
  grams: number;
  fulfillment_service: "manual";
  properties: [];
}

export interface RestShippingLine {
  id: number;
  title: string;
  code: string;
  source: string;
  price: string;
  price_set: RestMoneySet;
  discounted_price: string;
  discounted_price_set: RestMoneySet;
  discount_allocations: [];
  tax_lines: RestTaxLine[];
}

export interface RestFulfillment {
  id: number;
  order_id: number;
  name: string;
  status: "success" | "cancelled";
  created_at: string;
  updated_at: string;
  location_id: number;
  service: "manual";
  tracking_company: string | null;
  tracking_number: string | null;
  line_items: RestLineItem[];
}

export type RestFinancialStatus =
  "pending" | "authorized" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "voided" | "expired";

/** Money that was paid back. */
export interface RestTransaction {
  id: number;
  order_id: number;
  kind: "refund";
  status: "success";
  gateway: string;
  amount: string;
  currency: string;
  created_at: string;
  processed_at: string;
}

export interface RestRefundLine {
  line_item_id: number;
  quantity: number;
  restock_type: "no_restock" | "cancel" | "return";
  subtotal: number;
  total_tax: number;
}

export interface RestRefund {
  id: number;
  order_id: number;
  created_at: string;
  note: string | null;
  refund_line_items: RestRefundLine[];
  transactions: RestTransaction[];
}

export interface RestOrder {
  id: number;
  admin_graphql_api_id: string;
  app_id: number;
  name: string;
  number: number;
  order_number: number;
  confirmed: boolean;
  test: boolean;
  created_at: string;
  updated_at: string;
  processed_at: string;
  closed_at: string | null;
  cancelled_at: string | null;
  cancel_reason: "customer" | "inventory" | "fraud" | "declined" | "other" | null;
  currency: string;
  presentment_currency: string;
  email: string;
  contact_email: string | null;
  phone: string | null;
  note: string | null;
  tags: string;
  source_name: string;
  financial_status: RestFinancialStatus;
  fulfillment_status: "fulfilled" | "partial" | null;
  payment_gateway_names: string[];
  taxes_included: boolean;
  total_line_items_price: string;
  total_line_items_price_set: RestMoneySet;
  total_discounts: string;
  total_discounts_set: RestMoneySet;
  subtotal_price: string;
  subtotal_price_set: RestMoneySet;
  total_shipping_price_set: RestMoneySet;
  total_tax: string;
  total_tax_set: RestMoneySet;
  total_price: string;
  total_price_set: RestMoneySet;
  total_tip_received: string;
  current_subtotal_price: string;
  current_total_discounts: string;
  current_total_tax: string;
  current_total_price: string;
  current_total_price_set: RestMoneySet;
  total_outstanding: string;
  tax_lines: RestTaxLine[];
  discount_codes: { code: string; amount: string; type: "fixed_amount" }[];
  discount_applications: { type: "discount_code"; code: string; value: string; value_type: "fixed_amount" }[];
  line_items: RestLineItem[];
  shipping_lines: RestShippingLine[];
  fulfillments: RestFulfillment[];
  refunds: RestRefund[];
  customer: RestCustomer | null;
  billing_address: RestAddress | null;
  shipping_address: RestAddress | null;
}
