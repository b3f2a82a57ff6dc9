import type { Input } from "@pulumi/pulumi/output";

import { automationRoleNames } from "../components/shared/automation-roles";
import { subscribedTopics } from "../core/connector";
import { MAX_DELIVERY_BYTES } from "../core/delivery-limit";
import { deliveryAddress } from "../components/shared/delivery-queue";
import { certificateOf, type Certificate } from "../customers/certificate";
import { contentsOf } from "../customers/image-contents";
import { ordersAtOnce } from "../customers/orders-at-once";
import type { Customer } from "../customers/schema";

/** What only the stack knows of the server's environment. */
export interface ServerFacts {
  readonly imageRef: Input<string>;
  readonly secretPrefix: Input<string>;
  readonly secretKeys: Input<string>;
  /** Changes when a secret does, so that the server reads it again. */
  readonly secretVersions: Input<string>;
  readonly backupBucket: Input<string>;
  /** The subscription that Shopify's deliveries are pulled from, `projects/<project>/subscriptions/<name>`; none: they come to the door. */
  readonly deliveriesSubscription?: Input<string>;
  /** Digest of the token that /healthz shows everything for (core/health-token.ts). */
  readonly healthTokenDigest: Input<string>;
  /** When Cloudflare Access stops taking this project's own requests (RFC 3339). */
  readonly accessExpiresAt: Input<string>;
}

/** Let's Encrypt's directories (https://letsencrypt.org/docs/staging-environment/). Staging has no limits to run into. */
const ACME_DIRECTORY: Readonly<Record<Certificate, string>> = {
  trusted: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/** frappe_docker's files and ours, in the order Compose merges them. */
const COMPOSE_FILES = [
  "compose.yaml",
  "overrides/compose.mariadb.yaml",
  "overrides/compose.redis.yaml",
  "/opt/erpnext/compose.yaml",
];

/** And the program that pulls from Pub/Sub. */
const COMPOSE_BUS = "/opt/erpnext/compose.bus.yaml";

/** The server's `.env`: everything about this customer that host/ needs, and no secret. */
export function serverEnvironment(customer: Customer, facts: ServerFacts): Record<string, Input<string>> {
  const { frappeDocker, leftOut } = contentsOf(customer);
  return {
    CUSTOMER: customer.slug,
    SITE_NAME: customer.hosts.ui,
    HOOK_HOST: customer.hosts.hook,
    HOOK_CERTIFICATE: certificateOf(customer),
    ACME_CA: ACME_DIRECTORY[certificateOf(customer)],
    // A customer-namespaced name that is never pulled: frappe/erpnext would be replaced by Docker Hub's image without apps.
    CUSTOM_IMAGE: `${customer.slug}/erpnext`,
    CUSTOM_TAG: customer.erpnext.imageTag,
    PULL_POLICY: "never",
    // The tag of Docker Hub's image, in whose place CUSTOM_TAG stands. Unset, Compose warns of it nine times at each call.
    ERPNEXT_VERSION: "",
    COMPOSE_FILE: [...COMPOSE_FILES, ...(facts.deliveriesSubscription === undefined ? [] : [COMPOSE_BUS])].join(":"),
    COMPOSE_PROJECT_NAME: "erpnext",
    IMAGE_REF: facts.imageRef,
    FRAPPE_DOCKER_COMMIT: frappeDocker,
    // Apps of other countries, which every image of a release has.
    ...(leftOut.length === 0 ? {} : { APPS_LEFT_OUT: leftOut.join(" ") }),
    GCP_PROJECT: customer.gcp.project,
    SECRET_PREFIX: facts.secretPrefix,
    SECRET_KEYS: facts.secretKeys,
    SECRET_VERSIONS: facts.secretVersions,
    BACKUP_BUCKET: facts.backupBucket,
    HEALTH_TOKEN_SHA256: facts.healthTokenDigest,
    ACCESS_EXPIRES_AT: facts.accessExpiresAt,
    DATA_DEVICE: "/dev/disk/by-id/google-data",
    SHOPIFY_APP: customer.shopify.app,
    ...(facts.deliveriesSubscription === undefined ? {} : { DELIVERIES_SUBSCRIPTION: facts.deliveriesSubscription }),
    MAX_DELIVERY_BYTES: String(MAX_DELIVERY_BYTES),
    ORDERS_AT_ONCE: String(ordersAtOnce(customer)),
    SHOP_DOMAIN: customer.shopify.shopDomain,
    SHOPIFY_TOPICS: subscribedTopics(customer).join(" "),
    SUBSCRIPTION_URI: deliveryAddress(customer),
    COMPANY_NAME: customer.company.legalName,
    COMPANY_ABBREVIATION: customer.company.abbreviation,
    COUNTRY: customer.company.country,
    CURRENCY: customer.company.currency,
    CHART_OF_ACCOUNTS: customer.company.chartOfAccounts,
    FISCAL_YEAR_START: customer.company.fiscalYearStart,
    TIME_ZONE: customer.company.timeZone,
    BANK_ACCOUNT: customer.accounting.cashBankAccount,
    HISTORY_FROM: customer.sync.history.from,
    AUTOMATION_USER: `automation@${customer.slug}.invalid`,
    AUTOMATION_ROLES: automationRoleNames(customer.environment),
  };
}
