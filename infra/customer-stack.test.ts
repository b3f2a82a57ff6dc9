import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { FRAPPE_DOCKER_COMMIT } from "../customers/compatibility";
import { healthToken, healthTokenDigest } from "../core/health-token";
import { TEST_ACCESS_TOKEN, TEST_ADDRESS, TEST_DIGEST, TEST_SHOPIFY_APP } from "../components/testing/cloud-outputs";
import { type RecordedResource, type Recording, Secret } from "../components/testing/record-resources";
import { valueOf } from "../components/testing/value-of";
import { readServerFiles } from "./host-files";
import { stackOutputsSchema } from "./outputs";
import { demoCustomer, productionCustomer } from "./testing/demo-customer";
import { CANARY, recordCustomer } from "./testing/record-customer";

type Stack = Recording<Record<string, unknown>>;

/** The documented example, and the same store in production with a Dev-Dashboard app. */
let demo: Stack;
let production: Stack;

// Recorded once each: a recording is read, never changed.
beforeAll(async () => {
  demo = await recordCustomer(demoCustomer());
  production = await recordCustomer(productionCustomer());
}, 60_000);

const identity = ({ type, name, parentType }: RecordedResource) => `${type} ${name} in ${parentType ?? "the stack"}`;
const identities = ({ resources }: Stack) => resources.map(identity).sort();
const namesWhere = ({ resources }: Stack, holds: (resource: RecordedResource) => boolean) =>
  resources
    .filter(holds)
    .map(({ name }) => name)
    .sort();
const dependenciesOf = ({ named }: Stack, name: string) =>
  named(name)
    .dependencies.map((urn) => urn.split("::").at(-1) ?? "")
    .sort();

test("the guard depends on everything else, and is protected in production alone", () => {
  for (const stack of [demo, production]) {
    const others = namesWhere(stack, ({ type }) => !/^(erpnext|pulumi):/.test(type));
    expect(dependenciesOf(stack, "destroy-guard")).toEqual(expect.arrayContaining(others));
  }
  expect(demo.named("destroy-guard").protect).toBe(false);
  expect(production.named("destroy-guard").protect).toBe(true);
});

describe("what there is", () => {
  test("of the documented example", () => {
    expect(identities(demo).join("\n")).toMatchInlineSnapshot(`
      "cloudflare:index/d1Database:D1Database console-database in erpnext:cloudflare:SyncConsole
      cloudflare:index/dnsRecord:DnsRecord hook-record in erpnext:cloudflare:WebhookIngress
      cloudflare:index/dnsRecord:DnsRecord ui-record in erpnext:cloudflare:UiTunnel
      cloudflare:index/workersCronTrigger:WorkersCronTrigger console-schedule in erpnext:cloudflare:SyncConsole
      cloudflare:index/workersCustomDomain:WorkersCustomDomain console-domain in erpnext:cloudflare:SyncConsole
      cloudflare:index/workersScript:WorkersScript console-script in erpnext:cloudflare:SyncConsole
      cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain console-subdomain in erpnext:cloudflare:SyncConsole
      cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication console-application in erpnext:cloudflare:SyncConsole
      cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication ui-application in erpnext:cloudflare:UiTunnel
      cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy console-people-policy in erpnext:cloudflare:SyncConsole
      cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy ui-automation-policy in erpnext:cloudflare:UiTunnel
      cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy ui-people-policy in erpnext:cloudflare:UiTunnel
      cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken ui-automation-token in erpnext:cloudflare:UiTunnel
      cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared ui-tunnel in erpnext:cloudflare:UiTunnel
      cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig ui-rules in erpnext:cloudflare:UiTunnel
      command:local:Command ready-applied in erpnext:server:ServerReady
      command:local:Command ready-final-backup in erpnext:server:ServerReady
      docker-build:index:Image image-apps in erpnext:image:ErpnextImage
      docker-build:index:Image image-erpnext in erpnext:image:ErpnextImage
      erpnext:cloudflare:SyncConsole console in the stack
      erpnext:cloudflare:UiTunnel ui in the stack
      erpnext:cloudflare:WebhookIngress hook in the stack
      erpnext:frappe:ConnectorSettings settings in the stack
      erpnext:gcp:BackupBucket backups in the stack
      erpnext:gcp:ErpnextServer server in the stack
      erpnext:gcp:ProjectServices services in the stack
      erpnext:gcp:ServerIdentity identity in the stack
      erpnext:gcp:ServerMonitoring monitoring in the stack
      erpnext:gcp:ServerNetwork network in the stack
      erpnext:gcp:ServerSecrets secrets in the stack
      erpnext:image:ErpnextImage image in the stack
      erpnext:server:ServerReady ready in the stack
      erpnext:shopify:ShopifyWebhooks webhooks in the stack
      erpnext:stack:DestroyGuard destroy-guard in the stack
      gcp:artifactregistry/repository:Repository image-repository in erpnext:image:ErpnextImage
      gcp:artifactregistry/repositoryIamMember:RepositoryIamMember image-reader in erpnext:image:ErpnextImage
      gcp:compute/address:Address network-address in erpnext:gcp:ServerNetwork
      gcp:compute/disk:Disk server-data in erpnext:gcp:ErpnextServer
      gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment server-data-snapshots in erpnext:gcp:ErpnextServer
      gcp:compute/firewall:Firewall network-iap-ssh in erpnext:gcp:ServerNetwork
      gcp:compute/firewall:Firewall network-web in erpnext:gcp:ServerNetwork
      gcp:compute/instance:Instance server-instance in erpnext:gcp:ErpnextServer
      gcp:compute/network:Network network-network in erpnext:gcp:ServerNetwork
      gcp:compute/resourcePolicy:ResourcePolicy server-daily-snapshots in erpnext:gcp:ErpnextServer
      gcp:compute/subnetwork:Subnetwork network-subnetwork in erpnext:gcp:ServerNetwork
      gcp:monitoring/alertPolicy:AlertPolicy monitoring-certificate in erpnext:gcp:ServerMonitoring
      gcp:monitoring/alertPolicy:AlertPolicy monitoring-down in erpnext:gcp:ServerMonitoring
      gcp:monitoring/alertPolicy:AlertPolicy monitoring-fault in erpnext:gcp:ServerMonitoring
      gcp:monitoring/alertPolicy:AlertPolicy monitoring-silent in erpnext:gcp:ServerMonitoring
      gcp:monitoring/notificationChannel:NotificationChannel monitoring-email-ops@agency.example in erpnext:gcp:ServerMonitoring
      gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig monitoring-healthz in erpnext:gcp:ServerMonitoring
      gcp:projects/iAMMember:IAMMember identity-log-writer in erpnext:gcp:ServerIdentity
      gcp:projects/iAMMember:IAMMember identity-metric-writer in erpnext:gcp:ServerIdentity
      gcp:projects/service:Service services-artifactregistry in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-cloudresourcemanager in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-compute in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-containerscanning in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-iam in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-iap in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-logging in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-monitoring in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-oslogin in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-secretmanager in erpnext:gcp:ProjectServices
      gcp:projects/service:Service services-storage in erpnext:gcp:ProjectServices
      gcp:secretmanager/secret:Secret secrets-administrator-password in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-automation-api-key in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-automation-api-secret in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-database-root-password in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-shopify-admin-token in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-shopify-api-secret in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secret:Secret secrets-tunnel-token in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-administrator-password-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-automation-api-key-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-automation-api-secret-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-database-root-password-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-shopify-admin-token-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-shopify-api-secret-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretIamMember:SecretIamMember secrets-tunnel-token-reader in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-administrator-password-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-automation-api-key-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-automation-api-secret-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-database-root-password-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-shopify-admin-token-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-shopify-api-secret-version in erpnext:gcp:ServerSecrets
      gcp:secretmanager/secretVersion:SecretVersion secrets-tunnel-token-version in erpnext:gcp:ServerSecrets
      gcp:serviceaccount/account:Account identity-account in erpnext:gcp:ServerIdentity
      gcp:storage/bucket:Bucket backups-bucket in erpnext:gcp:BackupBucket
      gcp:storage/bucketIAMPolicy:BucketIAMPolicy backups-readers in erpnext:gcp:BackupBucket
      pulumi-nodejs:dynamic/cloudflare:D1Migrations console-schema in erpnext:cloudflare:SyncConsole
      pulumi-nodejs:dynamic/frappe:Document settings-account-Demo Bank - DSG in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-account-Freight and Forwarding Charges - DSG in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-account-Umsatzsteuer 19 % - DSG in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-address-template in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Delivery Note Item-base_net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Delivery Note Item-base_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Delivery Note Item-net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Delivery Note Item-rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Global Defaults in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Invoice Item-base_net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Invoice Item-base_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Invoice Item-net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Invoice Item-rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Order Item-base_net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Order Item-base_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Order Item-net_rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Sales Order Item-rate-precision in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Selling Settings in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-Stock Settings in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-books-System Settings in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-cost-center in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-customer-group in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-default-customer in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-shopify-setting in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-uom-kg in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-uom-nos in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/frappe:Document settings-warehouse in erpnext:frappe:ConnectorSettings
      pulumi-nodejs:dynamic/shopify:App shopify-app in the stack
      pulumi-nodejs:dynamic/shopify:WebhookSubscription webhooks-orders-cancelled in erpnext:shopify:ShopifyWebhooks
      pulumi-nodejs:dynamic/shopify:WebhookSubscription webhooks-orders-create in erpnext:shopify:ShopifyWebhooks
      pulumi-nodejs:dynamic/shopify:WebhookSubscription webhooks-orders-fulfilled in erpnext:shopify:ShopifyWebhooks
      pulumi-nodejs:dynamic/shopify:WebhookSubscription webhooks-orders-paid in erpnext:shopify:ShopifyWebhooks
      pulumi-nodejs:dynamic/shopify:WebhookSubscription webhooks-orders-partially-fulfilled in erpnext:shopify:ShopifyWebhooks
      pulumi:providers:cloudflare cloudflare in the stack
      pulumi:providers:gcp gcp in the stack"
    `);
  });

  test("production with a Dev-Dashboard app has a client id where the token was", () => {
    const before = new Set(identities(demo));
    const after = new Set(identities(production));
    expect([...after].filter((line) => !before.has(line))).toEqual([
      "gcp:secretmanager/secret:Secret secrets-shopify-client-id in erpnext:gcp:ServerSecrets",
      "gcp:secretmanager/secretIamMember:SecretIamMember secrets-shopify-client-id-reader in erpnext:gcp:ServerSecrets",
      "gcp:secretmanager/secretVersion:SecretVersion secrets-shopify-client-id-version in erpnext:gcp:ServerSecrets",
    ]);
    expect([...before].filter((line) => !after.has(line))).toEqual([
      "gcp:secretmanager/secret:Secret secrets-shopify-admin-token in erpnext:gcp:ServerSecrets",
      "gcp:secretmanager/secretIamMember:SecretIamMember secrets-shopify-admin-token-reader in erpnext:gcp:ServerSecrets",
      "gcp:secretmanager/secretVersion:SecretVersion secrets-shopify-admin-token-version in erpnext:gcp:ServerSecrets",
    ]);
  });

  test("every component's children carry its name in front", () => {
    const strays = demo.resources
      .filter(({ parentType }) => parentType !== undefined)
      .filter(({ name, parentType }) => {
        const parent = demo.resources.find(({ type }) => type === parentType);
        return parent === undefined || !name.startsWith(`${parent.name}-`);
      });
    expect(strays.map(identity)).toEqual([]);
  });

  test("a topic that is not wanted has no subscription, and the connector's table no row", async () => {
    const customer = demoCustomer((file) => {
      file.setIn(["shopify", "topics"], ["orders/create", "orders/paid"]);
    });
    const { named, resources } = await recordCustomer(customer);
    expect(resources.filter(({ type }) => type.endsWith("WebhookSubscription")).map(({ name }) => name)).toEqual([
      "webhooks-orders-create",
      "webhooks-orders-paid",
    ]);
    expect(named("settings-shopify-setting").inputs["values"]).toMatchObject({
      webhooks: [
        { webhook_id: "number of ORDERS_CREATE", method: "orders/create" },
        { webhook_id: "number of ORDERS_PAID", method: "orders/paid" },
      ],
    });
  });

  test("an image that was pushed elsewhere is asked for and not built", async () => {
    const customer = demoCustomer((file) => {
      file.setIn(["erpnext", "build"], false);
    });
    const { resources, calls, result } = await recordCustomer(customer);
    const name = "europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store-erpnext/demo-store/erpnext:1.0";
    const token = "gcp:artifactregistry/getDockerImage:getDockerImage";
    expect(resources.filter(({ type }) => type === "docker-build:index:Image")).toEqual([]);
    expect(calls.map((call) => call.token)).toContain(token);
    expect(await valueOf(result["image"])).toBe(`${name}@sha256:${"e".repeat(64)}`);
  });

  test("the localization comes last into the image", async () => {
    const localization = { url: "https://github.com/alyf-de/erpnext_germany", branch: "version-15" };
    const customer = demoCustomer((file) => {
      file.setIn(["erpnext", "localization"], localization);
      file.setIn(["erpnext", "imageTag"], "own-1");
    });
    const { named } = await recordCustomer(customer);
    const { value } = named("image-apps").inputs["secrets"] as Secret;
    const { apps_json: apps } = value as { apps_json: string };
    expect(JSON.parse(apps)).toEqual([...customer.erpnext.apps!, localization]);
    expect(customer.erpnext.apps).toHaveLength(2);
  });
});

describe("whose account it is made in", () => {
  test("Google's and Cloudflare's resources carry the customer's explicit provider, and no other does", () => {
    const explicit = (provider: string) => {
      const { urn } = demo.named(provider);
      return namesWhere(demo, (resource) => resource.provider === `${urn}::${provider}-id`);
    };
    const ofType = (prefix: string) => namesWhere(demo, ({ type }) => type.startsWith(prefix));
    expect(explicit("gcp")).toEqual(ofType("gcp:"));
    expect(explicit("cloudflare")).toEqual(ofType("cloudflare:"));
    const others = demo.resources.filter(({ custom, type }) => custom && !/^(gcp|cloudflare):/.test(type));
    expect(new Set(others.map(({ provider }) => provider))).toEqual(new Set([""]));
  });

  test("the providers are told project, region, zone, labels and token", () => {
    expect(demo.named("gcp").inputs).toEqual({
      project: "demo-store-erpnext",
      region: "europe-west3",
      zone: "europe-west3-a",
      defaultLabels: JSON.stringify({
        customer: "demo-store",
        environment: "test",
        "expires-on": "2030-12-31",
        "managed-by": "pulumi",
      }),
    });
    expect(demo.named("cloudflare").inputs).toEqual({ apiToken: new Secret("canary-cloudflare-api-token") });
  });
});

test("the server's own account is granted these roles, and no other account gets any", () => {
  const grants = demo.resources.filter(({ type }) => /iam_?member$/i.test(type.split(":").at(-1) ?? ""));
  const member = "serviceAccount:demo-store-erpnext@demo-store-erpnext.iam.gserviceaccount.com";
  expect(new Set(grants.map(({ inputs }) => inputs["member"]))).toEqual(new Set([member]));
  expect(grants.map(({ name, inputs }) => `${name} ${String(inputs["role"])}`).sort()).toEqual([
    "identity-log-writer roles/logging.logWriter",
    "identity-metric-writer roles/monitoring.metricWriter",
    "image-reader roles/artifactregistry.reader",
    ...[
      "administrator-password",
      "automation-api-key",
      "automation-api-secret",
      "database-root-password",
      "shopify-admin-token",
      "shopify-api-secret",
      "tunnel-token",
    ].map((key) => `secrets-${key}-reader roles/secretmanager.secretAccessor`),
  ]);
  expect(demo.named("server-instance").inputs["serviceAccount"]).toMatchObject({
    email: member.replace("serviceAccount:", ""),
  });
});

describe("doors", () => {
  test("the hook's record leads straight to the server, the pages' record into the tunnel behind Access", () => {
    expect(demo.named("hook-record").inputs).toMatchObject({
      name: "hooks.demo-store.example",
      type: "A",
      content: TEST_ADDRESS,
      proxied: false,
    });
    expect(demo.named("ui-record").inputs).toMatchObject({
      name: "erp.demo-store.example",
      type: "CNAME",
      content: "ui-tunnel-id.cfargotunnel.com",
      proxied: true,
    });
    expect(demo.named("ui-application").inputs).toMatchObject({ domain: "erp.demo-store.example" });
    expect(demo.named("ui-people-policy").inputs["includes"]).toEqual([
      { email: { email: "ops@agency.example" } },
      { emailDomain: { domain: "demo-store.example" } },
    ]);
  });

  test("the firewall lets in the web from everywhere, and SSH from Identity-Aware Proxy alone", () => {
    const rules = demo.resources.filter(({ type }) => type === "gcp:compute/firewall:Firewall");
    expect(rules.map(({ inputs }) => [inputs["sourceRanges"], inputs["allows"]]).sort()).toEqual([
      [["0.0.0.0/0"], [{ protocol: "tcp", ports: ["80", "443"] }]],
      [["35.235.240.0/20"], [{ protocol: "tcp", ports: ["22"] }]],
    ]);
  });

  test("alerts go to the customer's addresses, and a test store's certificate need not be trusted", () => {
    expect(demo.named("monitoring-email-ops@agency.example").inputs["labels"]).toEqual({
      email_address: "ops@agency.example",
    });
    const validates = ({ named }: Stack) => named("monitoring-healthz").inputs["httpCheck"];
    expect(validates(demo)).toMatchObject({ validateSsl: false });
    expect(validates(production)).toMatchObject({ validateSsl: true });
  });
});

describe("the server", () => {
  test("its metadata holds the contract's keys, and the boot script does not replace it", () => {
    const { inputs } = demo.named("server-instance");
    const metadata = inputs["metadata"] as Record<string, string>;
    expect(Object.keys(metadata).sort()).toEqual([
      "block-project-ssh-keys",
      "enable-oslogin",
      "erpnext-digest",
      "erpnext-env",
      "erpnext-files",
      "serial-port-enable",
      "startup-script",
    ]);
    expect(metadata).toMatchObject({
      "enable-oslogin": "TRUE",
      "block-project-ssh-keys": "TRUE",
      "serial-port-enable": "FALSE",
    });
    expect(inputs).not.toHaveProperty("metadataStartupScript");
    expect(JSON.parse(metadata["erpnext-files"] ?? "")).toEqual(readServerFiles(join(__dirname, "..")));
    expect(metadata["startup-script"]).toBe(readServerFiles(join(__dirname, ".."))["bootstrap.sh"]);
  });

  test("its environment names what the stack has made", () => {
    const { "erpnext-env": text = "" } = demo.named("server-instance").inputs["metadata"] as Record<string, string>;
    const lines = text.split("\n");
    const keys = [
      "administrator-password",
      "automation-api-key",
      "automation-api-secret",
      "database-root-password",
      "shopify-admin-token",
      "shopify-api-secret",
      "tunnel-token",
    ];
    expect(lines).toEqual(
      expect.arrayContaining([
        `IMAGE_REF="europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store-erpnext/demo-store/erpnext:1.0@${TEST_DIGEST}"`,
        `SECRET_PREFIX="demo-store-"`,
        `SECRET_KEYS="${keys.join(" ")}"`,
        `SECRET_VERSIONS="${keys.map((key) => `${key}=1`).join(" ")}"`,
        `BACKUP_BUCKET="demo-store-erpnext-demo-store-backups"`,
        `HEALTH_TOKEN_SHA256="${healthTokenDigest(healthToken(`${CANARY}automation-api-secret`))}"`,
        `FRAPPE_DOCKER_COMMIT="${FRAPPE_DOCKER_COMMIT}"`,
      ]),
    );
  });

  test("it is waited for by the digest of this update, under its own name", async () => {
    expect(demo.named("ready-applied").inputs["environment"]).toEqual({
      CUSTOMER: "demo-store",
      HEALTH_URL: "https://hooks.demo-store.example/healthz",
      HEALTH_HOST: "hooks.demo-store.example",
      HEALTH_CERTIFICATE: "staging",
      DIGEST: await valueOf(demo.result["serverDigest"]),
      MACHINE_TYPE: "e2-standard-4",
      TIMEOUT_SECONDS: "2700",
    });
  });

  test("the last backup goes through the instance to the bucket", () => {
    expect(production.named("ready-final-backup").inputs["environment"]).toEqual({
      CUSTOMER: "demo-store",
      PROJECT: "demo-store-erpnext",
      ZONE: "europe-west3-a",
      INSTANCE: "demo-store-erpnext",
      HEALTH_URL: "https://hooks.demo-store.example/healthz",
      HEALTH_HOST: "hooks.demo-store.example",
      HEALTH_CERTIFICATE: "trusted",
      BUCKET: "demo-store-erpnext-demo-store-backups",
    });
  });
});

test("other addresses of the three services are used for requests, and the real names stay in what is made", async () => {
  const endpoints = {
    shopifyApiUrl: "http://127.0.0.1:1",
    frappeApiUrl: "http://127.0.0.1:2",
    hookUrl: "https://127.0.0.1:3",
  };
  const { named, resources } = await recordCustomer(demoCustomer(), { endpoints });
  const addresses = resources
    .filter(({ inputs }) => inputs["apiUrl"] !== undefined)
    .map(({ type, inputs }) => `${type} ${String(inputs["apiUrl"])}`);
  expect([...new Set(addresses)].sort()).toEqual([
    "pulumi-nodejs:dynamic/frappe:Document http://127.0.0.1:2",
    "pulumi-nodejs:dynamic/shopify:App http://127.0.0.1:1",
    "pulumi-nodejs:dynamic/shopify:WebhookSubscription http://127.0.0.1:1",
  ]);
  expect(addresses).toHaveLength(resources.filter(({ type }) => /dynamic\/(shopify|frappe):/.test(type)).length);
  expect(named("ready-applied").inputs["environment"]).toMatchObject({
    HEALTH_URL: "https://127.0.0.1:3/healthz",
    HEALTH_HOST: "hooks.demo-store.example",
  });
  expect(named("webhooks-orders-paid").inputs["uri"]).toBe(
    "https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data",
  );
  expect(named("settings-shopify-setting").inputs["siteUrl"]).toBe("https://erp.demo-store.example");
  expect(demo.resources.filter(({ inputs }) => "apiUrl" in inputs)).toEqual([]);
});

describe("protection and labels", () => {
  test("production protects disk, address, registry, backups and the console's database; a test store nothing", () => {
    expect(namesWhere(production, ({ protect }) => protect)).toEqual([
      "backups-bucket",
      "console-database",
      "destroy-guard",
      "image-repository",
      "network-address",
      "server-data",
    ]);
    expect(namesWhere(demo, ({ protect }) => protect)).toEqual([]);
    expect(production.named("server-instance").inputs["deletionProtection"]).toBe(true);
    expect(demo.named("server-instance").inputs["deletionProtection"]).toBe(false);
  });

  test("the backups and the console's database of production outlive the stack; images always do, because of rollbacks", () => {
    const images = ["image-apps", "image-erpnext"];
    expect(namesWhere(production, ({ retainOnDelete }) => retainOnDelete)).toEqual([
      "backups-bucket",
      "backups-readers",
      "console-database",
      ...images,
    ]);
    expect(namesWhere(demo, ({ retainOnDelete }) => retainOnDelete)).toEqual(images);
  });

  test.each([
    ["a test store", () => demo, { customer: "demo-store", environment: "test", "expires-on": "2030-12-31" }],
    ["production", () => production, { customer: "demo-store", environment: "production" }],
  ])("%s is labelled with its owner, its kind and, if any, its last day", (_title, stack, labels) => {
    const labelled = stack()
      .resources.filter(({ type }) => type.startsWith("gcp:"))
      .map(({ name, inputs }) => [name, inputs["userLabels"] ?? inputs["labels"]] as const)
      .filter(([, own]) => own !== undefined);
    expect(labelled.map(([name]) => name.replace(/^secrets-.*/, "secrets")).sort()).toEqual([
      "backups-bucket",
      "image-repository",
      "monitoring-certificate",
      "monitoring-down",
      "monitoring-email-ops@agency.example",
      "monitoring-fault",
      "monitoring-healthz",
      "monitoring-silent",
      "network-address",
      ...Array.from({ length: 7 }, () => "secrets"),
      "server-data",
      "server-instance",
    ]);
    expect(
      labelled.filter(([, own]) => JSON.stringify(own) !== JSON.stringify({ ...labels, "managed-by": "pulumi" })),
    ).toEqual([]);
  });
});

describe("order", () => {
  const SERVICES = [
    "artifactregistry",
    "cloudresourcemanager",
    "compute",
    "iam",
    "iap",
    "logging",
    "monitoring",
    "oslogin",
    "secretmanager",
    "storage",
  ].map((api) => `services-${api}`);
  const UI = [
    "ui-application",
    "ui-automation-policy",
    "ui-automation-token",
    "ui-people-policy",
    "ui-record",
    "ui-rules",
    "ui-tunnel",
  ];

  test("everything at Google waits for the project's APIs", () => {
    const components = demo.resources.filter(
      ({ name, type }) => type.startsWith("erpnext:") && name !== "destroy-guard",
    );
    const waiting = components.filter(({ dependencies }) =>
      SERVICES.every((name) => dependencies.includes(demo.named(name).urn)),
    );
    expect(waiting.map(({ name }) => name).sort()).toEqual([
      "backups",
      "identity",
      "image",
      "monitoring",
      "network",
      "secrets",
      "server",
    ]);
    const atGoogle = demo.resources.filter(({ type }) => type.startsWith("gcp:")).map(({ parentType }) => parentType);
    const expected = ["erpnext:gcp:ProjectServices", ...waiting.map(({ type }) => type)];
    expect([...new Set(atGoogle)].sort()).toEqual(expected.sort());
  });

  test("the server is waited for when both doors stand", () => {
    const server = ["server-daily-snapshots", "server-data", "server-data-snapshots", "server-instance"];
    expect(dependenciesOf(demo, "ready")).toEqual(["hook-record", ...server, ...UI]);
  });

  test("Shopify is told the address when the server has answered and the app is the right one", () => {
    expect(dependenciesOf(demo, "webhooks")).toEqual(["ready-applied", "ready-final-backup", "shopify-app"]);
  });

  test("the connector is set up when there are subscriptions to hand to it and the tunnel carries requests", () => {
    const subscriptions = namesWhere(demo, ({ name }) => name.startsWith("webhooks-"));
    expect(subscriptions).toHaveLength(5);
    expect(dependenciesOf(demo, "settings")).toEqual(["ready-applied", "ready-final-backup", ...UI, ...subscriptions]);
    expect(dependenciesOf(demo, "settings-shopify-setting")).toEqual(expect.arrayContaining(subscriptions));
  });

  test("on the way out the last backup comes before everything that the server stands on", () => {
    expect(dependenciesOf(production, "ready-final-backup")).toEqual(
      expect.arrayContaining(["backups-bucket", "server-instance"]),
    );
    expect(dependenciesOf(production, "webhooks")).toEqual(["ready-applied", "ready-final-backup", "shopify-app"]);
  });
});

describe("secrets", () => {
  const documents = (stack: Stack) => namesWhere(stack, ({ type }) => type.endsWith("frappe:Document"));

  test.each([
    ["the documented example", () => demo],
    ["production", () => production],
  ])("no plain input, output or question of %s carries one", (_title, stack) => {
    const { resources, outputs, calls } = stack();
    const recorded = { resources: resources.map(({ name, inputs }) => [name, inputs]), outputs: [...outputs], calls };
    expect(textsIn(recorded).filter((text) => text.includes(CANARY))).toEqual([]);
  });

  test("each one arrives where it is used, and nowhere else", () => {
    const arrivals: Record<string, string[]> = {};
    for (const { name, inputs } of demo.resources) {
      for (const text of secretTextsIn(inputs)) (arrivals[text] ??= []).push(name);
    }
    for (const names of Object.values(arrivals)) names.sort();
    expect(arrivals).toEqual({
      "canary-administrator-password": ["secrets-administrator-password-version"],
      "canary-automation-api-key": ["secrets-automation-api-key-version"],
      "canary-automation-api-secret": ["secrets-automation-api-secret-version"],
      "canary-database-root-password": ["secrets-database-root-password-version"],
      "canary-shopify-admin-token": ["console-script", "secrets-shopify-admin-token-version"],
      "canary-shopify-api-secret": ["secrets-shopify-api-secret-version"],
      "canary-tunnel-token": ["secrets-tunnel-token-version"],
      "canary-cloudflare-api-token": ["cloudflare"],
      "canary-registry-token": ["image-apps", "image-erpnext"],
      [TEST_ACCESS_TOKEN.clientSecret]: ["console-script", ...documents(demo)],
    });
    expect(documents(demo).length).toBeGreaterThan(5);
  });

  test("the client id of a Dev-Dashboard app goes to the server, which makes its tokens from it", () => {
    expect(production.named("secrets-shopify-client-id-version").inputs["secretData"]).toEqual(
      new Secret("client-id-of-the-app"),
    );
  });
});

describe("outputs", () => {
  test("are what the scripts read, to the last field", async () => {
    const outputs = await valueOf(demo.result);
    expect(stackOutputsSchema.strict().parse(outputs)).toEqual({
      customer: "demo-store",
      environment: "test",
      shopDomain: "demo-store.myshopify.com",
      shopifyApp: { id: TEST_SHOPIFY_APP.appId, title: TEST_SHOPIFY_APP.appTitle },
      allOrdersReadable: true,
      uiUrl: "https://erp.demo-store.example",
      consoleUrl: "https://sync.demo-store.example",
      webhookUrl:
        "https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data",
      healthUrl: "https://hooks.demo-store.example/healthz",
      serverAddress: TEST_ADDRESS,
      serverDigest: (demo.named("server-instance").inputs["metadata"] as Record<string, string>)["erpnext-digest"],
      instanceName: "demo-store-erpnext",
      project: "demo-store-erpnext",
      zone: "europe-west3-a",
      image: `europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store-erpnext/demo-store/erpnext:1.0@${TEST_DIGEST}`,
      backupBucket: "demo-store-erpnext-demo-store-backups",
      tunnelId: "ui-tunnel-id",
      accessClientId: TEST_ACCESS_TOKEN.clientId,
      accessClientSecret: TEST_ACCESS_TOKEN.clientSecret,
      accessExpiresAt: TEST_ACCESS_TOKEN.expiresAt,
      subscriptions: [
        "ORDERS_CREATE",
        "ORDERS_PAID",
        "ORDERS_FULFILLED",
        "ORDERS_CANCELLED",
        "ORDERS_PARTIALLY_FULFILLED",
      ].map((topic) => ({ topic, webhookId: `number of ${topic}` })),
    });
  });

  test("one alone is secret, so that previews and scripts show the others", async () => {
    const names = Object.keys(demo.result);
    const secret = await Promise.all(names.map((name) => pulumi.isSecret(pulumi.output(demo.result[name]))));
    expect(names.filter((_name, index) => secret[index])).toEqual(["accessClientSecret"]);
  });

  test("of an older stack, without a field, are refused with the field's name", async () => {
    const outputs = (await valueOf(demo.result)) as Record<string, unknown>;
    // The page of links is Pulumi Cloud's alone: no command reads it.
    const needed = Object.keys(stackOutputsSchema.shape).filter((field) => field !== "readme");
    const refusals = needed.map((field) => {
      const rest = Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== field));
      return stackOutputsSchema.safeParse(rest).error?.issues.map(({ path }) => path.join("."));
    });
    expect(refusals).toEqual(needed.map((field) => [field]));
  });
});

/** Every text in a value at any depth, keys included; secrets are passed over. */
function textsIn(value: unknown): string[] {
  if (value instanceof Secret) return [];
  if (typeof value === "string") return [value];
  if (value instanceof Map) return textsIn([...value]);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** Every text that is, or lies in, a secret and begins like a canary. */
function secretTextsIn(value: unknown): string[] {
  if (value instanceof Secret) return textsIn([value.value]).filter((text) => text.startsWith(CANARY));
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(secretTextsIn);
}

describe("with Shopify's delivery to Pub/Sub", () => {
  let pubsub: Stack;
  beforeAll(async () => {
    const customer = demoCustomer((file) => {
      file.setIn(["shopify", "delivery"], "pubsub");
    });
    pubsub = await recordCustomer(customer);
  }, 60_000);

  test("there are a topic with its subscriptions, the grants, an alert and the API, and nothing goes", () => {
    const before = new Set(identities(demo));
    const after = new Set(identities(pubsub));
    expect([...before].filter((line) => !after.has(line))).toEqual([]);
    expect([...after].filter((line) => !before.has(line)).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(
      [
        "command:local:Command deliveries-drain-left",
        "erpnext:gcp:DeliveryQueue deliveries",
        "erpnext:gcp:QueueDrain deliveries-drain",
        "gcp:monitoring/alertPolicy:AlertPolicy deliveries-orders-wait",
        "gcp:projects/service:Service services-pubsub",
        "gcp:projects/serviceIdentity:ServiceIdentity pubsub-agent",
        "gcp:pubsub/subscription:Subscription deliveries-evidence",
        "gcp:pubsub/subscription:Subscription deliveries-pulled",
        "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember deliveries-server",
        "gcp:pubsub/topic:Topic deliveries-topic",
        "gcp:pubsub/topicIAMMember:TopicIAMMember deliveries-shopify",
      ],
    );
  });

  test("the same subscriptions lead to the topic, once the server pulls from it", () => {
    const uri = "pubsub://demo-store-erpnext:demo-store-deliveries";
    expect(pubsub.named("webhooks-orders-create").inputs).toEqual({
      ...demo.named("webhooks-orders-create").inputs,
      uri,
    });
    expect(dependenciesOf(pubsub, "webhooks-orders-create")).toContain("deliveries-shopify");
    const metadata = pubsub.named("server-instance").inputs["metadata"] as Record<string, string>;
    expect(metadata["erpnext-env"]).toContain(
      'DELIVERIES_SUBSCRIPTION="projects/demo-store-erpnext/subscriptions/demo-store-deliveries"',
    );
  });

  test("without it nothing of it is there", () => {
    const metadata = demo.named("server-instance").inputs["metadata"] as Record<string, string>;
    expect(metadata["erpnext-env"]).not.toContain("DELIVERIES_SUBSCRIPTION");
  });
});
