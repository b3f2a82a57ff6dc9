import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { join } from "node:path";

import { Config } from "@pulumi/pulumi/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/runtime/settings";

import { UserError } from "../core/user-error";
import { apisAnswer } from "./apis-answer";
import { readConsole } from "./console-sources";
import { readCustomer } from "./customer";
import { readEndpoints } from "./endpoints";
import { readSecrets } from "./secrets";
import { checkShopifyApp } from "./shopify-app";

/**
 * Pulumi Cloud shows the output "readme" as the stack's page and replaces ${outputs.…} in it
 * (https://www.pulumi.com/dev/examples/stack-readme-ts/).
 */
const README = join(__dirname, "../Pulumi.README.md");

/** From the stack's name to its outputs. What is wrong with the customer's answers becomes one message without a trace. */
export async function customerProgram(): Promise<Record<string, unknown>> {
  try {
    const config = new Config();
    const cloudflare = new Config("cloudflare");
    const customer = readCustomer(getStack(), join(__dirname, "../customers"));
    const secrets = readSecrets(customer, config, cloudflare);
    const endpoints = readEndpoints(customer, config);
    const shopifyApp = checkShopifyApp(customer, endpoints);
    // Pulumi's dynamic provider takes half a second to start: it does so while the cloud packages are loaded.
    await turn();
    const [{ buildCustomer }, { makeProviders }, consoleSources] = await Promise.all([
      import("./customer-stack"),
      import("./providers"),
      readConsole(join(__dirname, "../console")),
    ]);
    const providers = makeProviders(customer, secrets, cloudflare);
    const answer = apisAnswer(customer);
    const made = { customer, secrets, endpoints, shopifyApp, consoleSources, providers, apisAnswer: answer };
    return { ...buildCustomer(made), readme: readFileSync(README, "utf8") };
  } catch (error) {
    throw error instanceof UserError ? new RunError(error.message) : error;
  }
}
