import fc from "fast-check";

import { differingFields, isMasked, isSame, observedValues, secretDigest } from "./frappe-values";

describe("isSame", () => {
  test.each<[unknown, unknown]>([
    [true, 1],
    [false, 0],
    [false, undefined],
    [null, ""],
    ["", undefined],
    [0, null],
    [1, "1"],
    ["1", 1],
    [12.5, "12.50"],
    [0.1 + 0.2, 0.3],
    ["2026-01-01", "2026-01-01 00:00:00"],
    ["2026-01-01 10:00:00", "2026-01-01 10:00:00.000000"],
    [[], []],
    [[], undefined],
    [[{ method: "orders/create" }], [{ method: "orders/create", name: "x", idx: 1, parent: "Shopify Setting" }]],
    [[{ tax_description: "" }], [{ shopify_tax: "VAT" }]],
  ])("%j is kept as %j", (wanted, live) => {
    expect(isSame(wanted, live)).toBe(true);
  });

  test.each<[unknown, unknown]>([
    [true, 0],
    [1, undefined],
    [0, 1],
    ["0", ""],
    ["a", "b"],
    ["a", undefined],
    ["1.0", "1"],
    [1, "one"],
    ["2026-01-01", "2026-01-02"],
    ["2026-01-01", "2026-01-01 00:00:01"],
    [[], [{ a: 1 }]],
    [[{ a: 1 }], []],
    [
      [{ a: 1 }, { a: 2 }],
      [{ a: 2 }, { a: 1 }],
    ],
    [[{ a: 1 }], "text"],
  ])("%j is not kept by %j", (wanted, live) => {
    expect(isSame(wanted, live)).toBe(false);
  });

  test("any scalar is the same as itself", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), (value) =>
        isSame(value, value),
      ),
    );
  });
});

test("differingFields names the managed fields only", () => {
  expect(differingFields({ a: 1, b: "x", c: [] }, { a: 1, b: "y", d: 5 })).toEqual(["b"]);
});

describe("observedValues", () => {
  test("keeps the known notation of what is the same and shows the rest as it is", () => {
    const known = { enabled: true, warehouse: "Stores - A", gone: "x", rows: [{ a: 1 }], odd: "x" };
    const live = {
      enabled: 1,
      warehouse: "Other - A",
      rows: [
        { a: 1, idx: 1 },
        { a: 2, idx: 2, b: 3 },
      ],
      odd: { json: 1 },
      more: 1,
    };
    expect(observedValues(known, live)).toEqual({
      enabled: true,
      warehouse: "Other - A",
      gone: null,
      rows: [{ a: 1 }, { a: 2 }],
      odd: '{"json":1}',
    });
  });

  test("what is observed is the same as what is there", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const fields = fc.dictionary(fc.stringMatching(/^field_[a-e]$/), value);
    fc.assert(
      fc.property(fields, fields, (known, live) => {
        expect(differingFields(observedValues(known, live), live)).toEqual([]);
      }),
    );
  });
});

test("a secret has another digest in every field, and none when it is empty", () => {
  const place = { doctype: "Shopify Setting", documentName: "Shopify Setting", field: "password" };
  const digest = secretDigest(place, "shpat_canary");
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(secretDigest(place, "shpat_canary")).toBe(digest);
  expect(secretDigest({ ...place, field: "shared_secret" }, "shpat_canary")).not.toBe(digest);
  expect(secretDigest(place, "shpat_other")).not.toBe(digest);
  expect([secretDigest(place, ""), secretDigest(place, undefined), secretDigest(place, null)]).toEqual(["", "", ""]);
});

test("asterisks alone are a masked password", () => {
  expect([isMasked("*****"), isMasked(""), isMasked("a***"), isMasked(undefined)]).toEqual([true, false, false, false]);
});
