import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderEnvFile } from "../../../components/shared/env-file";
import { configurationDigest, packServerFiles } from "../../../components/shared/server-files";
import { loadCustomer } from "../../../customers/load";
import { readServerFiles } from "../../../infra/host-files";
import { serverEnvironment } from "../../../infra/server-environment";
import { ensureCaddy } from "../../../tools/caddy";
import { makeCertificateAuthority } from "../../caddy";
import type { CloudChange, CloudRecord } from "../../cloud/records";
import { speededClock } from "../../clock";
import { freePort } from "../../ports";
import { RequestLog } from "../../request-log";
import { REPOSITORY } from "../../workspace";
import { VirtualMachine } from "../index";

const EMAIL = "demo-store@demo-project.iam.gserviceaccount.com";
const MEMBER = `serviceAccount:${EMAIL}`;
const BUCKET = "demo-store-backups";
const REGISTRY = "europe-west3-docker.pkg.dev/demo-project/demo-store/demo-store/erpnext";
const TUNNEL = "tunnel-1";

export const SITE = "erp.demo-store.example";

/** The secrets that a stack gives to its server, with values that stand nowhere else. */
export const SECRETS: Readonly<Record<string, string>> = {
  "administrator-password": "administrator-password-31",
  "automation-api-key": "automationkey32",
  "automation-api-secret": "automation-secret-33",
  "database-root-password": "database-root-password-34",
  "shopify-admin-token": "shpat_0123456789abcdef",
  "shopify-api-secret": "shopify-api-secret-36",
  "tunnel-token": Buffer.from(JSON.stringify({ a: "account", t: TUNNEL, s: "secret" })).toString("base64"),
};

/** The digest of an image by its tag. */
export function digestOf(tag: string): string {
  return `sha256:${createHash("sha256").update(tag).digest("hex")}`;
}

type Properties = CloudRecord["inputs"];

/** A server with its cloud, without Pulumi: what a stack of the documented example would have made. */
export class TestServer {
  readonly dir = mkdtempSync(join(tmpdir(), "erpnext-server-"));
  readonly log = new RequestLog();
  readonly records = new Map<string, CloudRecord>();
  #vm: VirtualMachine | undefined;
  #environment: Readonly<Record<string, string>> = {};

  private constructor() {
    mkdirSync(this.dir, { recursive: true });
  }

  /** A cloud in which everything is ready for the server but the server itself. */
  static async prepare(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const server = new TestServer();
    server.#plant();
    const { binary } = await ensureCaddy({});
    const caddyStorage = join(server.dir, "caddy");
    const ports = {
      http: await freePort(),
      https: await freePort(),
      frontend: await freePort(),
      health: await freePort(),
      redis: await freePort(),
      receiver: await freePort(),
      standby: await freePort(),
      google: await freePort(),
    };
    server.#vm = new VirtualMachine({
      dir: server.dir,
      cloud: {
        resources: (type) => [...server.records.values()].filter((record) => record.type === type),
        plant: (record) => {
          server.put(record.type, record.id, record.inputs);
        },
      },
      log: server.log,
      clock: speededClock(1),
      caddyBinary: binary,
      caddyStorage,
      rootCertificate: await makeCertificateAuthority(binary, caddyStorage),
      ports,
      shopifyUrl: () => "http://127.0.0.1:9",
      patches: { statusAny: true, truncate: true, perOrderTry: true, booksApp: true },
      environment,
    });
    await server.#vm.start();
    return server;
  }

  get vm(): VirtualMachine {
    if (this.#vm === undefined) throw new Error("the server is not prepared");
    return this.#vm;
  }

  /** Puts something into the cloud, or changes it, and tells the server. */
  put(type: string, id: string, inputs: Properties): void {
    const previous = this.records.get(`${type} ${id}`);
    const record: CloudRecord = {
      provider: "gcp",
      type,
      id,
      scope: "",
      inputs,
      outputs: {},
      createdAt: "",
      updatedAt: "",
    };
    this.records.set(`${type} ${id}`, record);
    const change: CloudChange =
      previous === undefined ? { operation: "create", record } : { operation: "update", record, previous };
    this.#vm?.notice(change);
  }

  take(type: string, id: string): void {
    const record = this.records.get(`${type} ${id}`);
    this.records.delete(`${type} ${id}`);
    if (record !== undefined) this.#vm?.notice({ operation: "delete", record });
  }

  /** Pushes an image to the registry. */
  pushImage(tag: string): void {
    this.put("registry:tag", `${REGISTRY}:${tag}`, { digest: digestOf(tag) });
  }

  /** Gives the server an update, and with it its birth if there is none. @returns the update's digest */
  apply(changes: Readonly<Record<string, string>> = {}, metadata: Readonly<Record<string, string>> = {}): string {
    this.#environment = { ...this.#environment, ...changes };
    const tag = this.#environment["CUSTOM_TAG"] ?? "1.0";
    const loaded = loadCustomer("demo-store", join(REPOSITORY, "customers"));
    if (!loaded.ok) throw new Error(loaded.faults.join("\n"));
    const environment = {
      ...serverEnvironment(loaded.customer, {
        imageRef: `${REGISTRY}:${tag}@${digestOf(tag)}`,
        secretPrefix: "demo-store-",
        secretKeys: Object.keys(SECRETS).join(" "),
        secretVersions: Object.keys(SECRETS)
          .map((key) => `${key}=1`)
          .join(" "),
        backupBucket: BUCKET,
        accessExpiresAt: "2027-11-23T12:00:00Z",
        healthTokenDigest: "",
      }),
      ...this.#environment,
    } as Record<string, string>;
    const files = packServerFiles("demo-store", readServerFiles(REPOSITORY));
    const envFile = renderEnvFile("demo-store", environment);
    const digest = configurationDigest(files, envFile);
    this.put(INSTANCE, INSTANCE_ID, {
      name: "demo-store",
      machineType: "e2-standard-4",
      serviceAccount: { email: EMAIL },
      attachedDisks: [{ deviceName: "data", source: DISK_ID }],
      metadata: {
        "startup-script": files.bootScript,
        "erpnext-files": files.json,
        "erpnext-env": envFile,
        "erpnext-digest": digest,
        ...metadata,
      },
    });
    return digest;
  }

  /** Another machine with the same metadata, on the same data disk. */
  replaceMachine(): void {
    const { inputs } = this.#required(INSTANCE, INSTANCE_ID);
    this.take(INSTANCE, INSTANCE_ID);
    this.put(INSTANCE, INSTANCE_ID, inputs);
  }

  /** Another machine with the same metadata, on an empty data disk. */
  replaceDisk(): void {
    const [{ inputs: machine }, { inputs: disk }] = [
      this.#required(INSTANCE, INSTANCE_ID),
      this.#required(DISK, DISK_ID),
    ];
    this.take(INSTANCE, INSTANCE_ID);
    this.take(DISK, DISK_ID);
    this.put(DISK, DISK_ID, disk);
    this.put(INSTANCE, INSTANCE_ID, machine);
  }

  #required(type: string, id: string): CloudRecord {
    const record = this.records.get(`${type} ${id}`);
    if (record === undefined) throw new Error(`there is no ${id}`);
    return record;
  }

  async close(): Promise<void> {
    await this.#vm?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #plant(): void {
    this.put(DISK, DISK_ID, { name: "demo-store-data", size: 60 });
    this.put("gcp:storage/bucket:Bucket", BUCKET, { name: BUCKET });
    const roles = ["objectCreator", "objectViewer", "legacyObjectOwner"].map((role) => `roles/storage.${role}`);
    const bindings = roles.map((role) => ({ role, members: [MEMBER] }));
    this.put("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", BUCKET, {
      bucket: BUCKET,
      policyData: JSON.stringify({ bindings }),
    });
    for (const [key, value] of Object.entries(SECRETS)) this.putSecret(key, value);
    this.put("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "reader", {
      member: MEMBER,
      role: "roles/artifactregistry.reader",
    });
    this.put("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared", TUNNEL, {});
    this.pushImage("1.0");
  }

  /** A secret that the server may read. */
  putSecret(key: string, value: string): void {
    const secretId = `demo-store-${key}`;
    const secret = `projects/demo-project/secrets/${secretId}`;
    this.put("gcp:secretmanager/secretVersion:SecretVersion", `${secret}/versions/1`, {
      secret,
      version: "1",
      secretData: value,
    });
    this.put("gcp:secretmanager/secretIamMember:SecretIamMember", secretId, {
      secretId,
      member: MEMBER,
      role: "roles/secretmanager.secretAccessor",
    });
  }
}

const INSTANCE = "gcp:compute/instance:Instance";
const DISK = "gcp:compute/disk:Disk";
const INSTANCE_ID = "projects/demo-project/zones/europe-west3-a/instances/demo-store";
const DISK_ID = "projects/demo-project/zones/europe-west3-a/disks/demo-store-data";
