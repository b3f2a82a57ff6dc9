import type { Properties } from "../values";
import type { Inputs } from "./plugin-client";
import { secret } from "./plugin-client";

/** What was made before, by logical name: its outputs and its id. */
export type Made = (name: string) => Properties & { id: string };

/** One resource of a customer, and what changing an input of it means. */
export interface Sample {
  readonly name: string;
  readonly type: string;
  readonly inputs: (made: Made) => Inputs;
  /** Input to change → new value. */
  readonly updates?: Inputs;
  readonly replaces?: Inputs;
  /** The same, where only these values need a new resource: Diff names no input for it. */
  readonly replacesByValue?: Inputs;
  /** What a read has beside or in place of inputs. */
  readonly told?: Inputs;
  /** Stays in the cloud when it is deleted. */
  readonly stays?: true;
}

export const ACCOUNT = "a".repeat(32);
export const OTHER_ACCOUNT = "c".repeat(32);
export const ZONE = "b".repeat(32);
const PROJECT = "acme-project";

const id = (made: Made, name: string): string => made(name).id;

const service = (name: string): Sample => ({
  name,
  type: "gcp:projects/service:Service",
  inputs: () => ({ service: `${name}.googleapis.com`, disableOnDestroy: false }),
  updates: { disableOnDestroy: true },
  replaces: { service: "dns.googleapis.com", project: "other-project" },
  stays: true,
});

const replication = { auto: {} };
const schedule = (days: number): Inputs => ({
  schedule: { dailySchedule: { daysInCycle: 1, startTime: "04:00" } },
  retentionPolicy: { maxRetentionDays: days, onSourceDiskDelete: "KEEP_AUTO_SNAPSHOTS" },
});
const condition = (value: number): Inputs => ({
  displayName: "down",
  conditionThreshold: {
    comparison: "COMPARISON_GT",
    duration: "60s",
    filter: "metric.type=uptime",
    thresholdValue: value,
  },
});

/** A customer's Google Cloud resources, in the order in which they can be made. */
export const gcpSamples: readonly Sample[] = [
  ...["compute", "iam", "cloudresourcemanager", "artifactregistry", "secretmanager"].map(service),
  {
    name: "network",
    type: "gcp:compute/network:Network",
    inputs: () => ({ name: "acme", autoCreateSubnetworks: false }),
    updates: { routingMode: "GLOBAL", mtu: 1500 },
    replaces: { name: "acme-2", autoCreateSubnetworks: true, description: "other" },
  },
  {
    name: "subnetwork",
    type: "gcp:compute/subnetwork:Subnetwork",
    inputs: (made) => ({
      name: "acme",
      network: id(made, "network"),
      ipCidrRange: "10.10.0.0/24",
      region: "europe-west1",
    }),
    updates: { ipCidrRange: "10.10.0.0/23", privateIpGoogleAccess: true },
    replaces: { region: "europe-west4", name: "acme-2" },
    replacesByValue: { ipCidrRange: "10.10.0.0/25" },
  },
  {
    name: "firewall",
    type: "gcp:compute/firewall:Firewall",
    inputs: (made) => ({
      name: "acme-web",
      network: id(made, "network"),
      allows: [{ protocol: "tcp", ports: ["80", "443"] }],
      sourceRanges: ["0.0.0.0/0"],
      targetTags: ["web"],
    }),
    updates: { sourceRanges: ["10.0.0.0/8"], description: "the door", allows: [{ protocol: "tcp", ports: ["443"] }] },
    replaces: { name: "acme-door", direction: "EGRESS" },
  },
  {
    name: "address",
    type: "gcp:compute/address:Address",
    inputs: () => ({ name: "acme", region: "europe-west1", labels: { part: "door" } }),
    updates: { labels: { part: "house" } },
    replaces: { name: "acme-2", description: "other", region: "europe-west4", networkTier: "STANDARD" },
  },
  {
    name: "account",
    type: "gcp:serviceaccount/account:Account",
    inputs: () => ({ accountId: "acme-server", displayName: "acme" }),
    updates: { displayName: "other", description: "what the server may do" },
    replaces: { accountId: "acme-other" },
  },
  {
    name: "log-writer",
    type: "gcp:projects/iAMMember:IAMMember",
    inputs: (made) => ({ project: PROJECT, role: "roles/logging.logWriter", member: made("account")["member"] }),
    replaces: { role: "roles/viewer", member: "user:someone@example.com" },
  },
  {
    name: "disk",
    type: "gcp:compute/disk:Disk",
    inputs: () => ({ name: "acme-data", zone: "europe-west1-b", type: "pd-balanced", size: 50 }),
    updates: { size: 60, labels: { part: "data" } },
    replacesByValue: { size: 40 },
    replaces: { type: "pd-ssd", zone: "europe-west1-c", name: "acme-data-2" },
  },
  {
    name: "snapshots",
    type: "gcp:compute/resourcePolicy:ResourcePolicy",
    inputs: () => ({ name: "acme-daily", region: "europe-west1", snapshotSchedulePolicy: schedule(7) }),
    updates: { snapshotSchedulePolicy: schedule(14) },
    replaces: { region: "europe-west4" },
  },
  {
    name: "snapshots-of-disk",
    type: "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
    inputs: (made) => ({ disk: made("disk")["name"], name: made("snapshots")["name"], zone: "europe-west1-b" }),
    replaces: { disk: "other", name: "other", zone: "europe-west1-c" },
  },
  {
    name: "server",
    type: "gcp:compute/instance:Instance",
    inputs: (made) => ({
      name: "acme",
      zone: "europe-west1-b",
      machineType: "e2-standard-2",
      allowStoppingForUpdate: true,
      bootDisk: {
        autoDelete: true,
        initializeParams: { image: "debian-cloud/debian-12", size: 20, type: "pd-balanced" },
      },
      attachedDisks: [{ source: id(made, "disk"), deviceName: "data" }],
      networkInterfaces: [
        { subnetwork: id(made, "subnetwork"), accessConfigs: [{ natIp: made("address")["address"] }] },
      ],
      serviceAccount: { email: made("account")["email"], scopes: ["cloud-platform"] },
      metadata: { "startup-script": "#!/bin/sh", "enable-oslogin": "TRUE" },
      tags: ["web"],
    }),
    updates: {
      metadata: { "startup-script": "#!/bin/sh -e" },
      machineType: "e2-standard-4",
      labels: { part: "server" },
      deletionProtection: true,
      metadataStartupScript: "#!/bin/sh",
      attachedDisks: [],
      bootDisk: {
        autoDelete: false,
        initializeParams: { image: "debian-cloud/debian-12", size: 20, type: "pd-balanced" },
      },
    },
    replacesByValue: { metadataStartupScript: "#!/bin/bash" },
    replaces: {
      name: "acme-2",
      zone: "europe-west1-c",
      hostname: "acme.example.com",
      bootDisk: {
        autoDelete: true,
        initializeParams: { image: "debian-cloud/debian-13", size: 20, type: "pd-balanced" },
      },
    },
  },
  {
    name: "repository",
    type: "gcp:artifactregistry/repository:Repository",
    inputs: () => ({
      repositoryId: "acme",
      location: "europe-west1",
      format: "DOCKER",
      dockerConfig: { immutableTags: true },
    }),
    updates: { dockerConfig: { immutableTags: false }, description: "images", labels: { part: "image" } },
    replaces: { repositoryId: "acme-2", location: "europe-west4", format: "MAVEN" },
  },
  {
    name: "puller",
    type: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    inputs: (made) => ({
      location: "europe-west1",
      repository: made("repository")["name"],
      role: "roles/artifactregistry.reader",
      member: made("account")["member"],
    }),
    replaces: { role: "roles/artifactregistry.writer", repository: "other" },
  },
  {
    name: "secret",
    type: "gcp:secretmanager/secret:Secret",
    inputs: () => ({ secretId: "acme-shopify-api-secret", replication }),
    updates: { labels: { part: "secret" }, deletionProtection: true },
    replaces: { secretId: "acme-other", replication: { userManaged: { replicas: [{ location: "europe-west1" }] } } },
  },
  {
    name: "version",
    type: "gcp:secretmanager/secretVersion:SecretVersion",
    inputs: (made) => ({ secret: id(made, "secret"), secretData: secret("payload") }),
    updates: { enabled: false },
    replaces: { secretData: secret("another"), secret: "acme-other" },
  },
  {
    name: "accessor",
    type: "gcp:secretmanager/secretIamMember:SecretIamMember",
    inputs: (made) => ({
      secretId: id(made, "secret"),
      role: "roles/secretmanager.secretAccessor",
      member: made("account")["member"],
    }),
    replaces: { role: "roles/secretmanager.viewer", secretId: "acme-other" },
  },
  {
    name: "bucket",
    type: "gcp:storage/bucket:Bucket",
    inputs: () => ({
      name: "acme-backups",
      location: "EUROPE-WEST1",
      versioning: { enabled: true },
      uniformBucketLevelAccess: true,
    }),
    updates: { versioning: { enabled: false }, forceDestroy: true, storageClass: "NEARLINE" },
    replaces: { name: "acme-backups-2", location: "EU" },
  },
  {
    name: "backup-readers",
    type: "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
    inputs: (made) => ({
      bucket: made("bucket")["name"],
      policyData: JSON.stringify({
        bindings: [{ role: "roles/storage.objectCreator", members: [made("account")["member"]] }],
      }),
    }),
    updates: { policyData: JSON.stringify({ bindings: [] }) },
    replaces: { bucket: "other-backups" },
  },
  {
    name: "mail",
    type: "gcp:monitoring/notificationChannel:NotificationChannel",
    inputs: () => ({ type: "email", displayName: "acme", labels: { email_address: "Ops@example.com" } }),
    updates: { type: "sms", labels: { email_address: "other@example.com" }, displayName: "other" },
    replaces: { project: "other-project" },
  },
  {
    name: "uptime",
    type: "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    inputs: () => ({
      displayName: "acme hook",
      timeout: "10s",
      period: "60s",
      httpCheck: { path: "/healthz", port: 443, useSsl: true, requestMethod: "GET" },
      monitoredResource: { type: "uptime_url", labels: { host: "hook.example.com", project_id: PROJECT } },
    }),
    updates: { period: "300s", timeout: "5s" },
    replaces: {
      monitoredResource: { type: "uptime_url", labels: { host: "other.example.com", project_id: PROJECT } },
      httpCheck: { path: "/healthz", port: 443, useSsl: true, requestMethod: "POST" },
    },
  },
  {
    name: "alert",
    type: "gcp:monitoring/alertPolicy:AlertPolicy",
    inputs: (made) => ({
      displayName: "acme down",
      combiner: "OR",
      conditions: [condition(1)],
      notificationChannels: [id(made, "mail")],
    }),
    updates: { conditions: [condition(2)], enabled: false, notificationChannels: [] },
    replaces: { project: "other-project" },
  },
];

const ingresses = [{ hostname: "erp.example.com", service: "http://frontend:8080" }, { service: "http_status:404" }];

/** A customer's Cloudflare resources, in the order in which they can be made. */
export const cloudflareSamples: readonly Sample[] = [
  {
    name: "tunnel",
    type: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    inputs: () => ({ accountId: ACCOUNT, name: "acme-ui", configSrc: "cloudflare" }),
    updates: { name: "acme-pages" },
    replaces: { accountId: OTHER_ACCOUNT, configSrc: "local" },
  },
  {
    name: "rules",
    type: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    inputs: (made) => ({ accountId: ACCOUNT, tunnelId: id(made, "tunnel"), config: { ingresses } }),
    updates: { config: { ingresses: ingresses.slice(1) } },
    replaces: { accountId: OTHER_ACCOUNT, tunnelId: "11111111-2222-3333-4444-555555555555" },
    stays: true,
  },
  {
    name: "token",
    type: "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    inputs: () => ({ accountId: ACCOUNT, name: "acme-automation", duration: "8760h" }),
    updates: { name: "other", duration: "17520h", clientSecretVersion: 2 },
    replaces: { accountId: OTHER_ACCOUNT },
  },
  {
    name: "policy",
    type: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
    inputs: (made) => ({
      accountId: ACCOUNT,
      name: "acme",
      decision: "non_identity",
      includes: [{ serviceToken: { tokenId: id(made, "token") } }],
    }),
    updates: { decision: "allow", includes: [{ email: { email: "someone@example.com" } }] },
    replaces: { accountId: OTHER_ACCOUNT },
  },
  {
    name: "application",
    type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
    inputs: (made) => ({
      accountId: ACCOUNT,
      name: "acme",
      type: "self_hosted",
      domain: "erp.example.com",
      sessionDuration: "24h",
      policies: [{ id: id(made, "policy"), precedence: 1 }],
    }),
    updates: { domain: "pages.example.com", sessionDuration: "8h", policies: [] },
    replaces: { accountId: OTHER_ACCOUNT },
  },
  {
    name: "record",
    type: "cloudflare:index/dnsRecord:DnsRecord",
    inputs: (made) => ({
      zoneId: ZONE,
      name: "erp.example.com",
      type: "CNAME",
      content: `${id(made, "tunnel")}.cfargotunnel.com`,
      ttl: 1,
      proxied: true,
    }),
    updates: { content: "other.example.com", comment: "the pages", name: "pages.example.com" },
    replaces: { type: "A", zoneId: OTHER_ACCOUNT },
  },
  {
    name: "database",
    type: "cloudflare:index/d1Database:D1Database",
    inputs: () => ({ accountId: ACCOUNT, name: "acme-console", primaryLocationHint: "weur" }),
    told: { readReplication: { mode: "disabled" } },
    updates: { readReplication: { mode: "auto" } },
    replaces: { name: "other", primaryLocationHint: "eeur" },
  },
  {
    name: "script",
    type: "cloudflare:index/workersScript:WorkersScript",
    inputs: (made) => ({
      accountId: ACCOUNT,
      scriptName: "acme-console",
      mainModule: "index.js",
      content: "export default {}",
      observability: { enabled: true, logs: { enabled: true, invocationLogs: true } },
      bindings: [
        { name: "DB", type: "d1", id: id(made, "database") },
        { name: "TOKEN", type: "secret_text", text: secret("hush") },
      ],
    }),
    told: {
      observability: {
        enabled: true,
        headSamplingRate: 1,
        logs: { enabled: true, invocationLogs: true, headSamplingRate: 1, destinations: [] },
      },
    },
    updates: { content: "export default { fetch() {} }", compatibilityDate: "2026-11-01" },
    replaces: { scriptName: "other" },
  },
  {
    name: "schedule",
    type: "cloudflare:index/workersCronTrigger:WorkersCronTrigger",
    inputs: (made) => ({
      accountId: ACCOUNT,
      scriptName: made("script")["scriptName"],
      schedules: [{ cron: "*/5 * * * *" }],
    }),
    updates: { schedules: [{ cron: "0 * * * *" }] },
    replaces: { scriptName: "other" },
  },
  {
    name: "subdomain",
    type: "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
    inputs: (made) => ({ accountId: ACCOUNT, scriptName: made("script")["scriptName"], enabled: false }),
    updates: { enabled: true },
    replaces: { scriptName: "other" },
  },
  {
    name: "domain",
    type: "cloudflare:index/workersCustomDomain:WorkersCustomDomain",
    inputs: (made) => ({
      accountId: ACCOUNT,
      zoneId: ZONE,
      hostname: "console.example.com",
      service: made("script")["scriptName"],
    }),
    replaces: { hostname: "other.example.com", service: "other" },
  },
  {
    name: "worker",
    type: "cloudflare:index/worker:Worker",
    inputs: () => ({ accountId: ACCOUNT, name: "acme-worker" }),
    updates: { logpush: true },
    replaces: { accountId: OTHER_ACCOUNT },
  },
  {
    name: "worker-version",
    type: "cloudflare:index/workerVersion:WorkerVersion",
    inputs: (made) => ({
      accountId: ACCOUNT,
      workerId: id(made, "worker"),
      mainModule: "index.js",
      compatibilityDate: "2026-11-01",
    }),
    replaces: { compatibilityDate: "2026-11-02", workerId: "other" },
    stays: true,
  },
  {
    name: "deployment",
    type: "cloudflare:index/workersDeployment:WorkersDeployment",
    inputs: (made) => ({
      accountId: ACCOUNT,
      scriptName: made("worker")["name"],
      strategy: "percentage",
      versions: [{ percentage: 100, versionId: id(made, "worker-version") }],
    }),
    replaces: { scriptName: "other", versions: [{ percentage: 100, versionId: "other" }] },
  },
];
