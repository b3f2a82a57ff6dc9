import { z } from "zod";

import { ClientError } from "../../../clients/http";
import { consoleName } from "../../../core/names";
import type { Customer } from "../../../customers/schema";
import { readCloudflare, type CloudflareMeans } from "./cloudflare-reads";
import type { Finding } from "./finding";

const recordsSchema = z.array(z.object({ type: z.string(), content: z.string() }));
const domainsSchema = z.array(z.object({ hostname: z.string(), service: z.string() }));
const routesSchema = z.array(z.object({ pattern: z.string(), script: z.string().nullish() }));

/** Records that lead somewhere; a name may have others beside them. */
const LEADING = ["A", "AAAA", "CNAME"];

const CHECK = "cloudflare hosts";

type HostedCustomer = Pick<Customer, "slug" | "hosts" | "cloudflare">;

/** What the customer's own stack has made, by the names of its outputs; empty before the first update. */
export type OwnOutputs = Readonly<Record<string, unknown>>;

/** Looks for what someone else has at the customer's three hosts; an update would fail on it, or share the name with it. */
export async function checkHosts(
  means: CloudflareMeans,
  customer: HostedCustomer,
  outputs: OwnOutputs,
): Promise<Finding> {
  try {
    const { cloudflare, hosts, slug } = customer;
    const { accountId, zoneId } = cloudflare;
    const domains = await list(means, `accounts/${accountId}/workers/domains?zone_id=${zoneId}`, domainsSchema);
    const routes = await list(means, `zones/${zoneId}/workers/routes`, routesSchema);
    const own = domains.some(({ hostname, service }) => hostname === hosts.console && service === consoleName(slug));
    const foreign = [
      ...(await foreignRecords(means, customer, ownContents(outputs, own))),
      ...domains
        .filter(({ hostname, service }) => Object.values(hosts).includes(hostname) && service !== consoleName(slug))
        .map(({ hostname, service }) => `${hostname} is a custom domain of the Worker "${service}"`),
      ...routesBefore(routes, hosts),
    ];
    if (foreign.length === 0) return { check: CHECK, state: "ok", saw: "nothing else uses the three hosts" };
    const next =
      "remove it before the next update, or take other hosts; after an update that was cut short it may be this stack's own";
    return { check: CHECK, state: "limited", saw: foreign.join("; "), next };
  } catch (error) {
    if (error instanceof ListRefused) return { check: CHECK, state: "unknown", saw: error.message };
    if (error instanceof ClientError) return { check: CHECK, state: "unknown", saw: error.what };
    throw error;
  }
}

/** Where the stack's own records lead; Cloudflare makes that of a Worker's custom domain itself, to an address of no meaning. */
function ownContents({ tunnelId, serverAddress }: OwnOutputs, ownConsole: boolean): readonly string[] {
  return [
    ...(typeof tunnelId === "string" ? [`${tunnelId}.cfargotunnel.com`] : []),
    ...(typeof serverAddress === "string" ? [serverAddress] : []),
    ...(ownConsole ? ["100::"] : []),
  ];
}

async function foreignRecords(
  means: CloudflareMeans,
  { hosts, cloudflare }: HostedCustomer,
  own: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const host of Object.values(hosts)) {
    const path = `zones/${cloudflare.zoneId}/dns_records?name=${encodeURIComponent(host)}&per_page=100`;
    const records = await list(means, path, recordsSchema);
    const others = records.filter(({ type, content }) => LEADING.includes(type) && !own.includes(content));
    found.push(...others.map(({ type, content }) => `${host} has a record ${type} ${content} already`));
  }
  return found;
}

/** A route takes what is proxied before anything else does; one without a Worker lets it pass. */
function routesBefore(routes: z.infer<typeof routesSchema>, { ui, console: sync }: Customer["hosts"]): string[] {
  return routes.flatMap(({ pattern, script }) => {
    if (script === undefined || script === null || script === "") return [];
    const taken = [ui, sync].filter((host) => matches(pattern, host));
    return taken.map((host) => `the route "${pattern}" leads ${host} to the Worker "${script}"`);
  });
}

/** Whether a route's pattern, such as `*.acme.example/*`, covers something of a host. Wildcards stand at the host's beginning. */
export function matches(pattern: string, host: string): boolean {
  const [name = ""] = pattern.replace(/^(\*|https?):\/\//, "").split("/");
  return name.startsWith("*") ? host.endsWith(name.slice(1)) : host === name;
}

/** A list that the token may not see. */
class ListRefused extends Error {
  override readonly name = "ListRefused";
}

async function list<Rows>(means: CloudflareMeans, path: string, schema: z.ZodType<Rows>): Promise<Rows> {
  const { status, result, words } = await readCloudflare(means, path);
  const parsed = schema.safeParse(result);
  if (status === 200 && parsed.success) return parsed.data;
  throw new ListRefused(`${path.split("?")[0]?.split("/").slice(2).join("/") ?? ""} cannot be listed (${words})`);
}
