import { fieldsOf, listOf, textOf, UNKNOWN, type PolicyResource, type Rule } from "./rule";

/** Identity-Aware Proxy forwards SSH from these addresses alone (Google's documentation of TCP forwarding). */
const IAP_RANGE = "35.235.240.0/20";

const SSH_PORT = 22;

/** Protocols of a firewall rule that carry SSH: TCP by name and number, and all of them. */
const SSH_PROTOCOLS = new Set(["tcp", "6", "all"]);

/** Only Identity-Aware Proxy reaches port 22. */
export const NO_PUBLIC_SSH: Rule = {
  name: "no-public-ssh",
  why: "A port 22 that the world reaches is found within hours, and then one leaked key is the whole server.",
  faultOf: ({ type, inputs }) => {
    if (/^gcp:compute\/\w*[fF]irewallPolicy/.test(type)) {
      return `is of type "${type}", which this rule cannot read: write a gcp:compute/firewall:Firewall instead`;
    }
    if (type !== "gcp:compute/firewall:Firewall" || inputs["direction"] === "EGRESS") return undefined;
    if (!(listOf(inputs["allows"]) ?? []).some(opensSsh)) return undefined;
    const from = sources(inputs);
    const others = from.filter((source) => source !== IAP_RANGE);
    if (from.length > 0 && others.length === 0) return undefined;
    const whom = others.length === 0 ? "everyone" : others.map((source) => `"${source}"`).join(", ");
    return `opens port ${SSH_PORT} to ${whom}: let only ${IAP_RANGE} in and connect with "gcloud compute ssh --tunnel-through-iap"`;
  },
};

function opensSsh(allow: unknown): boolean {
  const { protocol, ports } = fieldsOf(allow);
  if (!SSH_PROTOCOLS.has(String(protocol).toLowerCase())) return false;
  const open = listOf(ports) ?? [];
  return open.length === 0 ? ports !== UNKNOWN : open.some((port) => includesSsh(String(port)));
}

/** A port, or a range such as "20-30". */
function includesSsh(ports: string): boolean {
  const [first = "", last = first] = ports.split("-");
  return Number(first) <= SSH_PORT && SSH_PORT <= Number(last);
}

/** Whom a firewall rule lets in, in whichever of Google's three ways; what is not known yet is judged later. */
function sources(inputs: PolicyResource["inputs"]): readonly string[] {
  const kinds = [inputs["sourceRanges"], inputs["sourceTags"], inputs["sourceServiceAccounts"]];
  if (kinds.includes(UNKNOWN)) return [IAP_RANGE];
  return kinds.flatMap((kind) => (listOf(kind) ?? []).flatMap((source) => textOf(source) ?? []));
}

/** What the world may reach (components/server-network.ts): the certificate's challenge and redirect, and the deliveries. */
const WEB_PORTS = new Set(["80", "443"]);

/** Addresses that no packet from the Internet has (RFC 1918). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** The world reaches the web's ports and nothing else. */
export const WEB_PORTS_ONLY: Rule = {
  name: "web-ports-only",
  why: "A database, a queue or a metrics port that the world reaches is scanned for, day and night.",
  faultOf: ({ type, inputs }) => {
    if (type !== "gcp:compute/firewall:Firewall" || inputs["direction"] === "EGRESS") return undefined;
    const from = sources(inputs);
    const world = from.filter((source) => source !== IAP_RANGE && !PRIVATE.test(source) && /[.:]/.test(source));
    if (from.length > 0 && world.length === 0) return undefined;
    const open = (listOf(inputs["allows"]) ?? []).flatMap(beyondTheWeb)[0];
    if (open === undefined) return undefined;
    const whom = world.length === 0 ? "everyone" : world.map((source) => `"${source}"`).join(", ");
    return `opens ${open} to ${whom}: the server takes TCP 80 and 443 from the world and nothing else`;
  },
};

/** What a rule allows besides the web's ports, in words; SSH has a rule of its own. */
function beyondTheWeb(allow: unknown): readonly string[] {
  const { protocol, ports } = fieldsOf(allow);
  const name = String(protocol).toLowerCase();
  if (ports === UNKNOWN || protocol === UNKNOWN || name === "icmp") return [];
  const listed = (listOf(ports) ?? []).map(String);
  if (listed.length === 0) return [name === "all" ? "every protocol" : `every port of ${name}`];
  const isTcp = name === "tcp" || name === "6";
  return listed
    .filter((port) => !(isTcp && (WEB_PORTS.has(port) || port === String(SSH_PORT))))
    .map((port) => `${name} ${port}`);
}

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/** The name of a record, and whether Cloudflare stands before it; undefined of anything else, and while it is not known. */
function recordOf({ type, inputs }: PolicyResource): { host: string; proxied: boolean } | undefined {
  const host = textOf(inputs["name"])?.toLowerCase().replace(/\.$/, "");
  if (type !== RECORD || host === undefined || inputs["proxied"] === UNKNOWN) return undefined;
  return { host, proxied: inputs["proxied"] === true };
}

/** Shopify comes in without an edge. */
export const HOOK_UNPROXIED: Rule = {
  name: "hook-unproxied",
  why: "Behind Cloudflare's proxy a delivery meets challenges and another time limit, and Shopify drops the subscription.",
  faultOf: (resource, { hosts }) => {
    const record = recordOf(resource);
    if (record?.host !== hosts.hook || !record.proxied) return undefined;
    return `puts Cloudflare's proxy before the hook host "${record.host}": set "proxied" to false`;
  },
};

/** People come in past Cloudflare Access. */
export const PAGES_PROXIED: Rule = {
  name: "pages-proxied",
  why: "Without Cloudflare's proxy its Access does not ask people who they are, and the name says where the server is.",
  faultOf: (resource, { hosts }) => {
    const record = recordOf(resource);
    if (record === undefined || record.proxied || ![hosts.ui, hosts.console].includes(record.host)) return undefined;
    return `has no proxy of Cloudflare's before "${record.host}": set "proxied" to true`;
  },
};
