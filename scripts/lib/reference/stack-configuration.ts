/** A key of `customers/Pulumi.<slug>.yaml`. */
export interface StackConfigurationKey {
  readonly key: string;
  readonly secret: boolean;
  /** Markdown, one line. */
  readonly purpose: string;
}

const secret = (key: string, purpose: string): StackConfigurationKey => ({ key, secret: true, purpose });
const plain = (key: string, purpose: string): StackConfigurationKey => ({ key, secret: false, purpose });

/** Every key that a stack reads; infra/secrets.ts and infra/endpoints.ts read them. */
export const STACK_CONFIGURATION: readonly StackConfigurationKey[] = [
  secret("shopifyApiSecret", "signs the webhooks (HMAC); with `app: dev-dashboard` it also gets the tokens"),
  secret("shopifyApiSecretPrevious", "the app's older secret, [while it is rotated](operations.md#daily-use)"),
  secret("shopifyAdminToken", "Admin API token, only with `app: custom`"),
  plain("shopifyClientId", "client id of the app, only with `app: dev-dashboard`"),
  secret("automationApiKey", "Frappe API key of the user that sends this project's own requests"),
  secret("automationApiSecret", "the secret that belongs to it"),
  secret("databaseRootPassword", "MariaDB's root password; never changes"),
  secret("administratorPassword", "password of ERPNext's user Administrator"),
  secret("cloudflare:apiToken", "Cloudflare's API; without it the environment variable `CLOUDFLARE_API_TOKEN` applies"),
  plain("shopifyApiUrl", "address of Shopify's Admin API instead of the shop's domain, for a stand-in"),
  plain("frappeApiUrl", "address of ERPNext instead of the UI host, for a stand-in or a server without a DNS name"),
  plain("hookUrl", "the same for the hook host"),
  plain("edgeUrl", "the same for the console's host; only `doctor` uses it"),
  plain("registryUrl", "address at which `rollout` reaches the image's registry instead of Google's"),
  plain("gcp:<service>CustomEndpoint", "another address of a Google API, such as `gcp:computeCustomEndpoint`"),
  plain("cloudflare:baseUrl", "another address of Cloudflare's API"),
];
