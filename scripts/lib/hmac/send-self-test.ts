import { randomBytes } from "node:crypto";

import type { OpenCustomer } from "../cli/open-customer";
import { deliver } from "../signed-delivery";
import { SELF_TEST_TOPIC, selfTestBody, type SelfTest } from "./self-test";

type Target = Pick<OpenCustomer, "customer" | "webhookDoor" | "shopifyApiSecret" | "config">;

/** Deliveries through the public door that change nothing, one of them with a made-up secret. @throws ConnectionError */
export async function sendSelfTest(target: Target): Promise<SelfTest> {
  const { shopifyApiSecretPrevious = "" } = target.config;
  return {
    right: await deliverOwn(target, target.shopifyApiSecret),
    previous: shopifyApiSecretPrevious === "" ? undefined : await deliverOwn(target, shopifyApiSecretPrevious),
    wrong: await deliverOwn(target, randomBytes(32).toString("hex")),
  };
}

async function deliverOwn({ customer, webhookDoor }: Target, secret: string): Promise<number> {
  const body = selfTestBody(randomBytes(8).toString("hex"));
  const { shopDomain } = customer.shopify;
  return (await deliver(webhookDoor, { topic: SELF_TEST_TOPIC, body, secret, shopDomain })).status;
}
