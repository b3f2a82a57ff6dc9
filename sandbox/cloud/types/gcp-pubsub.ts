import { form } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { items, text } from "../values";
import { BUCKET } from "./gcp-data";
import { iamBinding } from "./gcp-project";
import { gcp, placeOf, projectNumber } from "./gcp-type";

const API = "pubsub.googleapis.com";
const TOPIC = "gcp:pubsub/topic:Topic";
const SUBSCRIPTION = "gcp:pubsub/subscription:Subscription";

/** Names of topics and subscriptions: https://docs.cloud.google.com/pubsub/docs/pubsub-basics#resource_names. */
const name = form(
  /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/,
  "3 to 255 letters, digits and - . _ ~ % +, beginning with a letter and not with goog",
);

/** 10 minutes to 31 days: https://docs.cloud.google.com/pubsub/docs/subscription-properties. */
const retention = form(
  /^([6-9]\d\d|[1-9]\d{3,5}|1\d{6}|2[0-5]\d{5}|26[0-6]\d{4}|267[0-7]\d{3}|2678[0-3]\d\d|2678400)s$/,
  "from 600s to 2678400s",
);

const topic = gcp({
  token: TOPIC,
  api: API,
  checks: { name, messageRetentionDuration: retention },
  replaces: ["name", "project"],
  id: (situation) => pathOf(situation, "topics", text(situation.inputs, "name")),
});

const subscription = gcp({
  token: SUBSCRIPTION,
  api: API,
  checks: {
    name,
    messageRetentionDuration: retention,
    ackDeadlineSeconds: (value) =>
      typeof value === "number" && value >= 10 && value <= 600 ? undefined : "must be a number from 10 to 600",
  },
  defaults: { retainAckedMessages: false, enableMessageOrdering: false },
  replaces: ["name", "project", "topic", "enableMessageOrdering"],
  id: (situation) => pathOf(situation, "subscriptions", text(situation.inputs, "name")),
  verify: (situation) => {
    const wanted = text(situation.inputs, "topic");
    if (situation.records.get(TOPIC, pathOf(situation, "topics", wanted)) === undefined) {
      throw new CloudError(404, `Resource not found (resource=${wanted.split("/").at(-1) ?? ""}).`);
    }
    verifyBucket(situation);
  },
});

interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** Google tries to write into the bucket: the agent must be allowed to. */
function verifyBucket({ inputs, records }: Situation): void {
  const bucket = text(inputs, "cloudStorageConfig.bucket");
  if (bucket === "" && items(inputs, "cloudStorageConfig").length === 0) return;
  if (records.get(BUCKET, bucket) === undefined) throw new CloudError(404, `The specified bucket does not exist.`);
  const roles = records
    .list("gcp:storage/bucketIAMPolicy:BucketIAMPolicy")
    .filter((policy) => text(policy.inputs, "bucket").replace(/^b\//, "") === bucket)
    .flatMap((policy) => (JSON.parse(text(policy.inputs, "policyData")) as { bindings: Binding[] }).bindings)
    .filter(({ members }) => members.some((member) => member.includes("@gcp-sa-pubsub.")))
    .map(({ role }) => role);
  if (roles.includes("roles/storage.objectCreator") && roles.includes("roles/storage.legacyBucketReader")) return;
  throw new CloudError(
    400,
    `Cloud Pub/Sub did not have the necessary permissions configured to support write to Cloud Storage. Please verify that the service account has the roles "Storage Object Creator" and "Storage Legacy Bucket Reader" on the bucket ${bucket}.`,
  );
}

const topicMember = iamBinding({
  token: "gcp:pubsub/topicIAMMember:TopicIAMMember",
  api: API,
  replaces: ["topic", "role", "member", "project", "condition"],
  target: (situation) => pathOf(situation, "topics", text(situation.inputs, "topic")),
});

const subscriptionMember = iamBinding({
  token: "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember",
  api: API,
  replaces: ["subscription", "role", "member", "project", "condition"],
  target: (situation) => pathOf(situation, "subscriptions", text(situation.inputs, "subscription")),
});

/** Google's own account of a service in a project; it is made when it is asked for, and never goes. */
const serviceIdentity = gcp({
  token: "gcp:projects/serviceIdentity:ServiceIdentity",
  shared: true,
  residue: true,
  staysOnDelete: () => true,
  replaces: ["service", "project"],
  id: (situation) => `projects/${placeOf(situation).project}/services/${text(situation.inputs, "service")}`,
  computed: (situation) => {
    const agent = text(situation.inputs, "service").replace(/\.googleapis\.com$/, "");
    const email = `service-${projectNumber(placeOf(situation).project)}@gcp-sa-${agent}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}` };
  },
});

export const pubsubTypes: readonly ResourceType[] = [
  topic,
  subscription,
  topicMember,
  subscriptionMember,
  serviceIdentity,
];

/** The path of a topic or a subscription from its path or its short name. */
function pathOf(situation: Situation, kind: "topics" | "subscriptions", named: string): string {
  return named.startsWith("projects/") ? named : `projects/${placeOf(situation).project}/${kind}/${named}`;
}
