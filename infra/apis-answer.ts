import { RunError } from "@pulumi/pulumi/errors";
import * as log from "@pulumi/pulumi/log";
import { allConfig } from "@pulumi/pulumi/runtime/config";

import { UserError } from "../core/user-error";
import type { Customer } from "../customers/schema";

/**
 * Waits until Google's APIs answer for the customer's project, and warns of rights that the login lacks there. What it needs is loaded
 * by updates alone: a preview waits for nothing.
 */
export function apisAnswer({
  slug,
  gcp: { project },
  shopify: { delivery },
}: Customer): (token: string) => Promise<void> {
  return async (token) => {
    const [{ awaitApis, API_WAIT, rightsWarning }, { PROBED_APIS }, { send }] = await Promise.all([
      import("./await-apis"),
      import("../clients/google-services"),
      import("../clients/node-http"),
    ]);
    const onProgress = (line: string): void => void log.info(line);
    const apis = PROBED_APIS.filter((api) => api !== "pubsub" || delivery === "pubsub");
    const wait = { ...API_WAIT, apis, send, project, token, config: allConfig(), customer: slug, onProgress };
    await awaitApis(wait).catch((error: unknown) => {
      throw error instanceof UserError ? new RunError(error.message) : error;
    });
    const warning = await rightsWarning(wait);
    if (warning !== undefined) void log.warn(warning);
  };
}
