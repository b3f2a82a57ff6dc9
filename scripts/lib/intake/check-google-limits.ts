import { z } from "zod";

import { missingRights, NEEDED_RIGHTS, OPTIONAL_RIGHTS, roleWith } from "../../../clients/google-rights";
import { wordsOf } from "../../../clients/google-services";
import type { JsonAnswer } from "../../../clients/json-api";
import { SHOPIFY_PUBLISHER } from "../../../components/shared/delivery-queue";
import { BOOT_DISK_GB } from "../../../core/disks";
import type { Finding } from "./finding";

/** Asks a service of Google's; with a body it is a POST, which changes nothing at the addresses below. */
export type AskGoogle = (
  service: "projects" | "policies" | "billing" | "compute",
  path: string,
  body?: object,
) => Promise<JsonAnswer>;

interface Wanted {
  readonly project: string;
  readonly region: string;
  /** How Shopify delivers. Default: to the server's door. */
  readonly delivery?: "https" | "pubsub";
  /** Gigabytes. */
  readonly dataDiskGb: number;
}

const machineSchema = z.object({ guestCpus: z.number() });
const regionSchema = z.object({
  quotas: z.array(z.object({ metric: z.string(), limit: z.number(), usage: z.number() })),
});
const policySchema = z.object({
  booleanPolicy: z.object({ enforced: z.boolean().default(false) }).optional(),
  listPolicy: z.object({ allValues: z.string().optional(), allowedValues: z.array(z.string()).optional() }).optional(),
});

/** What the login may do in the project: `projects.testIamPermissions`. */
export async function rightsFinding(ask: AskGoogle, { project, delivery }: Wanted): Promise<Finding> {
  const check = "google rights";
  const permissions = Object.keys({ ...NEEDED_RIGHTS, ...(delivery === "pubsub" ? OPTIONAL_RIGHTS : {}) });
  const answer = await ask("projects", `projects/${project}:testIamPermissions`, { permissions });
  const missing = missingRights(answer, permissions);
  if (missing === undefined) return unclear(check, answer);
  if (missing.length === 0) return { check, state: "ok", saw: "the login may make all that a customer is made of" };
  const roles = missing.map(roleWith).join(", ");
  // Someone else may run the updates.
  const next = `give the account that runs "pulumi up" ${roles}`;
  return { check, state: "limited", saw: `this login lacks ${missing.join(", ")} in ${project}`, next };
}

/** Whether the region's quotas have room for one more server; `machine` is the answer about the machine type. */
export async function quotaFinding(ask: AskGoogle, wanted: Wanted, machine: JsonAnswer): Promise<Finding> {
  const check = "google quotas";
  const answer = await ask("compute", `projects/${wanted.project}/regions/${wanted.region}`);
  const region = regionSchema.safeParse(answer.body).data;
  if (answer.status !== 200 || region === undefined) return unclear(check, answer);
  const cpus = machineSchema.safeParse(machine.body).data?.guestCpus ?? 1;
  const needs: Readonly<Record<string, number>> = {
    CPUS: cpus,
    INSTANCES: 1,
    IN_USE_ADDRESSES: 1,
    STATIC_ADDRESSES: 1,
    // The boot disk counts as the data disk does, and pd-balanced disks count here (cloud.google.com/compute/resource-usage, "Disk quotas").
    SSD_TOTAL_GB: wanted.dataDiskGb + BOOT_DISK_GB,
  };
  const short = region.quotas.flatMap(({ metric, limit, usage }) => {
    const need = needs[metric];
    return need === undefined || limit - usage >= need ? [] : [`${metric} ${usage} of ${limit}, ${need} needed`];
  });
  if (short.length === 0) return { check, state: "ok", saw: `${wanted.region} has room for the server` };
  const next = `have the quotas raised, or ignore this where the customer's server stands already`;
  return { check, state: "limited", saw: `${wanted.region} is short of ${short.join("; ")}`, next };
}

const LOCATIONS = "gcp.resourceLocations";

/** Constraints of the organisation's that a customer's project cannot live with. */
const CONSTRAINTS = [
  ["compute.vmExternalIpAccess", "the server needs a public address, for Shopify's deliveries"],
  ["iam.disableServiceAccountCreation", "the server needs a service account of its own"],
  [LOCATIONS, "everything of the customer's stands in its region"],
] as const;

/** What the organisation forbids: `projects.getEffectiveOrgPolicy` of Resource Manager v1. */
export async function policiesFinding(ask: AskGoogle, { project, region }: Wanted): Promise<Finding> {
  const check = "google policies";
  const broken: string[] = [];
  for (const [name, why] of CONSTRAINTS) {
    const constraint = `constraints/${name}`;
    const answer = await ask("policies", `projects/${project}:getEffectiveOrgPolicy`, { constraint });
    const policy = policySchema.safeParse(answer.body).data;
    if (answer.status !== 200 || policy === undefined) return unclear(check, answer);
    if (forbids(name, policy, region)) broken.push(`${constraint} (${why})`);
  }
  if (broken.length === 0) return { check, state: "ok", saw: "the organisation forbids nothing that is needed" };
  const next = "have the organisation's policy permit it for this project";
  return { check, state: "refused", saw: `${project} is under ${broken.join(", ")}`, next };
}

const MEMBER_DOMAINS = "constraints/iam.allowedPolicyMemberDomains";

/**
 * Whether Shopify may be granted to publish: domain restricted sharing, which newer organisations have from the start, refuses a member of another
 * organisation. Whether Shopify's own is among those that it allows, Google does not tell
 * (https://docs.cloud.google.com/resource-manager/docs/organization-policy/restricting-domains).
 */
export async function grantFinding(ask: AskGoogle, { project }: Wanted): Promise<Finding> {
  const check = "google grant";
  const asked = { constraint: MEMBER_DOMAINS };
  const answer = await ask("policies", `projects/${project}:getEffectiveOrgPolicy`, asked);
  const policy = policySchema.safeParse(answer.body).data;
  if (answer.status !== 200 || policy === undefined) return unclear(check, answer);
  const { allValues, allowedValues = [] } = policy.listPolicy ?? {};
  if (allValues !== "DENY" && allowedValues.length === 0) {
    return { check, state: "ok", saw: "the organisation lets Shopify publish to the topic" };
  }
  const saw = `${project} is under ${MEMBER_DOMAINS}, which may refuse the grant to "${SHOPIFY_PUBLISHER}"`;
  const next = 'have that policy allow it for this project, or set "shopify.delivery" to "https"';
  return { check, state: "limited", saw, next };
}

type Policy = z.infer<typeof policySchema>;

function forbids(name: string, { booleanPolicy, listPolicy }: Policy, region: string): boolean {
  if (booleanPolicy?.enforced === true || listPolicy?.allValues === "DENY") return true;
  const { allowedValues = [] } = listPolicy ?? {};
  if (name !== LOCATIONS || allowedValues.length === 0) return false;
  // Groups such as "in:eu-locations" are Google's to resolve: an update says what it thinks of them.
  const own = [region, `in:${region}-locations`];
  return !allowedValues.some((value) => own.includes(value) || value.startsWith("in:"));
}

/** Google's own words, where it did not tell. */
function unclear(check: string, { status, body }: JsonAnswer): Finding {
  return { check, state: "unknown", saw: `Google answered "${wordsOf(body) ?? `HTTP ${status}`}"` };
}
