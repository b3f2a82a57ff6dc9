import type { Customer } from "../../../customers/schema";
import { ownsName, type Question } from "./look";
import { LookFailed, readPage, type RestApi } from "./rest";

const PAGE_SIZE = 100;

type Row = Readonly<Record<string, unknown>>;

/** A kind of thing in an account whose name begins with the customer's slug. */
interface Kind {
  readonly kind: string;
  /** Below the account's address. */
  readonly path: string;
  /** What a token has to be allowed, in Cloudflare's words. */
  readonly permission: string;
  /** Where the dashboard shows it. */
  readonly where: string;
  /** Where a row has its name. Default "name". */
  readonly nameKey?: string;
  /** The list comes whole and knows no pages. */
  readonly whole?: true;
  /** Production keeps it: it holds data. */
  readonly data?: true;
}

const ACCESS = "Account / Access: Apps and Policies / Read";

const KINDS: readonly Kind[] = [
  {
    kind: "tunnels",
    path: "cfd_tunnel?is_deleted=false",
    permission: "Account / Cloudflare Tunnel / Read",
    where: "Zero Trust, Networks, Tunnels",
  },
  { kind: "Access applications", path: "access/apps", permission: ACCESS, where: "Zero Trust, Access, Applications" },
  { kind: "Access policies", path: "access/policies", permission: ACCESS, where: "Zero Trust, Access, Policies" },
  {
    kind: "Access service tokens",
    path: "access/service_tokens",
    permission: "Account / Access: Service Tokens / Read",
    where: "Zero Trust, Access, Service credentials",
  },
  {
    kind: "Workers",
    path: "workers/scripts",
    permission: "Account / Workers Scripts / Read",
    where: "Workers & Pages",
    nameKey: "id",
    whole: true,
  },
  {
    kind: "D1 databases",
    path: "d1/database",
    permission: "Account / D1 / Read",
    where: "Storage & databases, D1",
    data: true,
  },
];

export interface CloudflareMeans {
  readonly api: RestApi;
  /** The other customers' slugs. */
  readonly others: readonly string[];
  /** Whether the Sync Console's database stays, as production's does, which is protected. */
  readonly keepsData: boolean;
}

/** What a customer's stack makes at Cloudflare, looked for by host name and by the names that begin with the slug. */
export function cloudflareQuestions(
  customer: Pick<Customer, "slug" | "hosts" | "cloudflare">,
  { api, others, keepsData }: CloudflareMeans,
): Question[] {
  const { accountId, zoneId } = customer.cloudflare;
  const hosts = Object.values(customer.hosts);
  const owns = ownsName(customer.slug, others);
  const records = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const host of hosts) {
      const rows = await rowsOf(api, `zones/${zoneId}/dns_records?name=${encodeURIComponent(host)}`);
      found.push(...rows.map((row) => `${String(row["type"])} ${nameOf(row)}`));
    }
    return found;
  };
  return [
    {
      place: "Cloudflare",
      what: `DNS records of ${hosts.join(", ")}`,
      how: howTo("Zone / DNS / Read", "the zone, DNS, Records"),
      ask: records,
    },
    ...KINDS.map(({ kind, path, permission, where, nameKey, whole, data }): Question => ({
      place: "Cloudflare",
      what: `${kind} named ${customer.slug}-…`,
      how: howTo(permission, where),
      keeps: () => data === true && keepsData,
      ask: async () => {
        const address = `accounts/${accountId}/${path}`;
        const rows = whole === true ? await pageOf(api, address) : await rowsOf(api, address);
        return rows.map((row) => nameOf(row, nameKey)).filter(owns);
      },
    })),
  ];
}

function howTo(permission: string, where: string): string {
  return `set CLOUDFLARE_API_TOKEN to a token with "${permission}", or look at dash.cloudflare.com, ${where}`;
}

/** Every page of a list. */
export async function rowsOf(api: RestApi, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const query = `${path.includes("?") ? "&" : "?"}page=${page}&per_page=${PAGE_SIZE}`;
    const found = await pageOf(api, `${path}${query}`);
    rows.push(...found);
    if (found.length < PAGE_SIZE) return rows;
  }
}

export async function pageOf(api: RestApi, path: string): Promise<Row[]> {
  if (api.token === "") throw new LookFailed("there is no API token of Cloudflare");
  const { result } = await readPage(api, path);
  return Array.isArray(result) ? (result as Row[]) : [];
}

function nameOf(row: Row, key = "name"): string {
  const name = row[key];
  return typeof name === "string" ? name : "";
}
