import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { parseJson, type HttpAnswer } from "../../../clients/http";
import { send } from "../../../clients/node-http";
import type { OpenCustomer } from "../cli/open-customer";
import { SELF_TEST_TOPIC, selfTestBody, type DoorAnswer, type SelfTest } from "./self-test";
import { sign } from "./signature";

/** Shopify waits five seconds; this waits a little longer, to see what comes (milliseconds). */
const TIMEOUT_MS = 10_000;

type Target = Pick<OpenCustomer, "customer" | "webhookDoor" | "shopifyApiSecret" | "frappe">;

/** Two deliveries through the public door that change nothing, one of them with a made-up secret. @throws ConnectionError */
export async function sendSelfTest(target: Target): Promise<SelfTest> {
  const { shopifyApiSecret } = target;
  const right = await deliver(target, shopifyApiSecret);
  const wrong = await deliver(target, randomBytes(32).toString("hex"));
  return { right, wrong, holdsSecret: await holdsSecret(target) };
}

async function deliver({ customer, webhookDoor }: Target, secret: string): Promise<DoorAnswer> {
  const nonce = randomBytes(8).toString("hex");
  const body = selfTestBody(nonce);
  const answer = await send({
    method: "POST",
    ...webhookDoor,
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": SELF_TEST_TOPIC,
      "X-Shopify-Hmac-Sha256": sign(Buffer.from(body), secret),
      "X-Shopify-Shop-Domain": customer.shopify.shopDomain,
      "X-Shopify-Webhook-Id": `self-test-${nonce}`,
    },
    body,
    timeoutMs: TIMEOUT_MS,
  });
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
