import { deliveryAddress } from "../components/shared/delivery-queue";
import { FRAPPE_DOCKER_COMMIT } from "../customers/compatibility";
import { serverEnvironment } from "./server-environment";
import { demoCustomer, productionCustomer } from "./testing/demo-customer";

const FACTS = {
  imageRef: "registry/demo-store/erpnext:1.0@sha256:d",
  secretPrefix: "demo-store-",
  secretKeys: "a b",
  secretVersions: "a=1 b=2",
  backupBucket: "backups",
  accessExpiresAt: "2027-11-23T12:00:00Z",
  healthTokenDigest: "d1",
};

const OF_THE_EXAMPLE = {
  CUSTOMER: "demo-store",
  HOOK_CERTIFICATE: "staging",
  SITE_NAME: "erp.demo-store.example",
  HOOK_HOST: "hooks.demo-store.example",
  ACME_CA: "https://acme-staging-v02.api.letsencrypt.org/directory",
  CUSTOM_IMAGE: "demo-store/erpnext",
  CUSTOM_TAG: "1.0",
  MAX_DELIVERY_BYTES: "5000000",
  ORDERS_AT_ONCE: "1",
  PULL_POLICY: "never",
  ERPNEXT_VERSION: "",
  COMPOSE_FILE: "compose.yaml:overrides/compose.mariadb.yaml:overrides/compose.redis.yaml:/opt/erpnext/compose.yaml",
  COMPOSE_PROJECT_NAME: "erpnext",
  IMAGE_REF: "registry/demo-store/erpnext:1.0@sha256:d",
  FRAPPE_DOCKER_COMMIT,
  GCP_PROJECT: "demo-store-erpnext",
  SECRET_PREFIX: "demo-store-",
  SECRET_KEYS: "a b",
  SECRET_VERSIONS: "a=1 b=2",
  BACKUP_BUCKET: "backups",
  HEALTH_TOKEN_SHA256: "d1",
  ACCESS_EXPIRES_AT: "2027-11-23T12:00:00Z",
  DATA_DEVICE: "/dev/disk/by-id/google-data",
  SHOPIFY_APP: "custom",
  SHOP_DOMAIN: "demo-store.myshopify.com",
  SHOPIFY_TOPICS: "ORDERS_CREATE ORDERS_PAID ORDERS_FULFILLED ORDERS_CANCELLED ORDERS_PARTIALLY_FULFILLED",
  SUBSCRIPTION_URI:
    "https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data",
  COMPANY_NAME: "Demo Store GmbH",
  COMPANY_ABBREVIATION: "DSG",
  COUNTRY: "Germany",
  CURRENCY: "EUR",
  CHART_OF_ACCOUNTS: "Standard",
  FISCAL_YEAR_START: "01-01",
  TIME_ZONE: "Europe/Berlin",
  BANK_ACCOUNT: "Demo Bank - DSG",
  HISTORY_FROM: "2020-01-01",
  AUTOMATION_USER: "automation@demo-store.invalid",
  AUTOMATION_ROLES:
    "System Manager,Accounts User,Item Manager,Purchase Master Manager,Sales Master Manager,Stock Manager,Stock User,Sales User,Accounts Manager",
};

test("the documented example's, to the last variable", () => {
  expect(serverEnvironment(demoCustomer(), FACTS)).toEqual(OF_THE_EXAMPLE);
});

test("production has certificates that browsers trust; a Dev-Dashboard app says what it is", () => {
  expect(serverEnvironment(productionCustomer(), FACTS)).toEqual({
    ...OF_THE_EXAMPLE,
    HOOK_CERTIFICATE: "trusted",
    ACME_CA: "https://acme-v02.api.letsencrypt.org/directory",
    SHOPIFY_APP: "dev-dashboard",
    // Nothing that a test run makes is to be cancelled there.
    AUTOMATION_ROLES:
      "System Manager,Accounts User,Item Manager,Purchase Master Manager,Sales Master Manager,Stock Manager,Stock User",
  });
});

test("the image's name is the customer's own, so that Docker Hub's image without apps can never take its place", () => {
  const { CUSTOM_IMAGE } = serverEnvironment(demoCustomer(), FACTS);
  expect(CUSTOM_IMAGE).not.toMatch(/^frappe\//);
});

test("with Pub/Sub the puller runs, and Shopify's subscriptions are looked for where they lead", () => {
  const customer = demoCustomer();
  const pubsub = { ...customer, shopify: { ...customer.shopify, delivery: "pubsub" as const } };
  const deliveriesSubscription = "projects/demo-store-erpnext/subscriptions/demo-store-deliveries";
  expect(serverEnvironment(pubsub, { ...FACTS, deliveriesSubscription })).toEqual({
    ...OF_THE_EXAMPLE,
    COMPOSE_FILE: `${OF_THE_EXAMPLE.COMPOSE_FILE}:/opt/erpnext/compose.bus.yaml`,
    DELIVERIES_SUBSCRIPTION: deliveriesSubscription,
    SUBSCRIPTION_URI: deliveryAddress(pubsub),
  });
});
