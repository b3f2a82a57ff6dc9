import { BOOKS_CHECKS } from "./books-checks";
import type { Check } from "./check";
import { CONSOLE_CHECKS } from "./console-checks";
import { CUSTOMER_CHECKS } from "./customer-checks";
import { DELIVERY_CHECKS } from "./delivery-checks";
import { DOOR_CHECKS } from "./door-checks";
import { inOrder } from "./examine";
import { MACHINE_CHECKS } from "./machine-checks";
import { ORDER_CHECKS } from "./order-checks";
import { QUEUE_CHECKS } from "./queue-checks";
import { RECENT_ORDER_CHECKS } from "./recent-order-checks";
import { SERVER_CHECKS } from "./server-checks";
import { SETTING_CHECKS } from "./setting-checks";
import { SHOPIFY_CHECKS } from "./shopify-checks";
import { SUBSCRIPTION_CHECKS } from "./subscription-checks";

/** Every check, in the order in which it is printed. */
export const CHECKS: readonly Check[] = inOrder([
  ...CUSTOMER_CHECKS,
  ...SHOPIFY_CHECKS,
  ...RECENT_ORDER_CHECKS,
  ...SUBSCRIPTION_CHECKS,
  ...DOOR_CHECKS,
  ...SERVER_CHECKS,
  ...MACHINE_CHECKS,
  ...DELIVERY_CHECKS,
  ...SETTING_CHECKS,
  ...BOOKS_CHECKS,
  ...QUEUE_CHECKS,
  ...ORDER_CHECKS,
  ...CONSOLE_CHECKS,
]);
