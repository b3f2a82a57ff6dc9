import { QUEUE_RETENTION_SECONDS, SHOPIFY_PUBLISHER } from "../../components/shared/delivery-queue";
import { fieldsOf, isHidden, listOf, textOf, type PolicyResource, type Rule } from "./rule";

/** Roles with which a principal can publish to a topic; those of basic roles and administrators are refused everywhere. */
const PUBLISHES = /^roles\/pubsub\.(?:publisher|editor)$/;

/** What Shopify delivers comes from Shopify, and is kept for as long as Google keeps it. */
export const SAFE_QUEUE: Rule = {
  name: "safe-queue",
  why: "A principal that may publish to the topic makes orders in ERPNext, and a subscription that expires loses them.",
  faultOf: (resource) => publisherFault(resource) ?? keepingFault(resource),
};

function publisherFault({ type, inputs }: PolicyResource): string | undefined {
  if (!type.startsWith("gcp:pubsub/topicIAM")) return undefined;
  for (const { role, members } of grantsOf(inputs)) {
    const foreign = members.find((member) => member !== SHOPIFY_PUBLISHER);
    if (PUBLISHES.test(role) && foreign !== undefined) {
      return `lets "${foreign}" publish deliveries: grant "${role}" to "${SHOPIFY_PUBLISHER}" alone`;
    }
  }
  return undefined;
}

/** One grant, a role's whole list, or the topic's whole policy. */
function grantsOf(inputs: PolicyResource["inputs"]): readonly { role: string; members: readonly string[] }[] {
  const policy = textOf(inputs["policyData"]);
  const grants = policy === undefined ? [inputs] : (listOf(fieldsOf(JSON.parse(policy))["bindings"]) ?? []);
  return grants.map(fieldsOf).map(({ role, member, members }) => ({
    role: textOf(role) ?? "",
    members: [member, ...(listOf(members) ?? [])].flatMap((one) => textOf(one) ?? []),
  }));
}

function keepingFault({ type, inputs }: PolicyResource): string | undefined {
  const { messageRetentionDuration: retention, expirationPolicy, retainAckedMessages, cloudStorageConfig } = inputs;
  const isTopic = type === "gcp:pubsub/topic:Topic";
  if (!isTopic && type !== "gcp:pubsub/subscription:Subscription") return undefined;
  if (retention !== `${QUEUE_RETENTION_SECONDS}s` && !isHidden(retention)) {
    return `does not keep a delivery for 31 days: set "messageRetentionDuration" to "${QUEUE_RETENTION_SECONDS}s"`;
  }
  if (isTopic) return undefined;
  const { ttl } = fieldsOf(expirationPolicy);
  if (ttl !== "" && !isHidden(ttl) && !isHidden(expirationPolicy)) {
    return 'goes when nothing reads it for 31 days: set "expirationPolicy.ttl" to ""';
  }
  if (cloudStorageConfig === undefined && retainAckedMessages !== true && !isHidden(retainAckedMessages)) {
    return 'cannot give again what a lost disk had: set "retainAckedMessages" to true';
  }
  return undefined;
}
