import { positive } from "./options";

test.each(["0", "-1", "1.5", "many", ""])('"%s" is no number', (value) => {
  expect(() => positive(value)).toThrow("write a whole number from 1");
});

test("a number is taken as it is", () => {
  expect(positive("12")).toBe(12);
});
