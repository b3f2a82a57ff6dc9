import fc from "fast-check";

import { amountOf, decimalOf } from "./amount";

test.each([
  ["24.8", "24.80"],
  ["0.1", "0.10"],
  ["-0.125", "-0.125"],
  ["12", "12.00"],
  ["1234567.89", "1234567.89"],
  ["9007199254740993.01", "9007199254740993.01"],
  ["44.690000000", "44.69"],
  ["1e-7", "0.00"],
  ["5e-7", "0.000001"],
  ["-1.5e+3", "-1500.00"],
  ["1e+21", "1000000000000000000000.00"],
  ["0.0000005", "0.000001"],
  ["-0.00", "0.00"],
])("%s is %s", (decimal, written) => {
  expect(decimalOf(amountOf(decimal))).toBe(written);
});

test.each(["", "12,50", "NaN", "null", "1.2.3", " 1"])("refuses %j", (text) => {
  expect(() => amountOf(text)).toThrow(`"${text}" is not a decimal amount`);
});

test("every amount is read exactly, however it is written", () => {
  const digits = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 18n }));
  fc.assert(
    fc.property(digits, ([isNegative, millionths]) => {
      const text = `${isNegative ? "-" : ""}${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, "0")}`;
      expect(amountOf(text)).toBe(isNegative ? -millionths : millionths);
    }),
    { numRuns: 5_000 },
  );
});

test("cents add up exactly, as many as there are", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (cents) => {
      const sum = cents.reduce((total, cent) => total + amountOf((cent / 100).toFixed(2)), 0n);
      expect(sum).toBe(BigInt(cents.reduce((total, cent) => total + cent, 0)) * 10_000n);
    }),
  );
});
