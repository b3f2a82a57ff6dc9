import { createHash, timingSafeEqual } from "node:crypto";

import { shopifySettingValues } from "../../../components/shared/shopify-setting";
import { ageOf } from "../../../core/verdicts";
import { isUnderWay } from "../backfill/report";
import { check, type Facts } from "./check";
import { bad, ok, skipped, unknown, warn, type Finding } from "./finding";

type Setting = Pick<Facts, "setting" | "customer">;

/** Fields with a check of their own. */
const ELSEWHERE = ["is_old_data_migrated", "enable_shopify"];

export function judgeAutomation({ automationUser, customer }: Pick<Facts, "automationUser" | "customer">): Finding {
  if ("refused" in automationUser) {
    return bad(automationUser.refused, `look at the step "automation-user", then run "pulumi up -s ${customer.slug}"`);
  }
  return ok(`ERPNext knows this project as ${automationUser.user}`);
}

export function judgeEnabled({ setting, customer }: Setting): Finding {
  if (setting["enable_shopify"] === 1) return ok("enable_shopify is 1");
  return bad(
    "enable_shopify is 0",
    `run "pulumi up -s ${customer.slug}": disabling it by hand also deleted the subscriptions`,
  );
}

/** Each field as the intake wants it; Frappe fills in rows of child tables with more than was sent. */
export function judgeValues({ setting, customer }: Setting): Finding {
  const wanted = Object.entries(shopifySettingValues(customer)).filter(([field]) => !ELSEWHERE.includes(field));
  const different = wanted.filter(([field, value]) => !holds(setting[field], value)).map(([field]) => field);
  if (different.length === 0) return ok(`${wanted.length} fields are as the intake file wants them`);
  return bad(
    different.map((field) => `"${field}" is ${shown(setting[field])}`).join("; "),
    `run "pulumi preview --diff -s ${customer.slug}" to see what is wanted, and "pulumi up" to have it`,
  );
}

function holds(actual: unknown, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return (actual ?? "") === wanted;
  const rows: unknown[] = Array.isArray(actual) ? actual : [];
  return rows.length === wanted.length && wanted.every((row, index) => holdsRow(rows[index], row as object));
}

function holdsRow(actual: unknown, wanted: object): boolean {
  return Object.entries(wanted).every(([field, value]) => (actual as Record<string, unknown>)[field] === value);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} rows`;
  return JSON.stringify(value ?? "");
}

/** Frappe reads a password back as asterisks: that one is there is all that is to be seen. */
export function judgeToken({ setting, customer }: Setting): Finding {
  const { password } = setting;
  if (typeof password === "string" && password !== "")
    return ok('field "password" holds a token, which reads back masked');
  const next =
    customer.shopify.app === "custom"
      ? `run "pulumi up -s ${customer.slug}", which writes it`
      : "look at refresh-token.sh on the server (journalctl -u erpnext-refresh-token): it writes one every eight hours";
  return bad('field "password" is empty; a token in any other field is ignored', next);
}

export function judgeConnectorCall({ connectorCall, customer }: Pick<Facts, "connectorCall" | "customer">): Finding {
  if ("products" in connectorCall)
    return ok(`the connector itself counts ${connectorCall.products} products at Shopify`);
  const next =
    customer.shopify.app === "custom"
      ? `set the app's token as "shopifyAdminToken" and run "pulumi up -s ${customer.slug}"`
      : "look at refresh-token.sh on the server (journalctl -u erpnext-refresh-token)";
  return bad(connectorCall.failed, next);
}

/** Compared by digest and in constant time, so that neither value is in anything that could be printed. */
export function judgeSecret({ setting, config, customer }: Setting & Pick<Facts, "config">): Finding {
  const held = setting["shared_secret"];
  const wanted = config["shopifyApiSecret"] ?? "";
  if (wanted === "") return skipped('the stack has no "shopifyApiSecret"');
  if (typeof held !== "string" || held === "") {
    return bad('field "shared_secret" is empty: every delivery ends in a 500', `run "pulumi up -s ${customer.slug}"`);
  }
  if (/^\*+$/.test(held)) return unknown('field "shared_secret" reads back masked');
  if (timingSafeEqual(digest(held), digest(wanted))) return judgeRotation(config, customer.slug);
  return bad(
    '"shared_secret" is not the stack\'s secret',
    `run "pulumi up -s ${customer.slug}", after "pulumi refresh" where it was changed by hand`,
  );
}

/** Shopify signs with the older of two secrets until it is revoked, and up to an hour longer; the server takes both meanwhile. */
function judgeRotation({ shopifyApiSecret, shopifyApiSecretPrevious = "" }: Facts["config"], slug: string): Finding {
  const saw = '"shared_secret" is the stack\'s secret (compared by digest)';
  if (shopifyApiSecretPrevious === "") return ok(saw);
  const remove = `run "pulumi config rm shopifyApiSecretPrevious -s ${slug}" and "pulumi up -s ${slug}"`;
  if (shopifyApiSecretPrevious === shopifyApiSecret) {
    return warn(
      `${saw}; "shopifyApiSecretPrevious" is the same secret, so deliveries signed with the old one are refused`,
      `set the app's old secret there, or ${remove}`,
    );
  }
  return warn(
    `${saw}; a rotation is under way: deliveries signed with "shopifyApiSecretPrevious" are taken too`,
    `revoke the old secret in the app's settings at Shopify, wait an hour, then ${remove}`,
  );
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export function judgeMigrated({ setting, customer }: Setting): Finding {
  if (setting["is_old_data_migrated"] === 1) return ok("is_old_data_migrated is 1");
  return bad(
    "is_old_data_migrated is 0",
    `run "./stack doctor ${customer.slug} --fix", or "pulumi up -s ${customer.slug}"`,
  );
}

/** An hourly job that did not begin for so long is not late but not run (milliseconds). */
const HOURLY_LOST_MS = 3 * 60 * 60 * 1000;

type Hourly = Pick<Facts, "historyEvent" | "scheduler" | "health" | "customer" | "now">;

export function judgeHourly({ historyEvent, scheduler, health, customer, now }: Hourly): Finding {
  if (!historyEvent.stopped) return judgeScheduled({ historyEvent, scheduler, customer, now });
  if (health.kind === "silent")
    return unknown("the event is stopped, and the server does not say whether a backfill runs");
  const { backfill } = health.report;
  if (isUnderWay(backfill)) return ok(`the hourly event rests while a backfill is ${backfill.state}`);
  return warn(
    "the hourly event is stopped although no backfill is under way",
    `run "./stack doctor ${customer.slug} --fix", which lets it go on`,
  );
}

/** That it is on proves nothing while the scheduler itself rests. */
function judgeScheduled({ historyEvent: { ranAt }, scheduler, customer, now }: Omit<Hourly, "health">): Finding {
  if (!scheduler.enabled) {
    return bad(
      "the site's scheduler is off (enable_scheduler of System Settings is 0), so no scheduled job runs",
      `run "pulumi up -s ${customer.slug}"; where that changes nothing, set it in ERPNext (System Settings)`,
    );
  }
  if (ranAt === undefined) return ok("the hourly event is on, and was not due yet");
  const age = ageOf(ranAt, now);
  if (age <= HOURLY_LOST_MS) return ok(`the hourly event began last at ${ranAt}`);
  return warn(
    `the hourly event is on and began last at ${ranAt}`,
    "look at docker compose logs scheduler queue-long on the server: nothing scheduled may run",
  );
}

export const SETTING_CHECKS = [
  check({
    id: "automation-user",
    group: "ERPNext",
    title: "ERPNext lets this project in",
    looksAt: "the automation user's API key",
    why: "Every setting is written and read as this user.",
    from: ["automationUser", "customer"],
    judge: judgeAutomation,
  }),
  check({
    id: "connector-enabled",
    group: "ERPNext",
    title: "the connector is enabled",
    looksAt: "Shopify Setting, enable_shopify",
    why: "Disabled, it has deleted its subscriptions and fetches nothing.",
    from: ["setting", "customer"],
    judge: judgeEnabled,
  }),
  check({
    id: "setting",
    group: "ERPNext",
    title: "Shopify Setting is what the intake wants",
    looksAt: "Shopify Setting, field by field",
    why: "Orders are booked to whatever stands there.",
    from: ["setting", "customer"],
    judge: judgeValues,
  }),
  check({
    id: "password-field",
    group: "ERPNext",
    title: 'the token is in the field "password"',
    looksAt: "Shopify Setting, password",
    why: "The connector reads no other field; without it its calls end in 401.",
    from: ["setting", "customer"],
    judge: judgeToken,
  }),
  check({
    id: "connector-token",
    group: "ERPNext",
    title: "the connector's own token works",
    looksAt: "a call that the connector makes to Shopify (get_product_count)",
    why: "A token that has ended stops catalog and history while webhooks go on, and no one notices.",
    from: ["connectorCall", "customer"],
    judge: judgeConnectorCall,
  }),
  check({
    id: "shared-secret",
    group: "ERPNext",
    title: "ERPNext has the stack's secret",
    looksAt: "Shopify Setting, shared_secret, by digest",
    why: "With another secret every delivery is answered 500, with no trace in ERPNext.",
    from: ["setting", "config", "customer"],
    judge: judgeSecret,
  }),
  check({
    id: "old-data-migrated",
    group: "ERPNext",
    title: "the old connector's migration is off",
    looksAt: "Shopify Setting, is_old_data_migrated",
    why: "At 0, every save queues a migration that loops and jams the workers.",
    from: ["setting", "customer"],
    judge: judgeMigrated,
  }),
  check({
    id: "hourly-history",
    group: "ERPNext",
    title: "the hourly pull of history is on",
    looksAt: "Scheduled Job Type of sync_old_orders, when it began last, and the site's scheduler",
    why: "A backfill pauses it; forgotten, nothing is pulled any more.",
    from: ["historyEvent", "scheduler", "health", "customer", "now"],
    judge: judgeHourly,
  }),
];
