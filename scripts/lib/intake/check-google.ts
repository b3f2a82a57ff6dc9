import { z } from "zod";

import { ClientError, type Send } from "../../../clients/http";
import { getJson, type JsonAnswer } from "../../../clients/json-api";
import type { Customer } from "../../../customers/schema";
import { grantFinding, policiesFinding, quotaFinding, rightsFinding, type AskGoogle } from "./check-google-limits";
import type { Finding } from "./finding";

export interface GoogleMeans {
  readonly send: Send;
  /** Google access token; undefined without a login. */
  readonly token: string | undefined;
  /** Stack configuration; `gcp:<service>CustomEndpoint` names other addresses, as it does for Pulumi's provider. */
  readonly config: Readonly<Record<string, string>>;
}

/** Services that are asked: the provider's key for another address, and the documented one. */
const SERVICES = {
  projects: ["gcp:resourceManagerV3CustomEndpoint", "https://cloudresourcemanager.googleapis.com/v3/"],
  policies: ["gcp:resourceManagerCustomEndpoint", "https://cloudresourcemanager.googleapis.com/v1/"],
  billing: ["gcp:cloudBillingCustomEndpoint", "https://cloudbilling.googleapis.com/v1/"],
  compute: ["gcp:computeCustomEndpoint", "https://compute.googleapis.com/compute/v1/"],
} as const;

const projectSchema = z.object({ state: z.string() });
const billingSchema = z.object({ billingEnabled: z.boolean().default(false) });
const zoneSchema = z.object({ region: z.string(), status: z.string() });
const refusalSchema = z.object({ error: z.object({ message: z.string(), status: z.string().optional() }) });

type Wanted = Customer["gcp"] & Partial<Pick<Customer["shopify"], "delivery">>;

/** Asks Google Cloud about project, billing, zone, machine type, rights, quotas and organisation policies. Writes nothing. */
export async function checkGoogle(means: GoogleMeans, wanted: Wanted): Promise<readonly Finding[]> {
  const { token } = means;
  if (token === undefined) {
    const saw = 'there is no Google access token here; "gcloud auth login" or GOOGLE_OAUTH_ACCESS_TOKEN gives one';
    return [{ check: "google project", state: "unknown", saw }];
  }
  const google: Google = { ...means, token };
  const project = await looked("google project", () => projectFinding(google, wanted));
  if (project.state !== "ok") return [project];
  const ask = askerOf(google);
  const { zone, machineType } = wanted;
  const machine = (): Promise<JsonAnswer> =>
    read(google, "compute", `projects/${wanted.project}/zones/${zone}/machineTypes/${machineType}`);
  return [
    project,
    await looked("google billing", () => billingFinding(google, wanted)),
    await looked("google zone", () => zoneFinding(google, wanted)),
    await looked("google machine", async () => machineFinding(wanted, await machine())),
    await looked("google rights", () => rightsFinding(ask, wanted)),
    await looked("google quotas", async () => quotaFinding(ask, wanted, await machine())),
    await looked("google policies", () => policiesFinding(ask, wanted)),
    ...(wanted.delivery === "pubsub" ? [await looked("google grant", () => grantFinding(ask, wanted))] : []),
  ];
}

interface Google extends GoogleMeans {
  readonly token: string;
}

async function projectFinding(google: Google, { project }: Wanted): Promise<Finding> {
  const check = "google project";
  const answer = await read(google, "projects", `projects/${project}`);
  const state = projectSchema.safeParse(answer.body).data?.state;
  if (state === "ACTIVE") return { check, state: "ok", saw: `${project} is active` };
  if (state !== undefined) {
    const saw = `${project} is ${state}`;
    return { check, state: "refused", saw, next: "take another project, or have this one restored" };
  }
  // Google does not tell whether a project is not there or not to be seen.
  if (answer.status === 403 && !isServiceOff(answer)) {
    const saw = `there is no project "${project}", or this login may not see it`;
    return { check, state: "refused", saw, next: "correct the id, or take a login that may see the project" };
  }
  return unclear(check, answer);
}

async function billingFinding(google: Google, { project }: Wanted): Promise<Finding> {
  const check = "google billing";
  const answer = await read(google, "billing", `projects/${project}/billingInfo`);
  if (answer.status !== 200) return unclear(check, answer);
  if (billingSchema.parse(answer.body).billingEnabled) return { check, state: "ok", saw: "enabled" };
  const next = "link a billing account to the project";
  return { check, state: "refused", saw: `${project} has no active billing account`, next };
}

async function zoneFinding(google: Google, { project, region, zone }: Wanted): Promise<Finding> {
  const check = "google zone";
  const answer = await read(google, "compute", `projects/${project}/zones/${zone}`);
  if (answer.status === 404) {
    return { check, state: "refused", saw: `there is no zone "${zone}"`, next: 'correct "gcp.zone"' };
  }
  const seen = zoneSchema.safeParse(answer.body).data;
  if (seen === undefined) return unclear(check, answer);
  const its = seen.region.split("/").at(-1) ?? "";
  if (its !== region) {
    const saw = `"${zone}" is in the region "${its}", not in "${region}"`;
    return { check, state: "refused", saw, next: 'correct "gcp.region" or "gcp.zone"' };
  }
  if (seen.status === "UP") return { check, state: "ok", saw: `${zone} is up, in ${region}` };
  return { check, state: "limited", saw: `${zone} is ${seen.status}`, next: "take another zone of the region" };
}

function machineFinding({ zone, machineType }: Wanted, answer: JsonAnswer): Finding {
  const check = "google machine";
  if (answer.status === 200) return { check, state: "ok", saw: `${zone} offers ${machineType}` };
  if (answer.status !== 404) return unclear(check, answer);
  const next = 'correct "gcp.machineType", or take another zone';
  return { check, state: "refused", saw: `${zone} does not offer "${machineType}"`, next };
}

function unclear(check: string, answer: JsonAnswer): Finding {
  const words = refusalSchema.safeParse(answer.body).data?.error.message ?? `HTTP ${answer.status}`;
  if (isServiceOff(answer)) {
    return { check, state: "unknown", saw: "the project has this API not switched on yet; the first update does it" };
  }
  return { check, state: "unknown", saw: `Google answered "${words.split("\n")[0] ?? ""}"` };
}

function isServiceOff({ status, body }: JsonAnswer): boolean {
  return status === 403 && /SERVICE_DISABLED|has not been used in project|is disabled/.test(JSON.stringify(body));
}

async function looked(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { check, state: "unknown", saw: error.what };
  }
}

function read(google: Google, service: keyof typeof SERVICES, path: string): Promise<JsonAnswer> {
  return askerOf(google)(service, path);
}

function askerOf({ send, token, config }: Google): AskGoogle {
  return (service, path, body) => {
    const [key, documented] = SERVICES[service];
    const base = config[key] ?? documented;
    const asked = body === undefined ? {} : { method: "POST" as const, body };
    const url = new URL(`${base.replace(/\/$/, "")}/${path}`);
    return getJson(send, { ...asked, url, token, service: "Google Cloud" });
  };
}
