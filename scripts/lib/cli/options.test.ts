import { positive, positiveUpTo } from "./options";

test.each(["0", "-1", "1.5", "many", ""])('"%s" is no number', (value) => {
  expect(() => positive(value)).toThrow("write a whole number from 1");
});

test("a number is taken as it is", () => {
  expect(positive("12")).toBe(12);
});

test.each(["0", "541", "1.5", "many", ""])('"%s" is no number from 1 to 540', (value) => {
  expect(() => positiveUpTo(540)(value)).toThrow("write a whole number from 1 to 540");
});

test.each(["1", "540"])("%s is a number from 1 to 540", (value) => {
  expect(positiveUpTo(540)(value)).toBe(Number(value));
});
