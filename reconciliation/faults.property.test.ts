import fc from "fast-check";

import { differencesOf } from "./differences";
import { moneyOf } from "./order-money";
import { MoneyCounter, isAgreed } from "./month-money";
import { anyConsistent, FAULTS, type Pairing } from "./testing/consistent";

const WANTED = { salesInvoices: true, deliveryNotes: true };

function found({ shopify, erpnext }: Pairing): readonly string[] {
  return differencesOf(shopify, erpnext, WANTED).map(({ difference }) => difference);
}

test("an order that is booked as it has to be is in order, and its money agrees", () => {
  fc.assert(
    fc.property(anyConsistent, (pairing) => {
      expect(found(pairing)).toEqual([]);
      const counter = new MoneyCounter();
      counter.add(moneyOf(pairing.shopify, pairing.erpnext, WANTED), false);
      expect(isAgreed(counter.sums())).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each(Object.entries(FAULTS))("%s is found, and nothing else", (_what, { finds, make }) => {
  let made = 0;
  fc.assert(
    fc.property(anyConsistent, (pairing) => {
      const faulty = make(pairing);
      if (faulty === undefined) return;
      made += 1;
      expect(found(faulty)).toEqual([finds]);
    }),
    { numRuns: 500 },
  );
  expect(made).toBeGreaterThan(10);
});
