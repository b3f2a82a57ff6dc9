import { withheld } from "../server-readiness";
import type { Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { consoleGatherers } from "./gather-console";
import { customerGatherers, type CustomerMeans } from "./gather-customer";
import { doorGatherers } from "./gather-doors";
import { erpnextGatherers } from "./gather-erpnext";
import { shopifyGatherers } from "./gather-shopify";

/** How every fact about a customer is found out. Nothing here changes anything anywhere. */
export function gatherers(means: CustomerMeans): Gatherers {
  return {
    ...customerGatherers(means),
    ...shopifyGatherers(),
    ...doorGatherers(),
    ...erpnextGatherers(),
    ...consoleGatherers(),
    report: async (ask) => {
      const health = await ask("health");
      if (health.kind === "silent") throw new NotKnown("skipped", `the server reports nothing: ${health.reason}`);
      const why = withheld(health.report);
      if (why !== undefined) throw new NotKnown("unknown", why);
      return health.report;
    },
    reported: async (ask) => {
      const { facts } = await ask("report");
      if (facts === undefined) throw new NotKnown("unknown", "the server has not looked at its site yet");
      return facts;
    },
  };
}
