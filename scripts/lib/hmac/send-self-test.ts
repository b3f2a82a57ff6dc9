import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { parseJson, type HttpAnswer } from "../../../clients/http";
import type { OpenCustomer } from "../cli/open-customer";
import { deliver } from "../signed-delivery";
import { SELF_TEST_TOPIC, selfTestBody, type DoorAnswer, type SelfTest } from "./self-test";

type Target = Pick<OpenCustomer, "customer" | "webhookDoor" | "shopifyApiSecret" | "frappe">;

/** Two deliveries through the public door that change nothing, one of them with a made-up secret. @throws ConnectionError */
export async function sendSelfTest(target: Target): Promise<SelfTest> {
  const { shopifyApiSecret } = target;
  const right = await deliverOwn(target, shopifyApiSecret);
  const wrong = await deliverOwn(target, randomBytes(32).toString("hex"));
  return { right, wrong, holdsSecret: await holdsSecret(target) };
}

async function deliverOwn({ customer, webhookDoor }: Target, secret: string): Promise<DoorAnswer> {
  const body = selfTestBody(randomBytes(8).toString("hex"));
  const { shopDomain } = customer.shopify;
  const answer = await deliver(webhookDoor, { topic: SELF_TEST_TOPIC, body, secret, shopDomain });
  return { status: answer.status, exception: exceptionOf(answer) };
}

/** Frappe names the class in `exc_type`, or before the colon of `exception`. */
function exceptionOf({ text }: HttpAnswer): string {
  const body = parseJson(text) as { exc_type?: unknown; exception?: unknown } | undefined | null;
  if (typeof body?.exc_type === "string") return body.exc_type;
  return typeof body?.exception === "string" ? (/^[\w.]+/.exec(body.exception)?.[0].split(".").at(-1) ?? "") : "";
}

/** Compared by digest; undefined where ERPNext does not answer or shows the field masked. */
async function holdsSecret({ frappe, shopifyApiSecret }: Target): Promise<boolean | undefined> {
  const setting = await frappe.get("Shopify Setting", "Shopify Setting").catch(() => undefined);
  const held = setting?.["shared_secret"];
  if (typeof held !== "string" || /^\*+$/.test(held)) return undefined;
  return timingSafeEqual(digest(held), digest(shopifyApiSecret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
