import { DeliveryQueue, type DeliveryQueueArgs } from "./delivery-queue";
import { topicOfUri } from "./shared/delivery-queue";
import { recordResources, type Recording } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const ARGS: DeliveryQueueArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  labels: { customer: "acme" },
  member: "serviceAccount:acme-erpnext@acme-project.iam.gserviceaccount.com",
  bucket: "acme-project-acme-backups",
  notificationChannels: ["projects/acme-project/notificationChannels/1"],
};

let queue: Recording<DeliveryQueue>;
beforeAll(async () => {
  queue = await recordResources(() => new DeliveryQueue("deliveries", ARGS));
});

const inputsOf = (name: string) => queue.named(name).inputs;

test("keeps every delivery for 31 days, read or not, for a server that may be away as long", () => {
  expect(inputsOf("deliveries-topic")).toMatchObject({
    name: "acme-deliveries",
    messageRetentionDuration: "2678400s",
    messageStoragePolicy: { allowedPersistenceRegions: ["europe-west3"] },
  });
  expect(inputsOf("deliveries-pulled")).toMatchObject({
    messageRetentionDuration: "2678400s",
    retainAckedMessages: true,
    expirationPolicy: { ttl: "" },
    retryPolicy: { minimumBackoff: "10s", maximumBackoff: "60s" },
  });
});

test("Shopify alone publishes, and not before there is a subscription that keeps what comes", () => {
  const { inputs, dependencies } = queue.named("deliveries-shopify");
  expect(inputs).toMatchObject({
    role: "roles/pubsub.publisher",
    member: "serviceAccount:delivery@shopify-pubsub-webhooks.iam.gserviceaccount.com",
  });
  const before = dependencies.map((urn) => urn.split("::").at(-1));
  expect(before).toEqual(expect.arrayContaining(["deliveries-pulled", "deliveries-evidence"]));
});

test("the server may read its own subscription and nothing else", () => {
  expect(inputsOf("deliveries-server")).toMatchObject({
    subscription: "acme-deliveries",
    role: "roles/pubsub.subscriber",
    member: ARGS.member,
  });
});

test("every delivery is written to the bucket as evidence", () => {
  expect(inputsOf("deliveries-evidence")).toMatchObject({
    expirationPolicy: { ttl: "" },
    cloudStorageConfig: { bucket: ARGS.bucket, filenamePrefix: "deliveries/", avroConfig: { writeMetadata: true } },
  });
});

test("people are written to when a delivery has waited for half an hour", () => {
  const [condition] = inputsOf("deliveries-orders-wait")["conditions"] as { conditionThreshold: object }[];
  expect(condition?.conditionThreshold).toMatchObject({
    filter: expect.stringContaining("subscription/oldest_unacked_message_age") as string,
    thresholdValue: 1800,
  });
  expect(inputsOf("deliveries-orders-wait")["notificationChannels"]).toEqual(ARGS.notificationChannels);
});

test("tells the address that Shopify takes, and the subscription that the server pulls", async () => {
  expect(await valueOf(queue.result.uri)).toBe("pubsub://acme-project:acme-deliveries");
  expect(await valueOf(queue.result.subscription)).toBe("projects/acme-project/subscriptions/acme-deliveries");
});

test.each([
  ["pubsub://acme-project:acme-deliveries", { project: "acme-project", topic: "acme-deliveries" }],
  ["pubsub://acme-project/acme-deliveries", undefined],
  ["pubsub://acme-project:", undefined],
  ["https://hooks.acme.example/", undefined],
])("%s is the topic %j", (uri, topic) => {
  expect(topicOfUri(uri)).toEqual(topic);
});
