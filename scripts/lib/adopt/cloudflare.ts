import { rowsOf } from "../teardown/cloudflare";
import type { Row } from "./clouds";
import type { Clouds } from "./clouds";
import type { Existing } from "./google";
import type { Unfinished } from "./unfinished";

type Inputs = Unfinished["inputs"];

interface Kind {
  /** The list, below the API's address. */
  readonly list: (inputs: Inputs) => string;
  readonly fits: (inputs: Inputs, row: Row) => boolean;
  /** The id that an import takes. */
  readonly id: (inputs: Inputs, row: Row) => string;
  /** Cloudflare makes it once more where there is one of its name already. */
  readonly repeats?: true;
  /** Cloudflare tells its secret once, so that it is of no use later: it is deleted, and made again. */
  readonly lost?: true;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const account = (inputs: Inputs): string => text(inputs["accountId"]);
const inAccount = (path: string) => (inputs: Inputs) => `accounts/${account(inputs)}/${path}`;
const byName = (inputs: Inputs, row: Row): boolean => row["name"] === inputs["name"];
const short = (inputs: Inputs, row: Row): string => `${account(inputs)}/${text(row["id"])}`;
const long = (inputs: Inputs, row: Row): string => `accounts/${account(inputs)}/${text(row["id"])}`;

/** What Cloudflare refuses to make twice, or makes twice, by type. Names are the customer's own; the ids are the SDK's ("## Import"). */
const KINDS: Readonly<Record<string, Kind>> = {
  "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": {
    list: inAccount("cfd_tunnel?is_deleted=false"),
    fits: byName,
    id: short,
  },
  "cloudflare:index/dnsRecord:DnsRecord": {
    list: (inputs) => `zones/${text(inputs["zoneId"])}/dns_records?name=${encodeURIComponent(text(inputs["name"]))}`,
    fits: (inputs, row) => byName(inputs, row) && row["type"] === inputs["type"],
    id: (inputs, row) => `${text(inputs["zoneId"])}/${text(row["id"])}`,
  },
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": {
    list: inAccount("access/apps"),
    fits: byName,
    id: long,
  },
  "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": {
    list: inAccount("access/policies"),
    fits: byName,
    id: short,
    repeats: true,
  },
  "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": {
    list: inAccount("access/service_tokens"),
    fits: byName,
    id: long,
    repeats: true,
    lost: true,
  },
  "cloudflare:index/d1Database:D1Database": {
    list: inAccount("d1/database"),
    fits: byName,
    id: (inputs, row) => `${account(inputs)}/${text(row["uuid"])}`,
  },
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain": {
    list: (inputs) =>
      `accounts/${account(inputs)}/workers/domains?hostname=${encodeURIComponent(text(inputs["hostname"]))}`,
    fits: (inputs, row) => row["hostname"] === inputs["hostname"] && row["service"] === inputs["service"],
    id: short,
  },
};

export function isCloudflares(type: string): boolean {
  return type in KINDS;
}

export function cloudflareRepeats(type: string): boolean {
  return KINDS[type]?.repeats === true;
}

/** Where one of a list is, by the id that an import takes. */
export function addressAtCloudflare({ type, inputs }: Unfinished, id: string): string {
  const [list = ""] = KINDS[type]?.list(inputs).split("?") ?? [];
  return `${list}/${id.split("/").at(-1) ?? ""}`;
}

/** Whether what is found cannot be taken over. */
export function isLost(type: string): boolean {
  return KINDS[type]?.lost === true;
}

/** @throws LookFailed, ClientError */
export async function findAtCloudflare({ type, inputs }: Unfinished, { cloudflare }: Clouds): Promise<Existing[]> {
  const kind = KINDS[type];
  if (kind === undefined) return [];
  const rows = await rowsOf(cloudflare, kind.list(inputs));
  return rows.filter((row) => kind.fits(inputs, row)).map((row) => ({ id: kind.id(inputs, row) }));
}
