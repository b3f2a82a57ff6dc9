import { z } from "zod";

import type { JsonAnswer } from "./json-api";

/** One permission for each role that a customer's updates need (scripts/lib/bootstrap/roles.ts). */
export const NEEDED_RIGHTS: Readonly<Record<string, string>> = {
  "serviceusage.services.enable": "roles/serviceusage.serviceUsageAdmin",
  "resourcemanager.projects.setIamPolicy": "roles/resourcemanager.projectIamAdmin",
  "compute.instances.create": "roles/compute.admin",
  "iam.serviceAccounts.create": "roles/iam.serviceAccountAdmin",
  "iam.serviceAccounts.actAs": "roles/iam.serviceAccountUser",
  "artifactregistry.repositories.create": "roles/artifactregistry.admin",
  "secretmanager.secrets.create": "roles/secretmanager.admin",
  "storage.buckets.create": "roles/storage.admin",
  "monitoring.alertPolicies.create": "roles/monitoring.editor",
};

/** What only some customers need: those with delivery by Pub/Sub. */
export const OPTIONAL_RIGHTS: Readonly<Record<string, string>> = { "pubsub.topics.create": "roles/pubsub.admin" };

const grantedSchema = z.object({ permissions: z.array(z.string()).default([]) });

/** What of them an answer of `projects.testIamPermissions` does not grant; undefined where Google did not tell. */
export function missingRights(
  { status, body }: JsonAnswer,
  wanted: readonly string[] = Object.keys(NEEDED_RIGHTS),
): readonly string[] | undefined {
  const granted = grantedSchema.safeParse(body).data;
  if (status !== 200 || granted === undefined) return undefined;
  return wanted.filter((permission) => !granted.permissions.includes(permission));
}

/** The role that has a permission, or does for its service. */
export function roleWith(permission: string): string | undefined {
  const roles = { ...NEEDED_RIGHTS, ...OPTIONAL_RIGHTS };
  const service = permission.split(".")[0] ?? "";
  const near = Object.keys(roles).find((needed) => needed.startsWith(`${service}.`)) ?? "";
  return roles[permission] ?? roles[near];
}
