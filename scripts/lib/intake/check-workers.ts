import { z } from "zod";

import { ClientError } from "../../../clients/http";
import { consoleName } from "../../../core/names";
import type { Customer } from "../../../customers/schema";
import { readCloudflare, type CloudflareMeans } from "./cloudflare-reads";
import type { OwnOutputs } from "./check-hosts";
import type { Finding } from "./finding";

const PLAN = "cloudflare workers plan";
const NAMES = "cloudflare names";

/** Of Workers Free (developers.cloudflare.com/workers/platform/limits): each console takes one cron trigger of its account. */
const FREE_TRIGGERS = 5;
const WHY = `the Sync Console needs Workers Paid: Workers Free has ${FREE_TRIGGERS} cron triggers an account, 10 ms of CPU a call and 50 queries of D1`;

const scriptsSchema = z.array(z.object({ id: z.string() }));
const schedulesSchema = z.object({ schedules: z.array(z.unknown()) });
const subscriptionsSchema = z.array(
  z.object({ state: z.string().optional(), rate_plan: z.object({ id: z.string() }).optional() }),
);
const namedSchema = z.array(z.object({ name: z.string() }));

/** How many Workers are asked for their triggers; an account with more is no free one. */
const SCRIPTS_ASKED = 30;

type Asked = Pick<Customer, "slug"> & { readonly cloudflare: Pick<Customer["cloudflare"], "accountId"> };

/** What the first update would end at in Cloudflare after all else is made: the plan of Workers, and names that are taken. */
export async function checkWorkers(
  means: CloudflareMeans,
  customer: Asked,
  outputs: OwnOutputs,
): Promise<readonly Finding[]> {
  try {
    const names = Object.keys(outputs).length > 0 ? [] : [await namesFinding(means, customer)];
    return [await planFinding(means, customer), ...names];
  } catch (error) {
    if (error instanceof ClientError) return [{ check: PLAN, state: "unknown", saw: error.what }];
    throw error;
  }
}

async function planFinding(means: CloudflareMeans, { cloudflare, slug }: Asked): Promise<Finding> {
  const { accountId } = cloudflare;
  const { status, result, words } = await readCloudflare(means, `accounts/${accountId}/subscriptions`);
  const plans = status === 200 ? subscriptionsSchema.safeParse(result).data : undefined;
  if (plans?.some(isWorkersPaid) === true) return { check: PLAN, state: "ok", saw: "the account has Workers Paid" };
  const others = await triggersOf(means, { accountId, except: consoleName(slug) });
  if (others !== undefined && others > FREE_TRIGGERS) {
    return { check: PLAN, state: "ok", saw: `${others} cron triggers are in use, which takes Workers Paid` };
  }
  const used = others === undefined ? "" : ` (${others} of ${FREE_TRIGGERS} triggers are in use)`;
  if (plans === undefined) {
    const saw = `whether the account has it cannot be seen (${words}; it takes Account / Billing / Read): ${WHY}${used}`;
    return { check: PLAN, state: "unknown", saw };
  }
  const next = "take Workers Paid for the account in Cloudflare (Workers & Pages, Plans)";
  return { check: PLAN, state: "limited", saw: `no subscription of Workers Paid is to be seen: ${WHY}${used}`, next };
}

function isWorkersPaid({ state = "Paid", rate_plan: plan }: z.infer<typeof subscriptionsSchema>[number]): boolean {
  const id = plan?.id ?? "";
  return /workers/i.test(id) && !/free/i.test(id) && !/cancel|expired/i.test(state);
}

/** Cron triggers of the account's Workers but one; undefined where they cannot be read. */
async function triggersOf(
  means: CloudflareMeans,
  { accountId, except }: { readonly accountId: string; readonly except: string },
): Promise<number | undefined> {
  const { result } = await readCloudflare(means, `accounts/${accountId}/workers/scripts`);
  const scripts = scriptsSchema.safeParse(result).data;
  if (scripts === undefined) return undefined;
  let triggers = 0;
  for (const { id } of scripts.filter((one) => one.id !== except).slice(0, SCRIPTS_ASKED)) {
    const answer = await readCloudflare(means, `accounts/${accountId}/workers/scripts/${id}/schedules`);
    triggers += schedulesSchema.safeParse(answer.result).data?.schedules.length ?? 0;
  }
  return triggers;
}

/** A Worker is overwritten without a word, a tunnel and a database of a name that is taken are refused. */
async function namesFinding(means: CloudflareMeans, { cloudflare, slug }: Asked): Promise<Finding> {
  const account = `accounts/${cloudflare.accountId}`;
  const [worker, tunnel] = [consoleName(slug), `${slug}-ui`];
  const looks = [
    ["Worker", worker, `${account}/workers/scripts`],
    ["D1 database", worker, `${account}/d1/database?name=${encodeURIComponent(worker)}&per_page=10`],
    ["tunnel", tunnel, `${account}/cfd_tunnel?name=${encodeURIComponent(tunnel)}&is_deleted=false`],
  ] as const;
  const taken: string[] = [];
  for (const [what, name, path] of looks) {
    const { result } = await readCloudflare(means, path);
    const found =
      namedSchema.safeParse(result).data?.map((one) => one.name) ??
      scriptsSchema.safeParse(result).data?.map(({ id }) => id);
    if (found?.includes(name) === true) taken.push(`${what} "${name}"`);
  }
  if (taken.length === 0)
    return { check: NAMES, state: "ok", saw: `no Worker, database or tunnel is called after "${slug}"` };
  const next =
    "take another slug, or delete them in Cloudflare; after an update that was cut short they may be this stack's own";
  return { check: NAMES, state: "limited", saw: `the account has ${taken.join(", ")} already`, next };
}
