import { CURRENT_APP } from "../../../clients/shopify-operations";
import { UserError } from "../../../core/user-error";
import { VISIBLE_DAYS } from "../../../core/shopify-access";
import type { OpenCustomer } from "../cli/open-customer";
import { refuseWrongShop } from "../cli/open-customer";
import { stillness, type HealthReport } from "../server-readiness";
import { observe } from "../server-watch";

/** States of a patch in which the connector behaves as it should (image/patch_connector.py). */
const THERE = new Set(["applied", "already-applied", "upstream"]);

/** @throws UserError when the server says nothing of itself */
export async function lookAtServer({ health, customer }: OpenCustomer): Promise<HealthReport> {
  const seen = await observe(health);
  if (seen.kind === "report") return seen.report;
  throw new UserError({
    what: `the server does not report its state (${seen.reason})`,
    customer: customer.slug,
    next: `run "pulumi up -s ${customer.slug}", which waits for it`,
  });
}

/** Whether the shop is the stack's, and its app sees all orders. @throws UserError, ShopifyError */
export async function refuseBlindness(open: OpenCustomer, visibleOnly: boolean): Promise<void> {
  await refuseWrongShop(open);
  const { currentAppInstallation } = await open.shopify.query(CURRENT_APP, {});
  const seesAll = currentAppInstallation.accessScopes.some(({ handle }) => handle === "read_all_orders");
  if (seesAll || visibleOnly) return;
  throw new UserError({
    what: `the app "${currentAppInstallation.app.title}" lacks the scope "read_all_orders": Shopify would show the orders of the last ${VISIBLE_DAYS} days and say nothing of the others`,
    customer: open.customer.slug,
    next: `grant it and install the app again, or say --last-${VISIBLE_DAYS}-days if those are enough`,
  });
}

/** @throws UserError when the server is not well, or its image is not patched */
export function refuseUnready(report: HealthReport, customer: string): void {
  if (report.state !== "ready") {
    throw new UserError({
      what: report.state === "stale" ? stillness(report) : `the server is ${report.state}`,
      customer,
      next: `run "pulumi up -s ${customer}" and begin when it is ready`,
    });
  }
  const { patches } = report.facts ?? {};
  if (patches === undefined || patches.length === 0) {
    throw new UserError({
      what: "the server has not said whether its image has the connector's patches",
      customer,
      next: "try again in a minute; if it stays so, the image was not built by this project",
    });
  }
  const missing = patches.filter(({ state }) => !THERE.has(state)).map(({ id, state }) => `"${id}" is ${state}`);
  if (missing.length === 0) return;
  throw new UserError({
    what: `of the connector's patches ${missing.join(", ")}: without them most of the history is left out, or one bad order ends it`,
    customer,
    next: `give "erpnext.imageTag" a new value and run "pulumi up -s ${customer}", which builds the image with its patches`,
  });
}
