import { D1Client, D1Error, findD1Database, type D1Account } from "../../../clients/cloudflare-d1";
import { environmentToken } from "../../../clients/cloudflare-token";
import { ConnectionError, header, type Patience, type Send } from "../../../clients/http";
import { send } from "../../../clients/node-http";
import { consoleName } from "../../../core/names";
import { reached, type Door } from "../cli/open-customer";
import type { ConsoleAnswer, ConsoleFacts, ConsoleScans } from "./console-facts";
import type { Ask, Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { readConsoleScans, SCANS_QUERY } from "./read-console-scans";

/** Seconds for one look at the host. */
const VISIT_LIMIT = 15;
const VISIT_MS = 8_000;

/** Seconds for the database, and what each of its two requests may spend of it. */
const DATABASE_LIMIT = 30;
const PATIENCE: Patience = { maxWaitMs: 14_000, tries: 3, firstDelayMs: 300 };

/** Characters of an answer that are checked: a refusal is one sentence. */
const LONGEST_TEXT = 1_000;

/** @param visiting sends the one request to the console's host */
export function consoleGatherers(visiting: Send = send): Pick<Gatherers, keyof ConsoleFacts> {
  return {
    consoleWithout: async (ask, probe) => {
      const door = await consoleDoor(ask);
      return probe(VISIT_LIMIT, () => visit(door, visiting));
    },
    consoleScans: async (ask, probe) => {
      await requireConsole(ask);
      const account = await accountOf(ask);
      const { slug } = await ask("customer");
      return probe(DATABASE_LIMIT, () => readDatabase(account, consoleName(slug)));
    },
  };
}

/** @throws NotKnown, which names the permission where the token lacks it */
async function readDatabase(account: D1Account, name: string): Promise<ConsoleScans> {
  try {
    const database = await findD1Database(account, name);
    if (database === undefined) throw new NotKnown("unknown", `the account has no D1 database "${name}"`);
    const rows = await new D1Client({ ...account, databaseId: database.id }).read(SCANS_QUERY);
    return readConsoleScans(rows, database.createdAt);
  } catch (error) {
    if (!(error instanceof D1Error) || error.kind !== "refused") throw error;
    throw new NotKnown("unknown", `${error.what}; to see it, ${error.next}`);
  }
}

/** The stack of an older version has no console, and one that was cut short may have none yet. */
async function requireConsole(ask: Ask): Promise<void> {
  const state = await ask("stackState");
  if (Object.keys(state?.partialOutputs ?? {}).length === 0) throw new NotKnown("skipped", "the stack is not up");
  const { consoleUrl } = await ask("outputs");
  if (consoleUrl === undefined) throw new NotKnown("skipped", "the stack has no Sync Console yet");
}

async function consoleDoor(ask: Ask): Promise<Pick<Door, "url" | "host">> {
  await requireConsole(ask);
  const [{ hosts }, config] = [await ask("customer"), await ask("config")];
  const { edgeUrl, frappeApiUrl } = config;
  if (edgeUrl === undefined && frappeApiUrl !== undefined) {
    throw new NotKnown(
      "skipped",
      '"frappeApiUrl" is set and "edgeUrl" is not, so hosts are not reached by their names',
    );
  }
  if (edgeUrl !== undefined && !URL.canParse(edgeUrl)) {
    throw new NotKnown("unknown", '"edgeUrl" is not an address of the form scheme://host[:port]');
  }
  return reached(`https://${hosts.console}/`, edgeUrl);
}

async function visit(door: Pick<Door, "url" | "host">, visiting: Send): Promise<ConsoleAnswer> {
  try {
    const { status, headers, text } = await visiting({ method: "GET", ...door, headers: {}, timeoutMs: VISIT_MS });
    return { kind: "answered", status, location: header(headers, "location"), text: text.slice(0, LONGEST_TEXT) };
  } catch (error) {
    if (error instanceof ConnectionError && error.message.includes("ENOTFOUND")) return { kind: "no name" };
    throw error;
  }
}

/** The stack's own token, which made the database, or that of the environment, as for an update. */
async function accountOf(ask: Ask): Promise<D1Account> {
  const [{ cloudflare }, config] = [await ask("customer"), await ask("config")];
  const token = config["cloudflare:apiToken"] ?? environmentToken() ?? "";
  if (token === "") {
    throw new NotKnown("unknown", "there is no API token of Cloudflare here; CLOUDFLARE_API_TOKEN gives one");
  }
  const baseUrl = config["cloudflare:baseUrl"];
  return {
    accountId: cloudflare.accountId,
    token,
    send,
    patience: PATIENCE,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}
