import { join } from "node:path";

import { getZeroTrustOrganization } from "@pulumi/cloudflare/getZeroTrustOrganization";
import { getClientConfigOutput } from "@pulumi/gcp/organizations/getClientConfig";
import type * as pulumi from "@pulumi/pulumi";
import { unsecret } from "@pulumi/pulumi/output";

import { BackupBucket } from "../components/backup-bucket";
import { ConnectorSettings } from "../components/connector-settings";
import { DestroyGuard } from "../components/destroy-guard";
import { ErpnextImage } from "../components/erpnext-image";
import { ErpnextServer } from "../components/erpnext-server";
import { ProjectServices } from "../components/project-services";
import { ServerIdentity } from "../components/server-identity";
import { ServerNetwork } from "../components/server-network";
import { ServerReady } from "../components/server-ready";
import { ServerSecrets } from "../components/server-secrets";
import { accessIssuer } from "../components/shared/access-issuer";
import { consoleApiKey } from "../components/shared/console-user";
import { deliveryAddress } from "../components/shared/delivery-queue";
import { healthTokenDigest } from "../core/health-token";
import { SyncConsole } from "../components/sync-console";
import { UiTunnel } from "../components/ui-tunnel";
import { WebhookIngress } from "../components/webhook-ingress";
import { certificateOf } from "../customers/certificate";
import { contentsOf } from "../customers/image-contents";
import { guardQueue, openQueue, queueAgent, subscribe, watch } from "./delivery-path";
import { readServerFiles } from "./host-files";
import type { StackOutputs } from "./outputs";
import { share, type CustomerStackArgs, type Shared } from "./shared";
import { serverEnvironment } from "./server-environment";

/**
 * One customer, in the order in which a half-finished update is safe: what the server needs, the server, its doors, and only
 * when it answers, what points at it.
 */
export function buildCustomer(args: CustomerStackArgs): pulumi.Inputs & { [K in keyof StackOutputs]: unknown } {
  const { customer, shopifyApp } = args;
  const { gcp } = args.providers;
  const answer = () => getClientConfigOutput({ provider: gcp }).accessToken.apply((token) => args.apisAnswer(token));
  const { project } = customer.gcp;
  const more = customer.shopify.delivery === "pubsub" ? { more: ["pubsub"] as const } : {};
  const services = new ProjectServices("services", { project, answer, ...more }, { provider: gcp });
  const shared = share(args, services);

  const foundation = layFoundation(shared);
  // Asked once: both logins are of the account's one Zero Trust organization.
  const { accountId } = customer.cloudflare;
  const issuer = accessIssuer(
    getZeroTrustOrganization({ accountId }, { provider: args.providers.cloudflare }),
    customer.slug,
  );
  const tunnel = openTunnel(shared, issuer);
  const secrets = keepSecrets(shared, { tunnel, member: foundation.identity.member });
  const monitoring = watch(shared);
  const queue = openQueue(shared, { ...foundation, monitoring });
  const server = startServer(shared, { ...foundation, secrets, queue, accessExpiresAt: tunnel.accessExpiresAt });
  const ingress = openHook(shared, foundation.network);
  const ready = awaitServer(shared, { server, ingress, tunnel, bucket: foundation.backups.bucket });

  const drain = guardQueue(shared, { ingress, ready, queue });
  const webhooks = subscribe(shared, { ingress, ready, queue });
  const settings = connect(shared, { ready, webhooks, tunnel, server });
  const syncConsole = openConsole(shared, { tunnel, ingress, secrets, issuer });
  const first = [shopifyApp, services, ...Object.values(foundation), tunnel, secrets, server, ingress];
  const last = [monitoring, ready, webhooks, settings, syncConsole, ...(queue && drain ? [queue, drain] : [])];
  new DestroyGuard("destroy-guard", shared, [...first, ...last]);

  return {
    customer: customer.slug,
    environment: customer.environment,
    shopDomain: customer.shopify.shopDomain,
    shopifyApp: { id: shopifyApp.appId, title: shopifyApp.appTitle },
    allOrdersReadable: shopifyApp.hasAllOrders,
    uiUrl: tunnel.uiUrl,
    consoleUrl: syncConsole.consoleUrl,
    webhookUrl: ingress.webhookUrl,
    healthUrl: ingress.healthUrl,
    serverAddress: foundation.network.address,
    serverDigest: ready.digest,
    instanceName: server.instanceName,
    project: customer.gcp.project,
    zone: customer.gcp.zone,
    image: foundation.image.ref,
    backupBucket: foundation.backups.bucket,
    tunnelId: tunnel.tunnelId,
    accessClientId: tunnel.accessClientId,
    accessClientSecret: tunnel.accessClientSecret,
    accessExpiresAt: tunnel.accessExpiresAt,
    subscriptions: webhooks.subscriptions,
  };
}

/** What exists before the server: who it is, what it runs, where it stands, where its backups go. */
function layFoundation({ customer, providers, place, protect, gcp }: Shared) {
  const identity = new ServerIdentity("identity", { slug: place.slug, project: place.project }, gcp);
  const image = new ErpnextImage(
    "image",
    {
      ...place,
      member: identity.member,
      tag: customer.erpnext.imageTag,
      build: customer.erpnext.build,
      contents: contentsOf(customer),
      registryToken: getClientConfigOutput({ provider: providers.gcp }).accessToken,
      protect,
    },
    gcp,
  );
  const network = new ServerNetwork("network", { ...place, protect }, gcp);
  const evidenceMember = queueAgent({ customer, place, gcp });
  const backups = new BackupBucket(
    "backups",
    { ...customer.gcp, ...customer.operations, ...place, member: identity.member, evidenceMember, protect },
    gcp,
  );
  return { identity, image, network, backups };
}

function openTunnel({ customer, cloudflare }: Shared, issuer: pulumi.Input<string>): UiTunnel {
  return new UiTunnel(
    "ui",
    {
      accessIssuer: issuer,
      slug: customer.slug,
      uiHost: customer.hosts.ui,
      accountId: customer.cloudflare.accountId,
      zoneId: customer.cloudflare.zoneId,
      allowed: customer.access.ui,
    },
    cloudflare,
  );
}

function keepSecrets(
  { customer, secrets, place, gcp }: Shared,
  { tunnel, member }: { tunnel: UiTunnel; member: pulumi.Input<string> },
): ServerSecrets {
  return new ServerSecrets(
    "secrets",
    {
      ...place,
      member,
      app: customer.shopify.app,
      ...secrets,
      shopifyCredential: secrets.shopifyAdminToken ?? secrets.shopifyClientId ?? "",
      tunnelToken: tunnel.tunnelToken,
    },
    gcp,
  );
}

function startServer(
  { customer, healthToken, place, protect, gcp }: Shared,
  with_: ReturnType<typeof layFoundation> & {
    secrets: ServerSecrets;
    queue: ReturnType<typeof openQueue>;
    accessExpiresAt: pulumi.Input<string>;
  },
): ErpnextServer {
  const { identity, image, network, backups, secrets, queue, accessExpiresAt } = with_;
  return new ErpnextServer(
    "server",
    {
      ...place,
      zone: customer.gcp.zone,
      machineType: customer.gcp.machineType,
      dataDiskGb: customer.gcp.dataDiskGb,
      backupRetentionDays: customer.operations.backupRetentionDays,
      serviceAccountEmail: identity.email,
      subnetwork: network.subnetwork,
      address: network.address,
      networkTag: network.networkTag,
      hostFiles: readServerFiles(join(__dirname, "..")),
      environment: serverEnvironment(customer, {
        imageRef: image.ref,
        secretPrefix: secrets.prefix,
        secretKeys: secrets.keys.apply((keys) => keys.join(" ")),
        secretVersions: secrets.versions,
        backupBucket: backups.bucket,
        accessExpiresAt,
        ...(queue === undefined ? {} : { deliveriesSubscription: queue.subscription }),
        healthTokenDigest: unsecret(healthToken.apply(healthTokenDigest)),
      }),
      protect,
    },
    gcp,
  );
}

function openHook({ customer, cloudflare }: Shared, network: ServerNetwork): WebhookIngress {
  return new WebhookIngress(
    "hook",
    { hookHost: customer.hosts.hook, zoneId: customer.cloudflare.zoneId, address: network.address },
    cloudflare,
  );
}

/** Both doors stand before anyone waits: Caddy gets its certificate by the name, and the tunnel carries the settings. */
function awaitServer(
  { customer, healthToken, endpoints: { hookUrl }, place }: Shared,
  made: { server: ErpnextServer; ingress: WebhookIngress; tunnel: UiTunnel; bucket: pulumi.Output<string> },
) {
  const { server, ingress, tunnel, bucket } = made;
  return new ServerReady(
    "ready",
    {
      ...place,
      healthUrl: hookUrl === undefined ? ingress.healthUrl : new URL("/healthz", hookUrl).href,
      healthHost: customer.hosts.hook,
      healthToken,
      certificate: certificateOf(customer),
      digest: server.digest,
      instanceName: server.instanceName,
      instanceId: server.instanceId,
      machineType: customer.gcp.machineType,
      zone: customer.gcp.zone,
      backupBucket: bucket,
      finalBackup: customer.operations.finalBackup,
    },
    { dependsOn: [server, ingress, tunnel] },
  );
}

/** The connector's settings, once ERPNext answers and its subscriptions are there. */
function connect(
  { customer, endpoints }: Shared,
  made: { ready: ServerReady; webhooks: ReturnType<typeof subscribe>; tunnel: UiTunnel; server: ErpnextServer },
): ConnectorSettings {
  const { ready, webhooks, tunnel, server } = made;
  return new ConnectorSettings(
    "settings",
    {
      customer,
      siteUrl: `https://${customer.hosts.ui}`,
      ...(endpoints.frappeApiUrl === undefined ? {} : { apiUrl: endpoints.frappeApiUrl }),
      accessClientId: tunnel.accessClientId,
      accessClientSecret: tunnel.accessClientSecret,
      subscriptions: webhooks.subscriptions,
      server,
    },
    { dependsOn: [ready, webhooks, tunnel] },
  );
}

/** It waits for nothing: before the server answers it says so, and that is what it is for. */
function openConsole(
  { customer, secrets, healthToken, endpoints, consoleSources, protect, cloudflare }: Shared,
  made: { tunnel: UiTunnel; ingress: WebhookIngress; secrets: ServerSecrets; issuer: pulumi.Input<string> },
): SyncConsole {
  const { tunnel, ingress } = made;
  const key = secrets.automationApiSecret.apply(consoleApiKey);
  return new SyncConsole(
    "console",
    {
      customer,
      module: consoleSources.module,
      accessIssuer: made.issuer,
      migrations: consoleSources.migrations,
      webhookUrl: customer.shopify.delivery === "https" ? ingress.webhookUrl : deliveryAddress(customer),
      healthUrl: ingress.healthUrl,
      healthToken,
      shopifyApiUrl: endpoints.shopifyApiUrl,
      frappeApiUrl: endpoints.frappeApiUrl,
      shopify:
        secrets.shopifyAdminToken === undefined
          ? { clientId: secrets.shopifyClientId ?? "", clientSecret: secrets.shopifyApiSecret }
          : { adminToken: secrets.shopifyAdminToken, since: made.secrets.credentialSince },
      frappe: {
        apiKey: key.apiKey,
        apiSecret: key.apiSecret,
        accessClientId: tunnel.accessClientId,
        accessClientSecret: tunnel.accessClientSecret,
      },
      protect,
    },
    cloudflare,
  );
}
