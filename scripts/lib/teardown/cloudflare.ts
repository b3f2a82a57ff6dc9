import type { Customer } from "../../../customers/schema";
import { ownsName, type Question } from "./look";
import { readPage, type RestApi } from "./rest";

/** Cloudflare's own address; its provider's `baseUrl` takes its place. */
export const CLOUDFLARE_URL = "https://api.cloudflare.com/client/v4/";

const PAGE_SIZE = 100;

type Row = Readonly<Record<string, unknown>>;

/** What a customer's stack makes at Cloudflare, looked for by host name and by the names that begin with the slug. */
export function cloudflareQuestions(
  customer: Pick<Customer, "slug" | "hosts" | "cloudflare">,
  { api, others }: { readonly api: RestApi; readonly others: readonly string[] },
): Question[] {
  const { accountId, zoneId } = customer.cloudflare;
  const hosts = Object.values(customer.hosts);
  const owns = ownsName(customer.slug, others);
  const named = (what: string, path: string): Question => ({
    place: "Cloudflare",
    what: `${what} named ${customer.slug}-…`,
    ask: async () => (await rowsOf(api, path)).map(nameOf).filter(owns),
  });
  const records = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const host of hosts) {
      const rows = await rowsOf(api, `zones/${zoneId}/dns_records?name=${encodeURIComponent(host)}`);
      found.push(...rows.map((row) => `${String(row["type"])} ${nameOf(row)}`));
    }
    return found;
  };
  return [
    { place: "Cloudflare", what: `DNS records of ${hosts.join(", ")}`, ask: records },
    named("tunnels", `accounts/${accountId}/cfd_tunnel?is_deleted=false`),
    named("Access applications", `accounts/${accountId}/access/apps`),
    named("Access policies", `accounts/${accountId}/access/policies`),
    named("Access service tokens", `accounts/${accountId}/access/service_tokens`),
  ];
}

/** Every page of a list. */
async function rowsOf(api: RestApi, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const query = `${path.includes("?") ? "&" : "?"}page=${page}&per_page=${PAGE_SIZE}`;
    const { result } = await readPage(api, `${path}${query}`);
    const found = Array.isArray(result) ? (result as Row[]) : [];
    rows.push(...found);
    if (found.length < PAGE_SIZE) return rows;
  }
}

function nameOf(row: Row): string {
  return typeof row["name"] === "string" ? row["name"] : "";
}
