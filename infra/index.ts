import { setImmediate as turn } from "node:timers/promises";
import { join } from "node:path";

import { Config } from "@pulumi/pulumi/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/runtime/settings";

import { UserError } from "../components/shared/user-error";
import { readCustomer } from "./customer";
import { readEndpoints } from "./endpoints";
import { readSecrets } from "./secrets";
import { checkShopifyApp } from "./shopify-app";

// Pulumi takes a stack trace for every promise it makes; with source maps that is a quarter of a preview's time. Errors of
// this project are one sentence; to see where a defect comes from, run with NODE_OPTIONS=--stack-trace-limit=50.
if (!process.execArgv.concat(process.env["NODE_OPTIONS"] ?? "").some((flag) => flag.includes("stack-trace-limit"))) {
  Error.stackTraceLimit = 0;
}

export = async () => {
  try {
    const config = new Config();
    const customer = readCustomer(getStack(), join(__dirname, "../customers"));
    const cloudflare = new Config("cloudflare");
    const secrets = readSecrets(customer, config, cloudflare);
    const endpoints = readEndpoints(customer, config);
    const shopifyApp = checkShopifyApp(customer, endpoints);
    // Pulumi's dynamic provider takes half a second to start: it does so while the cloud packages below are loaded.
    await turn();
    const [{ buildCustomer }, { makeProviders }] = await Promise.all([
      import("./customer-stack"),
      import("./providers"),
    ]);
    return buildCustomer({
      customer,
      secrets,
      endpoints,
      shopifyApp,
      providers: makeProviders(customer, secrets, cloudflare),
    });
  } catch (error) {
    throw error instanceof UserError ? new RunError(error.message) : error;
  }
};
