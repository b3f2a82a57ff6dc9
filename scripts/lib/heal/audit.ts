import { hostname, userInfo } from "node:os";

import { FrappeError, type FrappeClient } from "../../../clients/frappe";
import type { Terminal } from "../cli/terminal";
import type { Healed } from "./heal-order";

/** The document whose comments tell what was done: the connector's settings, which every site has. */
const SETTING = "Shopify Setting";

/** Who does it: the run of GitHub Actions with the one who started it, else the user and the machine. */
export function actorOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { GITHUB_ACTIONS, GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  if (GITHUB_ACTIONS !== "true") return `${userInfo().username} at ${hostname()}`;
  return `${GITHUB_ACTOR ?? "someone"} in ${GITHUB_SERVER_URL ?? ""}/${GITHUB_REPOSITORY ?? ""}/actions/runs/${GITHUB_RUN_ID ?? ""}`;
}

/**
 * Adds a comment to the connector's settings, which Frappe dates. One that cannot be written is said and stops nothing: what it tells of is
 * done already.
 */
export async function record(site: Pick<FrappeClient, "insert">, terminal: Terminal, what: string): Promise<void> {
  const content = `${what}, by ${actorOf(process.env)}`;
  try {
    // "Info" is what Frappe itself writes into a document's history.
    const about = { comment_type: "Info", reference_doctype: SETTING, reference_name: SETTING };
    await site.insert("Comment", { ...about, content });
  } catch (error) {
    if (!(error instanceof FrappeError)) throw error;
    terminal.say(`ERPNext keeps no record of "${content}": ${error.what}`);
  }
}

/** What was delivered of an order; nothing of one of which nothing was. */
export async function recordHealed(
  site: Pick<FrappeClient, "insert">,
  terminal: Terminal,
  { id, name, delivered, outcome, why }: Healed,
): Promise<void> {
  if (delivered.length === 0) return;
  const end = outcome === "healed" ? "it is whole" : why;
  await record(site, terminal, `Order ${name} (${id}): delivered ${delivered.join(", ")} again; ${end}`);
}
