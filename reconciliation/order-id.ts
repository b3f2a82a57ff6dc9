/** Shopify's ids are 64-bit numbers, which a JavaScript number does not hold exactly, so they stay text. */
const ORDER_ID = /^[1-9]\d*$/;

/** Whether a text is an id as Shopify writes it: ERPNext's field takes any text. */
export function isOrderId(text: string): boolean {
  return ORDER_ID.test(text);
}

/** Compares two ids as numbers: with the same number of digits text and number sort alike. */
export function compareOrderIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
