import { randomInt } from "node:crypto";

import { gceName, labels } from "../checks";
import { CloudError } from "../cloud-error";
import type { CloudRecord, Records } from "../records";
import type { ResourceType, Situation } from "../resource-type";
import { shapeOf } from "../sdk-shape";
import { isRecord, text } from "../values";
import type { Properties } from "../values";

/** APIs that Google enables in every new project (cloud.google.com/service-usage/docs/enabled-service). */
const ENABLED_FROM_THE_START = new Set([
  "logging.googleapis.com",
  "monitoring.googleapis.com",
  "serviceusage.googleapis.com",
  "storage.googleapis.com",
]);

const SERVICE = "gcp:projects/service:Service";
/**
 * The provider asks at compute/beta, and writes v1 into the state (terraform-provider-google-beta v7.45.0, `ConvertSelfLinkToV1` in each
 * Read of services/compute).
 */
const COMPUTE = "https://www.googleapis.com/compute/v1/";

/** Where a resource is: its own inputs, else the provider's configuration. */
export interface Place {
  readonly project: string;
  readonly region: string;
  readonly zone: string;
}

export function placeOf({ inputs, session }: Situation): Place {
  const { config } = session;
  const of = (key: keyof Place): string => text(inputs, key) || text(config, key);
  return { project: of("project"), region: of("region") || of("zone").replace(/-[a-z]$/, ""), zone: of("zone") };
}

/**
 * A resource of the Google provider: it is in a project (and a region or zone, as the SDK's declarations say), labels get the provider's
 * own ones, its API must be enabled, and a `deletionPolicy` of "PREVENT" keeps it.
 */
export function gcp(type: ResourceType): ResourceType {
  return {
    takes: 5,
    ...type,
    checks: { labels, ...type.checks },
    scope: (situation) => placeOf(situation).project,
    planned: (situation) => ({
      ...placeOutputs(type, situation),
      ...labelOutputs(type, situation),
      ...type.planned?.(situation),
    }),
    verify: (situation) => {
      requireApi(type, situation);
      type.verify?.(situation);
    },
    release: (record, records) => {
      if (record.inputs["deletionPolicy"] === "PREVENT") {
        throw new CloudError(
          412,
          `${type.token} "${record.id}" has "deletionPolicy" PREVENT; set it to DELETE and update before deleting.`,
        );
      }
      type.release?.(record, records);
    },
  };
}

/** A Compute Engine resource: a name, a path, a selfLink. */
export function compute(
  type: Omit<ResourceType, "api" | "id"> & {
    path: (place: Place, name: string) => string;
    /** The provider takes another name for an update, and asks Google for what is not there. */
    renames?: true;
  },
): ResourceType {
  const id = (situation: Situation): string => type.path(placeOf(situation), text(situation.inputs, "name"));
  return gcp({
    takes: 15,
    ...type,
    api: "compute.googleapis.com",
    autoname: "name",
    checks: { name: gceName, ...type.checks },
    replaces: [...(type.renames === true ? [] : ["name"]), "project", ...(type.replaces ?? [])],
    verify: (situation) => {
      const { previous } = situation;
      if (previous !== undefined && previous.id !== id(situation))
        throw new CloudError(404, `The resource '${id(situation)}' was not found`);
      type.verify?.(situation);
    },
    id,
    computed: (situation) => ({
      selfLink: `${COMPUTE}${id(situation)}`,
      creationTimestamp: situation.now,
      ...type.computed?.(situation),
    }),
  });
}

/** Whether a project's API answers. */
export function apiEnabled(records: Records, project: string, api: string): boolean {
  if (ENABLED_FROM_THE_START.has(api)) return true;
  const enabled = records.get(SERVICE, `${project}/${api}`);
  return enabled !== undefined && Date.now() - Date.parse(enabled.createdAt) >= records.apisAnswerAfterMs;
}

/** The compute resource that a name, id or selfLink in an input means. */
export function referenced(situation: Situation, type: string, reference: string): CloudRecord | undefined {
  const { project } = placeOf(situation);
  const path = reference.replace(/^https:\/\/[^/]+\/compute\/[^/]+\//, "");
  return situation.records
    .list(type)
    .find((record) => record.id === path || (record.scope === project && text(record.inputs, "name") === path));
}

/** The same, or a refusal in the API's manner. */
export function required(situation: Situation, type: string, reference: string): CloudRecord {
  const record = referenced(situation, type, reference);
  if (record !== undefined) return record;
  throw new CloudError(
    404,
    `Google Cloud knows no ${type} "${reference}", which ${situation.name} refers to; create it first.`,
  );
}

/** A decimal identifier as Google makes them. */
export function numericId(): string {
  return `${randomInt(1_000_000_000, 9_999_999_999)}${randomInt(100_000_000, 999_999_999)}`;
}

/** Every project has a number; ours follows from its name. */
export function projectNumber(project: string): string {
  const sum = Buffer.from(project).reduce((total, byte) => (total * 31 + byte) % 899_999_999_999, 7);
  return String(100_000_000_000 + sum);
}

function placeOutputs(type: ResourceType, situation: Situation): Properties {
  const { inputs } = shapeOf(type.token);
  return Object.fromEntries(Object.entries(placeOf(situation)).filter(([key, value]) => key in inputs && value !== ""));
}

function labelOutputs(type: ResourceType, { inputs, session }: Situation): Properties {
  if (!shapeOf(type.token).outputs.has("effectiveLabels")) return {};
  const shared = session.config["defaultLabels"];
  const own = { ...(isRecord(shared) ? shared : {}), ...(isRecord(inputs["labels"]) ? inputs["labels"] : {}) };
  return { pulumiLabels: own, effectiveLabels: { ...own, "goog-pulumi-provisioned": "true" } };
}

function requireApi(type: ResourceType, situation: Situation): void {
  const { project } = placeOf(situation);
  if (type.api === undefined || apiEnabled(situation.records, project, type.api)) return;
  throw new CloudError(403, serviceDisabled(type.api, project));
}

/**
 * What every Google API answers for a project that has it not enabled, or only since a moment ago (cloud.google.com/apis/docs/troubleshooting;
 * the gcp provider hands it on as "googleapi: Error 403: …, accessNotConfigured", and does not try again).
 */
export function serviceDisabled(api: string, project: string): string {
  return `${api} has not been used in project ${project} before or it is disabled. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
}
