import { z } from "zod";

import { ClientError } from "../../../clients/http";
import type { Customer } from "../../../customers/schema";
import { readCloudflare as read, type CloudflareMeans } from "./cloudflare-reads";
import type { Finding } from "./finding";

export interface CloudflareZone {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly account: { readonly id: string };
}

const verifiedSchema = z.object({ status: z.string() });
const organizationSchema = z.object({ auth_domain: z.string() });
const zonesSchema = z.array(
  z.object({ id: z.string(), name: z.string(), status: z.string(), account: z.object({ id: z.string() }) }),
);

/** How many zones are offered to choose from; with more the operator types the name. */
const ZONES_OFFERED = 50;

type Wanted = Customer["cloudflare"];

/** Asks Cloudflare what a token is good for. Writes nothing. */
export async function checkCloudflare(means: CloudflareMeans, wanted: Wanted): Promise<readonly Finding[]> {
  try {
    const token = await tokenFinding(means, wanted.accountId);
    if (token.state !== "ok") return [token];
    return [token, await zoneFinding(means, wanted), ...(await permissionFindings(means, wanted))];
  } catch (error) {
    return [unanswered("cloudflare token", error)];
  }
}

/** The zones that a token sees; none where it cannot be asked. */
export async function cloudflareZones(means: CloudflareMeans): Promise<readonly CloudflareZone[]> {
  try {
    return (await listZones(means, `zones?per_page=${ZONES_OFFERED}`)) ?? [];
  } catch (error) {
    if (error instanceof ClientError) return [];
    throw error;
  }
}

async function tokenFinding(means: CloudflareMeans, accountId: string): Promise<Finding> {
  const check = "cloudflare token";
  let answer = await read(means, "user/tokens/verify");
  // A token that belongs to an account is unknown at the user's address.
  if (answer.status === 401) answer = await read(means, `accounts/${accountId}/tokens/verify`);
  const verified = verifiedSchema.safeParse(answer.result);
  if (verified.data?.status === "active") return { check, state: "ok", saw: "active" };
  const saw = verified.success
    ? `the token is ${verified.data.status}`
    : `Cloudflare does not accept it (${answer.words})`;
  return {
    check,
    state: "refused",
    saw,
    next: "make a token with the permissions of docs/new-customer.md and give it again",
  };
}

async function zoneFinding(means: CloudflareMeans, wanted: Wanted): Promise<Finding> {
  const check = "cloudflare zone";
  const zones = await listZones(means, `zones?name=${encodeURIComponent(wanted.zone)}`);
  if (zones === undefined) return { check, state: "unknown", saw: "the token may not list zones" };
  const [zone] = zones;
  const next = 'correct it; both ids are on the zone\'s overview page in Cloudflare, under "API"';
  if (zone === undefined) {
    const saw = `the token sees no zone "${wanted.zone}"`;
    return { check, state: "refused", saw, next: "correct the zone's name, or give the token access to it" };
  }
  if (zone.id !== wanted.zoneId) {
    const saw = `"cloudflare.zoneId" is "${wanted.zoneId}" but ${wanted.zone} has "${zone.id}"`;
    return { check, state: "refused", saw, next };
  }
  if (zone.account.id !== wanted.accountId) {
    const saw = `"cloudflare.accountId" is "${wanted.accountId}" but ${wanted.zone} is in "${zone.account.id}"`;
    return { check, state: "refused", saw, next };
  }
  if (zone.status === "active") return { check, state: "ok", saw: `${wanted.zone} is active, with these ids` };
  const saw = `${wanted.zone} is ${zone.status}`;
  return { check, state: "limited", saw, next: "point the domain to Cloudflare's name servers" };
}

const ORGANIZATION = "Account / Access: Organizations, Identity Providers, and Groups / Read";

/** Each permission that docs/new-customer.md lists, and a page that only a token with it, or with reading it, may see. */
function permissions({ accountId, zoneId }: Wanted): readonly (readonly [permission: string, path: string])[] {
  return [
    ["Zone / DNS / Edit", `zones/${zoneId}/dns_records?per_page=5`],
    ["Account / Cloudflare Tunnel / Edit", `accounts/${accountId}/cfd_tunnel?per_page=1`],
    ["Account / Access: Apps and Policies / Edit", `accounts/${accountId}/access/apps?per_page=1`],
    ["Account / Access: Service Tokens / Edit", `accounts/${accountId}/access/service_tokens?per_page=1`],
    // D1 takes no page of less than ten.
    ["Account / D1 / Edit", `accounts/${accountId}/d1/database?per_page=10`],
    ["Account / Workers Scripts / Edit", `accounts/${accountId}/workers/scripts`],
    ["Zone / Workers Routes / Edit", `zones/${zoneId}/workers/routes`],
    [ORGANIZATION, `accounts/${accountId}/access/organizations`],
  ];
}

/** Reading is all that can be tried without changing something; it is said so. */
async function permissionFindings(means: CloudflareMeans, wanted: Wanted): Promise<readonly Finding[]> {
  const check = "cloudflare permissions";
  const denied: string[] = [];
  let organization: unknown;
  for (const [permission, path] of permissions(wanted)) {
    const answer = await read(means, path);
    if (answer.status !== 200) denied.push(`${permission} (${answer.words})`);
    else if (permission === ORGANIZATION) organization = answer.result;
  }
  if (denied.length === 0) {
    const saw = "DNS, tunnels, Access, Workers and D1 can be read; whether edited, the first update shows";
    return [{ check, state: "ok", saw }, teamFinding(organization)];
  }
  const next = "give the token these; Access needs Zero Trust switched on for the account";
  return [{ check, state: "refused", saw: `the token is refused ${denied.join(", ")}`, next }];
}

/** Without a team there is no login, and the first update ends at the console's. */
function teamFinding(organization: unknown): Finding {
  const check = "cloudflare zero trust";
  const team = organizationSchema.safeParse(organization).data?.auth_domain ?? "";
  if (team !== "") return { check, state: "ok", saw: `people sign in at ${team}` };
  const next = "switch Zero Trust on for the account and choose its team name";
  return { check, state: "refused", saw: "the account has no team domain", next };
}

async function listZones(means: CloudflareMeans, path: string): Promise<readonly CloudflareZone[] | undefined> {
  const { status, result } = await read(means, path);
  return status === 200 ? zonesSchema.safeParse(result).data : undefined;
}

function unanswered(check: string, error: unknown): Finding {
  if (!(error instanceof ClientError)) throw error;
  return { check, state: "unknown", saw: error.what, next: error.next };
}
