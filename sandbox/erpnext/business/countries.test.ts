import { isEnumType } from "graphql";
import { adminSchema } from "../../shopify/graphql/admin-schema";
import { orderOf, plainProduct } from "../testing/orders";
import { startConfiguredSite } from "../testing/site";
import { countries } from "./countries";

/** Shopify's codes with the English name of each. */
function shopifyCountries(): readonly (readonly [code: string, name: string])[] {
  const type = adminSchema("2026-10").getType("CountryCode");
  if (!isEnumType(type)) throw new Error("Shopify's schema has no CountryCode");
  return type.getValues().map(({ name, description }) => [name, (description ?? "").replace(/\.$/, "")]);
}

it("knows every country of Shopify's by its code, but four that ERPNext does not have", () => {
  const known = countries();
  const codes = shopifyCountries().map(([code]) => code);
  expect(codes.filter((code) => !known.has(code))).toEqual(["AC", "AN", "TA", "ZZ"]);
});

it("calls some of them differently: by name alone their orders are lost", async () => {
  const byCode = countries();
  const names = new Set(byCode.values());
  const others = shopifyCountries().filter(([code, name]) => byCode.has(code) && !names.has(name));
  expect(others.map(([code]) => code)).toEqual(expect.arrayContaining(["CZ", "KR", "RU", "TR", "HK", "BA"]));
  const site = await startConfiguredSite();
  try {
    site.shopify.products = [plainProduct(100)];
    const address = { id: 5, address1: "Ulice 1", city: "Praha", zip: "11000", country: "Czechia", country_code: "CZ" };
    const log = await site.process(
      "orders/create",
      orderOf(1, { billing_address: address, shipping_address: address }),
    );
    expect([log["status"], log["message"]]).toEqual([
      "Error",
      expect.stringContaining("Could not find Country: Czechia"),
    ]);
  } finally {
    await site.close();
  }
});
