import { BOOKS_EVENTS } from "../core/connector";
import { shown } from "./refusal";
import { holdsBooksApp, knownReleases, readRelease } from "./release";
import type { CustomerFields } from "./schema";
import type { Report, Rule } from "./rules";

/** Each title with each rate once; a row without a rate stands for every other rate of its title. */
const taxesOnce: Rule = {
  needs: [["accounting", "taxAccounts"]],
  check: ({ accounting: { taxAccounts } }, report) => {
    const key = ({ shopifyTax, rate }: (typeof taxAccounts)[number]): string => `${shopifyTax} ${rate ?? "any"}`;
    for (const [index, tax] of taxAccounts.entries()) {
      if (taxAccounts.findIndex((other) => key(other) === key(tax)) === index) continue;
      const which = tax.rate === undefined ? "" : ` with "rate" ${tax.rate}`;
      report(
        ["accounting", "taxAccounts", index, "shopifyTax"],
        `"accounting.taxAccounts[${index}].shopifyTax" is ${shown(tax.shopifyTax)}${which}, which stands in the list already: give each Shopify tax title, or title and rate, one account, for example { shopifyTax: "VAT", rate: 7, account: "VAT 7 % - DSG" }`,
      );
    }
  },
};

const gatewaysOnce: Rule = {
  needs: [["accounting", "paymentAccounts"]],
  check: ({ accounting: { paymentAccounts } }, report) => {
    for (const [index, { gateway }] of paymentAccounts.entries()) {
      if (paymentAccounts.findIndex((other) => other.gateway === gateway) === index) continue;
      report(
        ["accounting", "paymentAccounts", index, "gateway"],
        `"accounting.paymentAccounts[${index}].gateway" is ${shown(gateway)}, which stands in the list already: give each gateway one account, for example "paypal"`,
      );
    }
  },
};

/** What only our app does would be promised and not done. */
const needsApp: Rule = {
  needs: [["erpnext", "booksApp"], ["erpnext", "ordersAtOnce"], ["accounting"], ["sync"], ["shopify", "topics"]],
  check: (customer, report) => {
    if (customer.erpnext.booksApp) return;
    for (const path of asksForApp(customer)) refuseWithoutApp(path, report);
  },
};

function asksForApp({ accounting, erpnext, sync, shopify }: CustomerFields): readonly (readonly PropertyKey[])[] {
  const accounts = (["incomeAccount", "giftCardAccount", "tipAccount", "dutiesAccount", "feesAccount"] as const).filter(
    (field) => accounting[field] !== undefined,
  );
  const rated = accounting.taxAccounts.flatMap(({ rate }, index) => (rate === undefined ? [] : [index]));
  const topics = shopify.topics.flatMap((topic, index) =>
    BOOKS_EVENTS.some((event) => event === topic) ? [index] : [],
  );
  return [
    ...accounts.map((field) => ["accounting", field]),
    ...(accounting.paymentAccounts.length > 0 ? [["accounting", "paymentAccounts"]] : []),
    ...rated.map((index) => ["accounting", "taxAccounts", index, "rate"]),
    ...(sync.refunds === "submit" ? [["sync", "refunds"]] : []),
    ...(sync.unmappedTaxes === "refuse" ? [["sync", "unmappedTaxes"]] : []),
    ...(sync.testOrders === undefined ? [] : [["sync", "testOrders"]]),
    ...(sync.partialPayments ? [["sync", "partialPayments"]] : []),
    // The connector by itself alters customers that it knows: two orders at once would meet there.
    ...((erpnext.ordersAtOnce ?? 1) > 1 ? [["erpnext", "ordersAtOnce"]] : []),
    ...topics.map((index) => ["shopify", "topics", index]),
  ];
}

function refuseWithoutApp(path: readonly PropertyKey[], report: Report): void {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  report(
    path,
    `"${name.slice(1)}" needs the app shopify_books in the image: remove it, or build an image with the app and write "erpnext.booksApp": true`,
  );
}

/** Without the app on the site "Shopify Books Setting" cannot be saved, and deliveries of its topics end in a 500. */
const appInRelease: Rule = {
  needs: [
    ["erpnext", "booksApp"],
    ["erpnext", "imageTag"],
  ],
  check: ({ erpnext: { booksApp, imageTag } }, report) => {
    if (!booksApp || holds(imageTag) !== false) return;
    const newest = knownReleases().findLast((version) => holds(version) === true);
    const other = newest === undefined ? "make a release with it (./stack release)" : `write imageTag: "${newest}"`;
    report(
      ["erpnext", "booksApp"],
      `"erpnext.booksApp" is true, and images of the release ${shown(imageTag)} do not hold the app shopify_books: ${other}, or remove the line`,
    );
  },
};

/** Undefined for a tag that is no release: what such an image holds is known to who built it. */
function holds(tag: string): boolean | undefined {
  const read = readRelease(tag);
  return read !== undefined && "release" in read ? holdsBooksApp(read.release) : undefined;
}

export const BOOKS_RULES: readonly Rule[] = [taxesOnce, gatewaysOnce, needsApp, appInRelease];
