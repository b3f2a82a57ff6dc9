import type { Fields } from "../frappe/document";
import { fulfilmentOf, lineOf, orderOf, plainProduct, variantProduct } from "../testing/orders";
import { SETTING, startConfiguredSite, type TestSite } from "../testing/site";

/** What an Error or anything that is rolled back must not leave behind. */
const MADE = [
  "Sales Order",
  "Sales Invoice",
  "Payment Entry",
  "Delivery Note",
  "Customer",
  "Address",
  "Item",
  "Ecommerce Item",
  "Item Attribute",
];
const namesOf = (site: TestSite, doctype: string): string[] => site.erpnext.documents(doctype).map(({ name }) => name);
const nothingMade = (site: TestSite): void => {
  for (const doctype of MADE) expect([doctype, namesOf(site, doctype)]).toEqual([doctype, []]);
};
const message = (log: Fields): string => log["message"] as string;

describe("orders/create", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100), plainProduct(200), variantProduct(300)];
  });
  afterEach(() => site.close());

  test("makes a submitted Sales Order in the company's currency, with taxes and shipping booked", async () => {
    const log = await site.process("orders/create", orderOf(1, { currency: "USD" }));
    expect([log["status"], log["message"], log["traceback"]]).toEqual(["Success", "None", null]);
    expect(site.erpnext.documents("Sales Order")).toEqual([
      expect.objectContaining({
        name: "SO-Shopify-00001",
        docstatus: 1,
        status: "To Deliver and Bill",
        shopify_order_id: "1",
        shopify_order_number: "#1",
        shopify_order_status: null,
        customer: "Mia Muster",
        currency: "EUR",
        transaction_date: "2026-11-20",
        selling_price_list: "Ecommerce Integrations - Ignore",
        net_total: 20,
        total_taxes_and_charges: 8.7,
        grand_total: 28.7,
      }),
    ]);
    const [order] = site.erpnext.documents("Sales Order");
    expect(order!["items"]).toEqual([
      expect.objectContaining({ item_code: "100", qty: 2, rate: 10, warehouse: "Stores - DSG" }),
    ]);
    expect(
      (order!["taxes"] as Fields[]).map((row) => [row["account_head"], row["tax_amount"], row["description"]]),
    ).toEqual([
      ["Umsatzsteuer 19 % - DSG", 3.8, "DE MwSt - 19.00%"],
      ["Freight and Forwarding Charges - DSG", 4.9, "Standard"],
    ]);
  });

  test("makes the customer with both addresses, once", async () => {
    await site.process("orders/create", orderOf(1));
    await site.process("orders/create", orderOf(2));
    expect(site.erpnext.documents("Customer")).toEqual([
      expect.objectContaining({ name: "Mia Muster", shopify_customer_id: "77", customer_group: "Individual" }),
    ]);
    expect(namesOf(site, "Address")).toEqual(["Mia Muster-Billing", "Mia Muster-Shipping"]);
    expect(namesOf(site, "Sales Order")).toEqual(["SO-Shopify-00001", "SO-Shopify-00002"]);
  });

  test("takes the default customer for an order without one, and ends in Error without that", async () => {
    const failed = await site.process("orders/create", orderOf(1, { customer: null }));
    expect([failed["status"], namesOf(site, "Sales Order")]).toEqual(["Error", []]);
    await site.call("POST /api/resource/Customer", { customer_name: "Shopify Guest" });
    await site.call(`PUT ${SETTING}`, { default_customer: "Shopify Guest" });
    await site.process("orders/create", orderOf(1, { customer: null }));
    expect(site.erpnext.documents("Sales Order")[0]!["customer"]).toBe("Shopify Guest");
  });

  test("fetches an unmapped product once and maps it", async () => {
    await site.process("orders/create", orderOf(1));
    await site.process("orders/create", orderOf(2));
    expect(site.shopify.requests).toEqual(["GET products/100.json"]);
    expect(site.erpnext.documents("Item")).toEqual([
      expect.objectContaining({
        name: "100",
        item_name: "Product 100",
        item_group: "Mugs",
        weight_uom: "Kg",
        is_stock_item: 1,
      }),
    ]);
    expect(site.erpnext.documents("Ecommerce Item")).toEqual([
      expect.objectContaining({
        erpnext_item_code: "100",
        integration_item_code: "100",
        variant_id: "101",
        sku: "SKU-100",
        has_variants: 0,
      }),
    ]);
  });

  test("makes template, variants and Item Attribute of a product with options, and sells the variant", async () => {
    const line = lineOf(300, { variant_id: 302, sku: "SKU-300-L", name: "Shirt 300 - L" });
    await site.process("orders/create", orderOf(1, { line_items: [line] }));
    expect(namesOf(site, "Item")).toEqual(["300", "301", "302"]);
    expect(site.erpnext.documents("Item", { variant_of: "300" }).map((item) => item["item_name"])).toEqual([
      "Shirt 300-S",
      "Shirt 300-L",
    ]);
    const [attribute] = site.erpnext.documents("Item Attribute");
    expect([
      attribute!.name,
      (attribute!["item_attribute_values"] as Fields[]).map((row) => row["attribute_value"]),
    ]).toEqual(["Size", ["S", "L"]]);
    expect((site.erpnext.documents("Sales Order")[0]!["items"] as Fields[]).map((row) => row["item_code"])).toEqual([
      "302",
    ]);
  });

  test("links a product to an Item whose code is its SKU instead of making one", async () => {
    await site.call("POST /api/resource/Item", { item_code: "SKU-100", item_group: "Products", stock_uom: "Nos" });
    await site.process("orders/create", orderOf(1));
    expect(namesOf(site, "Item")).toEqual(["SKU-100"]);
    expect((site.erpnext.documents("Sales Order")[0]!["items"] as Fields[])[0]!["item_code"]).toBe("SKU-100");
  });

  test.each([
    ["has no product_id", { product_id: null, sku: null, variant_id: null, product_exists: false }],
    ["names a product that no longer exists", { product_id: 999, variant_id: 998, sku: "GONE", product_exists: false }],
  ])("ends in Error when a line %s, with nothing left behind", async (_, line) => {
    const log = await site.process("orders/create", orderOf(1, { line_items: [lineOf(100), lineOf(100, line)] }));
    expect([log["status"], message(log)]).toEqual([
      "Error",
      expect.stringMatching(
        /^Not Found: https:\/\/demo-store\.myshopify\.com\/admin\/api\/2024-01\/products\/(None|999)\.json$/,
      ),
    ]);
    expect(log["traceback"]).toContain("pyactiveresource.connection.ResourceNotFound");
    expect(JSON.parse(log["request_data"] as string)).toMatchObject({ id: 1 });
    nothingMade(site);
  });

  test("ends in Success without a Sales Order when no line is left, and drops a deleted product's line where one is", async () => {
    await site.process("orders/create", orderOf(1, { line_items: [lineOf(100), lineOf(200)] }));
    const gone = lineOf(200, { product_exists: false });
    const empty = await site.process("orders/create", orderOf(2, { line_items: [gone] }));
    expect([empty["status"], message(empty), empty["title"]]).toEqual(["Success", "None", "sync_sales_order"]);
    expect(namesOf(site, "Sales Order")).toEqual(["SO-Shopify-00001"]);
    await site.process("orders/create", orderOf(3, { line_items: [lineOf(100), gone] }));
    const [kept] = site.erpnext.documents("Sales Order", { shopify_order_id: "3" });
    expect((kept!["items"] as Fields[]).map((row) => row["item_code"])).toEqual(["100"]);
    const emptied = await site.process("orders/create", orderOf(4, { line_items: [gone, lineOf(100)] }));
    expect([emptied["status"], site.erpnext.documents("Sales Order", { shopify_order_id: "4" })]).toEqual([
      "Success",
      [],
    ]);
  });

  test("ends in Error for a tax that is neither mapped nor defaulted, and takes the default", async () => {
    const order = orderOf(1, {
      line_items: [lineOf(100, { tax_lines: [{ title: "AT MwSt", rate: 0.2, price: "4.00" }] })],
    });
    const log = await site.process("orders/create", order);
    expect([log["status"], message(log)]).toEqual(["Error", "Tax Account not specified for Shopify Tax AT MwSt"]);
    nothingMade(site);
    await site.call(`PUT ${SETTING}`, { default_sales_tax_account: "Umsatzsteuer 7 % - DSG" });
    expect((await site.process("orders/create", order))["status"]).toBe("Success");
  });

  test("ends in Error without the list of shipping lines, which Shopify always sends", async () => {
    const order = orderOf(1);
    delete order["shipping_lines"];
    const log = await site.process("orders/create", order);
    expect([log["status"], message(log)]).toEqual(["Error", "'NoneType' object is not iterable"]);
    nothingMade(site);
  });

  test("ends in Error for shipping without an account", async () => {
    await site.call(`PUT ${SETTING}`, { default_shipping_charges_account: "" });
    const log = await site.process("orders/create", orderOf(1));
    expect([log["status"], message(log)]).toEqual(["Error", "Tax Account not specified for Shopify Tax Standard"]);
  });

  test("takes included taxes and discounts out of the rate", async () => {
    const line = lineOf(100, { price: "11.90", discount_allocations: [{ amount: "2.00" }] });
    await site.process("orders/create", orderOf(1, { taxes_included: true, line_items: [line] }));
    const [item] = site.erpnext.documents("Sales Order")[0]!["items"] as Fields[];
    expect([item!["rate"], item!["shopify_item_discount"]]).toEqual([9, 1]);
  });

  test("keeps the price of one piece with two decimals, a half to the even cent, and so another total than Shopify", async () => {
    const line = lineOf(100, { price: "19.90", tax_lines: [{ title: "DE MwSt", rate: 0.19, price: "6.35" }] });
    await site.process("orders/create", orderOf(1, { taxes_included: true, line_items: [line], shipping_lines: [] }));
    const [order] = site.erpnext.documents("Sales Order");
    // 19.90 - 6.35 / 2 = 16.725
    expect((order!["items"] as Fields[])[0]).toMatchObject({ qty: 2, rate: 16.72, amount: 33.44 });
    expect([order!["net_total"], order!["grand_total"], order!["total_qty"]]).toEqual([33.44, 39.79, 2]);
  });

  test("ends in Error without UOM Kg or an Address Template: the fixtures", async () => {
    await site.call("DELETE /api/resource/UOM/Kg");
    const weight = await site.process("orders/create", orderOf(1));
    expect([weight["status"], message(weight)]).toEqual(["Error", "Could not find Weight UOM: Kg"]);
    await site.call("POST /api/resource/UOM", { uom_name: "Kg" });
    await site.call("DELETE /api/resource/Address Template/Germany");
    const address = await site.process("orders/create", orderOf(1));
    expect([address["status"], message(address)]).toEqual([
      "Error",
      expect.stringContaining("No default Address Template found"),
    ]);
    nothingMade(site);
  });

  test("cannot make items while the integration is disabled", async () => {
    await site.call(`PUT ${SETTING}`, { enable_shopify: 0 });
    const log = await site.process("orders/create", orderOf(1));
    expect([log["status"], message(log)]).toEqual([
      "Error",
      "Can not create Shopify product when integration is disabled.",
    ]);
  });

  test("cuts names to 140 characters", async () => {
    const long = "ä".repeat(150);
    site.shopify.products = [plainProduct(100, long)];
    await site.process("orders/create", orderOf(1, { line_items: [lineOf(100, { name: long })] }));
    expect(site.erpnext.documents("Item")[0]!["item_name"]).toBe("ä".repeat(140));
    expect((site.erpnext.documents("Sales Order")[0]!["items"] as Fields[])[0]!["item_name"]).toBe("ä".repeat(140));
  });
});

describe("orders/create on an image without the patch of long names", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite({
      patches: { statusAny: true, truncate: false, perOrderTry: true, booksApp: true },
    });
  });
  afterEach(() => site.close());

  test.each([
    ["product", "x".repeat(141), "short"],
    ["line", "short", "x".repeat(141)],
  ])("ends in CharacterLengthExceededError for a %s of 141 characters", async (_, title, name) => {
    site.shopify.products = [plainProduct(100, title)];
    const log = await site.process("orders/create", orderOf(1, { line_items: [lineOf(100, { name })] }));
    expect([log["status"], log["traceback"]]).toEqual([
      "Error",
      expect.stringContaining("CharacterLengthExceededError"),
    ]);
    nothingMade(site);
  });

  test("takes 140", async () => {
    site.shopify.products = [plainProduct(100, "x".repeat(140))];
    expect((await site.process("orders/create", orderOf(1)))["status"]).toBe("Success");
  });
});

describe("paid orders", () => {
  let site: TestSite;
  const paid = { financial_status: "paid" };
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100)];
  });
  afterEach(() => site.close());

  test.each(["paid when it is made", "paid later"])(
    "make an invoice that is Paid and a Payment Entry (%s)",
    async (when) => {
      if (when === "paid later") await site.process("orders/create", orderOf(1));
      const log = await site.process(when === "paid later" ? "orders/paid" : "orders/create", orderOf(1, paid));
      expect(log["status"]).toBe("Success");
      expect(namesOf(site, "Sales Order")).toEqual(["SO-Shopify-00001"]);
      expect(site.erpnext.documents("Sales Invoice")).toEqual([
        expect.objectContaining({
          name: "SI-Shopify-00001",
          status: "Paid",
          outstanding_amount: 0,
          grand_total: 28.7,
          shopify_order_id: "1",
          posting_date: "2026-11-20",
        }),
      ]);
      expect(site.erpnext.documents("Payment Entry")).toEqual([
        expect.objectContaining({
          name: `ACC-PAY-${new Date().getUTCFullYear()}-00001`,
          docstatus: 1,
          paid_from: "Debtors - DSG",
          paid_to: "Demo Bank - DSG",
          paid_amount: 28.7,
          reference_no: "SI-Shopify-00001",
        }),
      ]);
      expect(site.erpnext.documents("Sales Order")[0]).toMatchObject({ per_billed: 100, status: "To Deliver" });
    },
  );

  test("are invoiced once", async () => {
    await site.process("orders/create", orderOf(1, paid));
    expect((await site.process("orders/paid", orderOf(1, paid)))["status"]).toBe("Success");
    expect(namesOf(site, "Sales Invoice")).toEqual(["SI-Shopify-00001"]);
  });

  test("make no invoice where the setting wants none", async () => {
    await site.call(`PUT ${SETTING}`, { sync_sales_invoice: 0 });
    await site.process("orders/create", orderOf(1, paid));
    expect([namesOf(site, "Sales Order").length, namesOf(site, "Sales Invoice")]).toEqual([1, []]);
  });

  test("end in Error with a group as cash_bank_account, with nothing left behind, the number included", async () => {
    await site.call(`PUT ${SETTING}`, { cash_bank_account: "Bank Accounts - DSG" });
    const log = await site.process("orders/create", orderOf(1, paid));
    expect([log["status"], message(log)]).toEqual([
      "Error",
      expect.stringContaining("Bank Accounts - DSG is a Group Account"),
    ]);
    nothingMade(site);
    await site.call(`PUT ${SETTING}`, { cash_bank_account: "Demo Bank - DSG" });
    await site.process("orders/create", orderOf(1, paid));
    expect(namesOf(site, "Sales Order")).toEqual(["SO-Shopify-00001"]);
  });

  test.each([
    ["orders/paid", "Sales Order not found for syncing sales invoice."],
    ["orders/fulfilled", "Sales Order not found for syncing delivery note."],
    ["orders/cancelled", "Sales Order does not exist"],
  ])("%s before orders/create is Invalid and lost", async (topic, text) => {
    const log = await site.process(topic, orderOf(1, paid));
    expect([log["status"], log["message"]]).toEqual(["Invalid", text]);
    await site.process("orders/create", orderOf(1));
    expect(namesOf(site, "Sales Invoice")).toEqual([]);
  });
});

describe("fulfilled orders", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100), plainProduct(200)];
    await site.process("orders/create", orderOf(1, { line_items: [lineOf(100), lineOf(200)] }));
  });
  afterEach(() => site.close());
  const receive = (item: string, qty: number, on = "2026-11-21"): Promise<unknown> =>
    site.call("POST /api/resource/Stock Entry", {
      stock_entry_type: "Material Receipt",
      company: "Demo Store GmbH",
      set_posting_time: 1,
      posting_date: on,
      items: [{ item_code: item, t_warehouse: "Stores - DSG", qty, basic_rate: 4 }],
      docstatus: 1,
    });
  const partly = (id: number, quantity: number): Fields => fulfilmentOf(id, [lineOf(100, { quantity })]);

  test("make one Delivery Note for each fulfilment, with its quantities, and take the stock", async () => {
    await receive("100", 5);
    const first = await site.process("orders/partially_fulfilled", orderOf(1, { fulfillments: [partly(11, 1)] }));
    expect(first["status"]).toBe("Success");
    await site.process("orders/fulfilled", orderOf(1, { fulfillments: [partly(11, 1), partly(12, 1)] }));
    const notes = site.erpnext.documents("Delivery Note");
    expect(
      notes.map((note) => [
        note.name,
        note["shopify_fulfillment_id"],
        note["shopify_order_id"],
        note["docstatus"],
        note["posting_date"],
      ]),
    ).toEqual([
      ["DN-Shopify-00001", "11", "1", 1, "2026-11-21"],
      ["DN-Shopify-00002", "12", "1", 1, "2026-11-21"],
    ]);
    expect(
      notes.map((note) =>
        (note["items"] as Fields[]).map((row) => [row["item_code"], row["qty"], row["incoming_rate"]]),
      ),
    ).toEqual([[["100", 1, 4]], [["100", 1, 4]]]);
    expect(site.erpnext.documents("Bin")).toEqual([
      expect.objectContaining({ item_code: "100", actual_qty: 3, stock_value: 12 }),
    ]);
    expect(site.erpnext.documents("Sales Order")[0]!["per_delivered"]).toBe(50);
  });

  test("end in Error without stock", async () => {
    const log = await site.process("orders/fulfilled", orderOf(1, { fulfillments: [partly(11, 1)] }));
    expect([log["status"], message(log)]).toEqual([
      "Error",
      "1.0 units of Item 100: Product 100 needed in Warehouse Stores - DSG to complete this transaction.",
    ]);
    expect(namesOf(site, "Delivery Note")).toEqual([]);
  });

  test("end in Error where the stock came after the day of the fulfilment, the whole order with it", async () => {
    await receive("100", 5, "2026-11-22");
    const words = "1.0 units of Item 100: Product 100 needed in Warehouse Stores - DSG to complete this transaction.";
    const late = await site.process("orders/fulfilled", orderOf(1, { fulfillments: [partly(11, 1)] }));
    expect([late["status"], message(late)]).toEqual(["Error", words]);
    const old = orderOf(2, { fulfillments: [{ ...partly(21, 1), order_id: 2 }] });
    expect((await site.process("orders/create", old))["message"]).toBe(words);
    expect(site.erpnext.documents("Sales Order", { shopify_order_id: "2" })).toEqual([]);
    await receive("100", 1);
    expect((await site.process("orders/create", old))["status"]).toBe("Success");
  });

  test("end in Error without a valuation rate, and succeed with one on an item that may go negative", async () => {
    await site.call("PUT /api/resource/Item/100", { allow_negative_stock: 1 });
    const order = orderOf(1, { fulfillments: [partly(11, 2)] });
    const log = await site.process("orders/fulfilled", order);
    expect([log["status"], message(log)]).toEqual([
      "Error",
      expect.stringContaining("Valuation Rate for the Item 100, is required"),
    ]);
    await site.call("PUT /api/resource/Item/100", { valuation_rate: 3 });
    expect((await site.process("orders/fulfilled", order))["status"]).toBe("Success");
    expect(site.erpnext.documents("Bin")[0]).toMatchObject({ actual_qty: -2 });
  });

  test("refuse a receipt without a rate", async () => {
    const entry = {
      stock_entry_type: "Material Receipt",
      company: "Demo Store GmbH",
      items: [{ item_code: "100", t_warehouse: "Stores - DSG", qty: 1 }],
      docstatus: 1,
    };
    const answer = await site.call("POST /api/resource/Stock Entry", entry);
    expect([answer.status, answer.body["exception"]]).toEqual([
      417,
      expect.stringContaining("Valuation Rate for the Item 100"),
    ]);
  });

  test("make nothing where the setting wants no delivery notes", async () => {
    await site.call(`PUT ${SETTING}`, { sync_delivery_note: 0 });
    expect((await site.process("orders/fulfilled", orderOf(1, { fulfillments: [partly(11, 1)] })))["status"]).toBe(
      "Success",
    );
    expect(namesOf(site, "Delivery Note")).toEqual([]);
  });

  test("made with the order when it comes in fulfilled", async () => {
    await receive("100", 5);
    await site.process("orders/create", orderOf(2, { fulfillments: [{ ...partly(21, 2), order_id: 2 }] }));
    expect(site.erpnext.documents("Delivery Note").map((note) => note["shopify_order_id"])).toEqual(["2"]);
  });
});

describe("orders/cancelled", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100)];
  });
  afterEach(() => site.close());

  test("cancels an order that nothing was made from", async () => {
    await site.process("orders/create", orderOf(1));
    expect((await site.process("orders/cancelled", orderOf(1, { financial_status: "voided" })))["status"]).toBe(
      "Success",
    );
    expect(site.erpnext.documents("Sales Order")[0]).toMatchObject({
      docstatus: 2,
      status: "Cancelled",
      shopify_order_status: null,
    });
  });

  test("writes the status into order and invoice once there is an invoice", async () => {
    await site.process("orders/create", orderOf(1, { financial_status: "paid" }));
    await site.process("orders/cancelled", orderOf(1, { financial_status: "refunded" }));
    expect(site.erpnext.documents("Sales Order")[0]).toMatchObject({ docstatus: 1, shopify_order_status: "refunded" });
    expect(site.erpnext.documents("Sales Invoice")[0]).toMatchObject({
      docstatus: 1,
      shopify_order_status: "refunded",
    });
  });
});
