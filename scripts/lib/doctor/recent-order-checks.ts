import { gatewayFault, taxFault } from "../recent-orders";
import { check, type Facts } from "./check";
import { ok, skipped, warn, type Finding } from "./finding";

type Judged = Pick<Facts, "recentOrders" | "customer">;

export function judgeTaxes({ recentOrders, customer }: Judged): Finding {
  if (recentOrders.taxes.length === 0) return skipped("no recent order has a tax");
  const fault = taxFault(customer.accounting, recentOrders);
  return fault === undefined ? ok("every tax of recent orders has an account") : warn(fault.saw, fault.next);
}

export function judgeGateways({ recentOrders, customer }: Judged): Finding {
  const { gateways } = recentOrders;
  if (gateways.length === 0) return skipped("no recent order was paid");
  const fault = gatewayFault(customer.accounting, recentOrders);
  return fault === undefined ? ok(gateways.join(", ")) : warn(fault.saw, fault.next);
}

export const RECENT_ORDER_CHECKS = [
  check({
    id: "taxes",
    group: "Shopify",
    title: "every tax that the shop charges has an account",
    looksAt: "tax titles and rates of the 100 newest orders",
    why: "Totals are right whichever account a tax is booked to, and the VAT return is not.",
    from: ["recentOrders", "customer"],
    judge: judgeTaxes,
  }),
  check({
    id: "gateways",
    group: "Shopify",
    title: "every gateway's money is booked where it arrives",
    looksAt: "payment gateways of the 100 newest orders",
    why: "What PayPal or a gift card paid stands in the bank account otherwise, which its statement never has.",
    from: ["recentOrders", "customer"],
    judge: judgeGateways,
  }),
];
