import * as pulumi from "@pulumi/pulumi";

/** Digest that every image in a test has. */
export const TEST_DIGEST = `sha256:${"d".repeat(64)}`;

/** Address that every reservation in a test gets (TEST-NET-3). */
export const TEST_ADDRESS = "203.0.113.10";

/** What Cloudflare gives the service token of a test: once, and never again. */
export const TEST_ACCESS_TOKEN = {
  clientId: "id.access",
  clientSecret: "canary-access-client-secret",
  expiresAt: "2027-11-23T00:00:00Z",
} as const;

/** The app that the credential of a test belongs to. */
export const TEST_SHOPIFY_APP = {
  appId: "gid://shopify/App/1",
  appTitle: "ERPNext",
  appHandle: "erpnext",
  apiKey: "app-client-id",
  grantedScopes: ["read_all_orders", "read_orders"],
  currencyCode: "EUR",
  hasAllOrders: true,
} as const;

type Inputs = Readonly<Record<string, unknown>>;

/** What the clouds would answer beyond the inputs, by resource type, for the types whose answers components pass on. */
const OUTPUTS: Readonly<Record<string, (inputs: Inputs) => Inputs>> = {
  "gcp:compute/address:Address": () => ({ address: TEST_ADDRESS }),
  "gcp:compute/instance:Instance": ({ name }) => ({ instanceId: `number-of-${String(name)}` }),
  "gcp:serviceaccount/account:Account": ({ accountId, project }) => {
    const email = `${String(accountId)}@${String(project)}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}` };
  },
  "gcp:secretmanager/secretVersion:SecretVersion": ({ secret }) => ({
    version: "1",
    name: `${String(secret)}/versions/1`,
    createTime: "2026-11-01T00:00:00Z",
  }),
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": ({ displayName }) => ({ uptimeCheckId: slugOf(displayName) }),
  "gcp:monitoring/notificationChannel:NotificationChannel": ({ displayName }) => ({
    name: `projects/test/notificationChannels/${slugOf(displayName)}`,
  }),
  "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": () => TEST_ACCESS_TOKEN,
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": ({ name }) => ({
    aud: `audience-of-${String(name)}`,
  }),
  "pulumi-nodejs:dynamic/shopify:App": () => TEST_SHOPIFY_APP,
  "pulumi-nodejs:dynamic/shopify:WebhookSubscription": ({ topic }) => ({
    legacyResourceId: `number of ${String(topic)}`,
  }),
  // As the real provider does, because one of the inputs, the registry's token, is secret.
  "docker-build:index:Image": ({ tags }) => ({
    digest: pulumi.secret(TEST_DIGEST),
    ref: pulumi.secret(`${String((tags as string[])[0])}@${TEST_DIGEST}`),
  }),
};

function slugOf(text: unknown): string {
  return String(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
}

/** The recorded inputs with the cloud's own answers added. */
export function cloudOutputs(type: string, inputs: Inputs): Inputs {
  return { ...inputs, ...OUTPUTS[type]?.(inputs) };
}
