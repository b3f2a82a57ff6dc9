import { resolve4, resolve6 } from "node:dns/promises";
import { connect } from "node:net";

import { header, type HttpAnswer } from "../../../clients/http";
import { send } from "../../../clients/node-http";
import { HEALTH_PATH, webhookUrl } from "../../../core/connector";
import { healthDoorOf, hookDoorOf, reached, type Door } from "../cli/open-customer";
import { observe } from "../server-watch";
import { CLOSED } from "./door-checks";
import type { Answer, CommandAnswer, DoorFacts, LoginPage } from "./door-facts";
import type { Ask, Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { readCertificate } from "./read-certificate";

/** Seconds for one look. */
const LIMIT = 15;
const REQUEST_MS = 8_000;

/** Seconds after which a port that says nothing counts as closed: the firewall drops what it does not let in. */
const PORT_LIMIT = 4;

/** What containers and the machine listen at, behind the firewall: SSH, MariaDB, Redis, gunicorn, socket.io and the frontend. */
const CLOSED_PORTS = [22, 3306, 6379, 8000, 8080, 9000] as const;

export function doorGatherers(): Pick<Gatherers, keyof DoorFacts> {
  return {
    hookAddresses: async (ask, probe) => {
      const { hosts } = await ask("customer");
      await reachedByName(ask);
      return probe(LIMIT, () => addressesOf(hosts.hook));
    },
    certificate: async (ask, probe) => {
      const hook = await hookDoor(ask);
      return probe(LIMIT, () => readCertificate(hook, REQUEST_MS));
    },
    hookAnswers: async (ask, probe) => {
      const hook = await hookDoor(ask);
      const answers = CLOSED.map(async (request) => {
        const [method = "", path = ""] = request.split(" ");
        const answer = await probe(LIMIT, () => fetchPath({ hook, method: method as "GET" | "POST", path }));
        return [request, answer.status] as const;
      });
      return Object.fromEntries(await Promise.all(answers));
    },
    hookCommands: async (ask, probe) => {
      const hook = await hookDoor(ask);
      return Promise.all(COMMANDS.map((command) => probe(LIMIT, () => sendCommand(hook, command))));
    },
    hookRedirect: async (ask, probe) => {
      const { hosts } = await ask("customer");
      await reachedByName(ask);
      const url = new URL(`http://${hosts.hook}${HEALTH_PATH}`);
      return probe(LIMIT, async () => answerOf(await get(url)));
    },
    openPorts: async (ask, probe) => {
      await reachedByName(ask);
      const { serverAddress } = await ask("outputs");
      if (serverAddress === undefined) throw new NotKnown("skipped", "the stack has no server yet");
      return probe(LIMIT, () => openPortsOf(serverAddress));
    },
    uiWithout: async (ask, probe) => {
      const ui = await uiDoor(ask);
      return probe(LIMIT, async () => answerOf(await get(ui.url, ui.host)));
    },
    uiWith: async (ask, probe) => {
      const [ui, token] = [await uiDoor(ask), await serviceToken(ask)];
      return probe(LIMIT, async () => {
        const answer = await get(ui.url, ui.host, token);
        return { ...answerOf(answer), isPong: answer.text.includes("pong") };
      });
    },
    loginPage: async (ask, probe) => {
      const { status } = await ask("uiWith");
      if (status !== 200) throw new NotKnown("skipped", `the pages answer HTTP ${status}`);
      const [ui, token] = [await uiDoor(ask), await serviceToken(ask)];
      return probe(2 * LIMIT, () => lookAtLogin((path) => get(new URL(path, ui.url), ui.host, token)));
    },
    health: async (ask, probe) => {
      const [customer, config] = [await ask("customer"), await ask("config")];
      return probe(LIMIT, () => observe(healthDoorOf(customer, config)));
    },
  };
}

/** The hook host, if it is there at all: without it every look would say the same thing once more. */
async function hookDoor(ask: Ask): Promise<Door> {
  const [customer, config] = [await ask("customer"), await ask("config")];
  const health = await ask("health");
  if (health.kind === "silent" && !health.reason.startsWith("HTTP ")) {
    throw new NotKnown("skipped", `${customer.hosts.hook} does not answer`);
  }
  return hookDoorOf(customer, webhookUrl(customer.hosts.hook), config["hookUrl"]);
}

async function uiDoor(ask: Ask): Promise<Pick<Door, "url" | "host">> {
  const [{ hosts }, config, state] = [await ask("customer"), await ask("config"), await ask("stackState")];
  if (Object.keys(state?.partialOutputs ?? {}).length === 0) throw new NotKnown("skipped", "the stack is not up");
  return reached(`https://${hosts.ui}/api/method/ping`, config["frappeApiUrl"]);
}

async function serviceToken(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const { accessClientId, accessClientSecret } = await ask("outputs");
  if (accessClientId === undefined || accessClientSecret === undefined) {
    throw new NotKnown("skipped", "the stack has no Access service token yet");
  }
  return { "CF-Access-Client-Id": accessClientId, "CF-Access-Client-Secret": accessClientSecret };
}

/** The page as host/stack.sh looks at it after a migration (`site_has_style`). */
async function lookAtLogin(read: (path: string) => Promise<HttpAnswer>): Promise<LoginPage> {
  const { status, text } = await read("/login");
  const link = text.match(/<link[^>]*>/g)?.find((one) => one.includes('rel="stylesheet"')) ?? "";
  const [, path] = /href="(\/[^"]*)"/.exec(link) ?? [];
  return { status, sheet: path === undefined ? undefined : { path, status: (await read(path)).status } };
}

/** What is about the real name and address cannot be seen where the configuration leads past them. */
async function reachedByName(ask: Ask): Promise<void> {
  const config = await ask("config");
  if (config["hookUrl"] !== undefined) {
    throw new NotKnown("skipped", '"hookUrl" is set, so the hook host is not reached by its name');
  }
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await Promise.all([resolve4(host).catch(noSuchName), resolve6(host).catch(noSuchName)]);
  return found.flat();
}

/** No such name, or none of this family; anything else is a resolver that does not work. */
function noSuchName(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOTFOUND" || error.code === "ENODATA") return [];
  throw error;
}

/** Frappe runs what `cmd` names, in any body that it parses, before it looks at the path (frappe/app.py). */
const COMMANDS = [
  { sent: "JSON", type: "application/json", body: '{"cmd":"ping"}' },
  { sent: "form", type: "application/x-www-form-urlencoded", body: "cmd=ping" },
  {
    sent: "multipart",
    type: "multipart/form-data; boundary=doctor",
    body: '--doctor\r\nContent-Disposition: form-data; name="cmd"\r\n\r\nping\r\n--doctor--\r\n',
  },
] as const;

async function sendCommand(hook: Door, { sent, type, body }: (typeof COMMANDS)[number]): Promise<CommandAnswer> {
  const headers = { "Content-Type": type };
  const { status, text } = await send({ method: "POST", ...hook, headers, body, timeoutMs: REQUEST_MS });
  return { sent, status, isPong: text.includes("pong") };
}

interface Path {
  readonly hook: Door;
  readonly method: "GET" | "POST";
  readonly path: string;
}

async function fetchPath({ hook, method, path }: Path): Promise<HttpAnswer> {
  const request = { method, ...hook, url: new URL(path, hook.url), headers: {}, timeoutMs: REQUEST_MS };
  return send(method === "POST" ? { ...request, body: "{}" } : request);
}

async function get(url: URL, host?: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  return send({ method: "GET", url, headers, timeoutMs: REQUEST_MS, ...(host === undefined ? {} : { host }) });
}

function answerOf({ status, headers }: HttpAnswer): Answer {
  return { status, location: header(headers, "location") };
}

async function openPortsOf(address: string): Promise<readonly number[]> {
  const states = await Promise.all(CLOSED_PORTS.map((port) => isOpen(address, port)));
  return CLOSED_PORTS.filter((_port, index) => states[index]);
}

function isOpen(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: PORT_LIMIT * 1000 });
    const end = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => {
      end(true);
    });
    socket.once("timeout", () => {
      end(false);
    });
    socket.once("error", () => {
      end(false);
    });
  });
}
