import { join } from "node:path";

import { environmentToken } from "../../../clients/cloudflare-token";
import { progressTo } from "../../../tools/progress";
import * as adopting from "../adopt/adopt";
import { cloudsOf } from "../adopt/clouds";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { openWorkspace, readStack, type StackState } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";
import type { Gatherers } from "./fact-cache";
import { gatherers } from "./gather";

/** Where a customer's facts come from; every secret is hidden from the terminal as soon as it is known. */
export function gatherersOf(slug: string, terminal: Terminal): Gatherers {
  const directory = join(PROJECT_DIRECTORY, "customers");
  const readState = async () => {
    const state = await readStack({ slug, directory: PROJECT_DIRECTORY }, progressTo(process.stderr));
    state?.secretKeys.forEach((key) => {
      terminal.hide(state.config[key]);
    });
    const token = state?.partialOutputs["accessClientSecret"];
    terminal.hide(typeof token === "string" ? token : undefined);
    terminal.hide(environmentToken());
    return state;
  };
  const lookForUnfinished = async (config: StackState["config"], isWhole: boolean) => {
    const workspace = await openWorkspace(PROJECT_DIRECTORY, progressTo(process.stderr));
    const asked = { slug, clouds: cloudsOf(config) };
    const seen = await adopting.lookForUnfinished(workspace, { ...asked, planned: !isWhole });
    return { seen, adopt: () => adopting.adopt(workspace, asked, seen) };
  };
  return gatherers({ slug, directory, readState, lookForUnfinished, now: () => new Date() });
}
