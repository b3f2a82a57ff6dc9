import { AlertPolicy } from "@pulumi/gcp/monitoring/alertPolicy";
import { Subscription } from "@pulumi/gcp/pubsub/subscription";
import { SubscriptionIAMMember } from "@pulumi/gcp/pubsub/subscriptionIAMMember";
import { Topic } from "@pulumi/gcp/pubsub/topic";
import { TopicIAMMember } from "@pulumi/gcp/pubsub/topicIAMMember";
import * as pulumi from "@pulumi/pulumi";

import {
  ACK_DEADLINE_SECONDS,
  EVIDENCE_PREFIX,
  OLDEST_UNACKNOWLEDGED_SECONDS,
  QUEUE_RETENTION_SECONDS,
  SHOPIFY_PUBLISHER,
  topicUri,
} from "./shared/delivery-queue";
import type { CustomerLabels } from "./shared/labels";
import { deliveryQueueName, displayName } from "../core/names";

/** Files of evidence are closed after so long or so many bytes (Cloud Storage subscriptions take 1 to 10 minutes as `maxDuration`). */
const EVIDENCE_SECONDS = 600;
const EVIDENCE_BYTES = 10_000_000;

/** Who publishes, who reads, and where the evidence goes. */
export interface DeliveryQueueArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region; no message leaves it. */
  readonly region: string;
  /** Labels of topic and subscriptions. */
  readonly labels: CustomerLabels;
  /** The server's service account, `serviceAccount:<email>`. */
  readonly member: pulumi.Input<string>;
  /** Bucket that every delivery is written to as evidence, known once Pub/Sub's own account may write to it. */
  readonly bucket: pulumi.Input<string>;
  /** Notification channels that are told when orders wait. */
  readonly notificationChannels: readonly pulumi.Input<string>[];
}

/**
 * Where Shopify delivers to while there need not be a server: a topic that it may publish to, a pull subscription of the server's that never
 * expires and keeps what was acknowledged, so that any window of 31 days can be had again, and one that writes every delivery into the bucket.
 */
export class DeliveryQueue extends pulumi.ComponentResource {
  /** `pubsub://<project>:<topic>`, known once Shopify may publish there and the server's subscription keeps what comes. */
  readonly uri: pulumi.Output<string>;
  /** The server's subscription, `projects/<project>/subscriptions/<name>`, known once the server may read it. */
  readonly subscription: pulumi.Output<string>;

  constructor(name: string, args: DeliveryQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:DeliveryQueue", name, {}, opts);

    const topic = this.topic(name, args);
    const pulled = this.pulled(name, args, topic);
    const reader = new SubscriptionIAMMember(
      `${name}-server`,
      {
        project: args.project,
        subscription: pulled.name,
        role: "roles/pubsub.subscriber",
        member: args.member,
      },
      { parent: this },
    );
    const evidence = this.evidence(name, args, topic);
    // Last: what Shopify publishes before there is a subscription is kept for none.
    const publisher = new TopicIAMMember(
      `${name}-shopify`,
      { project: args.project, topic: topic.name, role: "roles/pubsub.publisher", member: SHOPIFY_PUBLISHER },
      { parent: this, dependsOn: [pulled, evidence] },
    );
    this.alert(name, args, pulled);

    this.uri = pulumi.all([topic.name, publisher.etag]).apply(([topicName]) => topicUri(args.project, topicName));
    this.subscription = pulumi
      .all([pulled.name, reader.etag])
      .apply(([pulledName]) => `projects/${args.project}/subscriptions/${pulledName}`);
    this.registerOutputs({ uri: this.uri, subscription: this.subscription });
  }

  private topic(name: string, args: DeliveryQueueArgs): Topic {
    return new Topic(
      `${name}-topic`,
      {
        project: args.project,
        name: deliveryQueueName(args.slug),
        labels: args.labels,
        messageRetentionDuration: `${QUEUE_RETENTION_SECONDS}s`,
        messageStoragePolicy: { allowedPersistenceRegions: [args.region] },
      },
      { parent: this },
    );
  }

  private pulled(name: string, args: DeliveryQueueArgs, topic: Topic): Subscription {
    return new Subscription(
      `${name}-pulled`,
      {
        project: args.project,
        name: deliveryQueueName(args.slug),
        topic: topic.id,
        labels: args.labels,
        // The puller puts it off itself; what it had when it was killed comes again after that.
        ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
        messageRetentionDuration: `${QUEUE_RETENTION_SECONDS}s`,
        retainAckedMessages: true,
        // A server that is away for 31 days would otherwise find no subscription.
        expirationPolicy: { ttl: "" },
        // Shorter than `drain-queue` waits for what was given back, which would go with the subscription otherwise.
        retryPolicy: { minimumBackoff: "10s", maximumBackoff: "60s" },
      },
      { parent: this },
    );
  }

  private evidence(name: string, args: DeliveryQueueArgs, topic: Topic): Subscription {
    return new Subscription(
      `${name}-evidence`,
      {
        project: args.project,
        name: deliveryQueueName(args.slug, "evidence"),
        topic: topic.id,
        labels: args.labels,
        ackDeadlineSeconds: 600,
        messageRetentionDuration: `${QUEUE_RETENTION_SECONDS}s`,
        expirationPolicy: { ttl: "" },
        cloudStorageConfig: {
          bucket: args.bucket,
          filenamePrefix: EVIDENCE_PREFIX,
          maxDuration: `${EVIDENCE_SECONDS}s`,
          maxBytes: EVIDENCE_BYTES,
          avroConfig: { writeMetadata: true },
        },
      },
      { parent: this },
    );
  }

  private alert(name: string, args: DeliveryQueueArgs, pulled: Subscription): AlertPolicy {
    const minutes = OLDEST_UNACKNOWLEDGED_SECONDS / 60;
    return new AlertPolicy(
      `${name}-orders-wait`,
      {
        project: args.project,
        displayName: displayName(args.slug, "orders wait in Pub/Sub"),
        severity: "CRITICAL",
        combiner: "OR",
        userLabels: args.labels,
        notificationChannels: [...args.notificationChannels],
        conditions: [
          {
            displayName: `the oldest delivery waits for more than ${minutes} minutes`,
            conditionThreshold: {
              filter: pulumi.interpolate`metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" AND resource.type="pubsub_subscription" AND resource.label.subscription_id="${pulled.name}"`,
              aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MAX" }],
              comparison: "COMPARISON_GT",
              thresholdValue: OLDEST_UNACKNOWLEDGED_SECONDS,
              duration: "300s",
              trigger: { count: 1 },
            },
          },
        ],
        documentation: {
          mimeType: "text/markdown",
          content: `A delivery of Shopify's to customer ${args.slug} has been in Pub/Sub for more than ${minutes} minutes and is not in ERPNext. Nothing is lost for ${QUEUE_RETENTION_SECONDS / 86_400} days. Run \`./stack doctor ${args.slug}\` and \`./stack deliveries ${args.slug}\`.`,
        },
      },
      { parent: this },
    );
  }
}
