import { form, iamMember, iamRole } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { text } from "../values";
import { gcp, numericId, placeOf } from "./gcp-type";

const ACCOUNT = "gcp:serviceaccount/account:Account";

const service = gcp({
  token: "gcp:projects/service:Service",
  checks: { service: form(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, 'an API such as "compute.googleapis.com"') },
  replaces: ["service", "project"],
  shared: true,
  // An enabled API costs nothing and belongs to the project.
  residue: true,
  staysOnDelete: (record) => record.inputs["disableOnDestroy"] !== true,
  id: (situation) => `${placeOf(situation).project}/${text(situation.inputs, "service")}`,
});

const account = gcp({
  token: ACCOUNT,
  api: "iam.googleapis.com",
  checks: {
    accountId: form(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      "6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    description: form(/^.{0,256}$/s, "at most 256 characters"),
  },
  defaults: { disabled: false },
  replaces: ["accountId", "project"],
  id: (situation) => `projects/${placeOf(situation).project}/serviceAccounts/${emailOf(situation)}`,
  // The provider's own plan knows these.
  planned: (situation) => ({ email: emailOf(situation), member: `serviceAccount:${emailOf(situation)}` }),
  computed: (situation) => ({
    name: `projects/${placeOf(situation).project}/serviceAccounts/${emailOf(situation)}`,
    uniqueId: numericId(),
  }),
});

const projectMember = iamBinding({
  token: "gcp:projects/iAMMember:IAMMember",
  api: "cloudresourcemanager.googleapis.com",
  replaces: ["project", "role", "member", "condition"],
  target: (situation) => placeOf(situation).project,
});

export const projectTypes: readonly ResourceType[] = [service, account, projectMember];

/** A role that a principal has on something: made twice it is one binding, and deleting it twice is fine. */
export function iamBinding(
  type: Pick<ResourceType, "token" | "replaces" | "verify"> & { api: string; target: (situation: Situation) => string },
): ResourceType {
  return gcp({
    ...type,
    checks: { member: iamMember, role: iamRole },
    shared: true,
    id: (situation) =>
      `${type.target(situation)}/${text(situation.inputs, "role")}/${text(situation.inputs, "member")}`,
    computed: () => ({ etag: `BwY${numericId()}` }),
    volatile: ["etag"],
    verify: (situation) => {
      type.verify?.(situation);
      requireMember(situation, text(situation.inputs, "member"));
    },
  });
}

/** Projects of Google's services, and the one that Shopify publishes from: their accounts are there without anyone's doing. */
const OTHERS = /@(gcp-sa-[a-z-]+|shopify-pubsub-webhooks)\.iam\.gserviceaccount\.com$/;

/** Bindings to a service account that is not there are refused; other principals are Google's to know. */
export function requireMember(situation: Situation, member: string): void {
  const [, email] = /^serviceAccount:(.+@[a-z0-9-]+\.iam\.gserviceaccount\.com)$/.exec(member) ?? [];
  if (
    email === undefined ||
    OTHERS.test(email) ||
    situation.records.list(ACCOUNT).some((record) => record.outputs["email"] === email)
  )
    return;
  throw new CloudError(400, `The service account ${email} does not exist; create it before it is granted anything.`);
}

function emailOf(situation: Situation): string {
  return `${text(situation.inputs, "accountId")}@${placeOf(situation).project}.iam.gserviceaccount.com`;
}
