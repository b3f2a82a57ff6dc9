import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";

import { startCaddy, type RunningCaddy } from "../caddy";
import type { CloudRecord } from "../cloud/records";
import type { Clock } from "../clock";
import { startErpnext, type ErpnextOptions, type ErpnextStandIn, type Patches } from "../erpnext";
import type { RequestLog } from "../request-log";
import { checkImage, dataDisk, readSecret, serviceAccountOf, tunnelOf, type CloudView } from "./cloud-view";
import { isInstance, readMetadata, type ServerMetadata } from "./metadata";
import { siteFacts } from "./facts";
import { ServerStatus, type StepName } from "./status";

export interface VmOptions {
  readonly dir: string;
  readonly cloud: CloudView;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly caddyBinary: string;
  /** Caddy's storage, which holds the sandbox's certificate authority. */
  readonly caddyStorage: string;
  readonly ports: { readonly http: number; readonly https: number; readonly frontend: number; readonly health: number };
  readonly shopifyUrl: (shopDomain: string) => string;
  /** What was patched in the image that the sandbox's build pretends to make. */
  readonly patches: Patches;
  /** Puts an object into a bucket. */
  readonly storeBackup: (object: { bucket: string; name: string }) => void;
}

/** A step to fail at, as a full disk or an unreachable registry would. */
export interface StepFault {
  readonly step: StepName;
  readonly message: string;
}

/**
 * A server that pulls its state, as host/converge.sh does: whatever the cloud's one instance has in its metadata is
 * applied, step by step, with the instance's own identity. ERPNext is the stand-in, Caddy is real.
 */
export class VirtualMachine {
  #instance: CloudRecord | undefined;
  #status: ServerStatus | undefined;
  #erpnext: { standIn: ErpnextStandIn; disk: string; key: string } | undefined;
  #caddy: { running: RunningCaddy; key: string } | undefined;
  #tunnelToken: string | undefined;
  #known: object = {};
  #queue: Promise<void> = Promise.resolve();
  #health: Server | undefined;
  readonly faults: StepFault[] = [];

  constructor(private readonly options: VmOptions) {}

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const { log } = this.options;
      log.record({ service: "vm", method: request.method ?? "", path: request.url ?? "", write: false, status: 200 });
      const status = this.#status;
      response.setHeader("content-type", "application/json");
      response.writeHead(status === undefined || status.state === "failed" ? 503 : 200);
      response.end(JSON.stringify(status ?? {}));
    });
    this.#health = server;
    await new Promise<void>((resolve) => server.listen(this.options.ports.health, "127.0.0.1", resolve));
    const existing = this.options.cloud.resources("gcp:compute/instance:Instance")[0];
    if (existing !== undefined) {
      this.boot(existing);
    }
  }

  /** The ERPNext that runs on the server, once it does. */
  get erpnext(): ErpnextStandIn | undefined {
    return this.#erpnext?.standIn;
  }

  get instance(): CloudRecord | undefined {
    return this.#instance;
  }

  /** The tunnel that cloudflared on the server is connected to; undefined when it is not. */
  connectedTunnel(): string | undefined {
    try {
      return this.#tunnelToken === undefined ? undefined : tunnelOf(this.options.cloud, this.#tunnelToken);
    } catch {
      return undefined;
    }
  }

  /** Tells the server that its cloud changed. */
  notice(record: CloudRecord, deleted: boolean): void {
    if (isInstance(record)) {
      if (deleted) {
        this.#enqueue(() => this.#halt());
      } else {
        this.boot(record);
      }
    }
    if (deleted && record.type === "gcp:compute/disk:Disk") {
      const disk = record.id.split("/").at(-1) ?? "";
      this.#enqueue(() => {
        rmSync(this.#diskDirectory(disk), { recursive: true, force: true });
        return Promise.resolve();
      });
    }
  }

  boot(instance: CloudRecord): void {
    this.#instance = instance;
    this.#enqueue(() => this.#converge(instance));
  }

  /** Converges again with unchanged metadata, as a reboot does. */
  reboot(): void {
    if (this.#instance !== undefined) {
      this.boot(this.#instance);
    }
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  caddyOutput(): string {
    return this.#caddy?.running.output() ?? "";
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#halt();
    await new Promise<void>((resolve) => {
      if (this.#health === undefined) {
        resolve();
        return;
      }
      this.#health.close(() => {
        resolve();
      });
      this.#health.closeAllConnections();
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work, work).catch(() => undefined);
  }

  #diskDirectory(disk: string): string {
    return join(this.options.dir, "disks", disk);
  }

  async #halt(): Promise<void> {
    this.#instance = undefined;
    this.#status = undefined;
    this.#tunnelToken = undefined;
    await this.#caddy?.running.stop();
    this.#caddy = undefined;
    await this.#erpnext?.standIn.close();
    this.#erpnext = undefined;
  }

  async #converge(instance: CloudRecord): Promise<void> {
    const metadata = readMetadata(instance);
    const subject = { customer: metadata.env["CUSTOMER"] ?? "", digest: metadata.digest };
    const status = new ServerStatus(subject, () => this.options.clock.now(), this.#status);
    this.#status = status;
    const email = serviceAccountOf(instance);
    let disk = "";
    let secrets: Record<string, string> = {};
    await this.#step(status, "disk", () => {
      disk = dataDisk(instance);
    });
    await this.#step(status, "docker", () => undefined);
    await this.#step(status, "secrets", () => {
      secrets = this.#readSecrets(metadata, email);
    });
    await this.#step(status, "frappe-docker", () => {
      requireMatch(metadata, "FRAPPE_DOCKER_COMMIT", /^[0-9a-f]{40}$/);
    });
    await this.#step(status, "image", () => {
      requireMatch(metadata, "IMAGE_REF", /@sha256:[0-9a-f]{64}$/);
      checkImage(this.options.cloud, metadata.env["IMAGE_REF"] ?? "", email);
    });
    await this.#step(status, "containers", () => {
      const token = secrets["tunnel-token"] ?? "";
      tunnelOf(this.options.cloud, token);
      this.#tunnelToken = token;
    });
    await this.#step(status, "site", () => this.#site(metadata, secrets, disk));
    status.facts = () => this.#facts(metadata.env);
    for (const name of ["migrate", "automation-user", "workers"] as const) {
      await this.#step(status, name, () => undefined);
    }
    await this.#step(status, "door", () => this.#door(metadata));
    status.state = "ready";
    this.#backUp(metadata, status);
  }

  #facts(env: ServerMetadata["env"]): object {
    const { clock, patches } = this.options;
    const image = { ref: env["IMAGE_REF"] ?? "", tag: env["CUSTOM_TAG"] ?? "" };
    const standIn = this.#erpnext?.standIn;
    // What was known of containers that are down stays, as in the status file.
    if (standIn?.isUp === true) this.#known = siteFacts({ erpnext: standIn, patches, now: clock.now() });
    return { image, ...this.#known };
  }

  /** Answers a request once, as host/watch.sh does: the set lies in the bucket before it is reported. */
  #backUp({ backupNonce: nonce, env }: ServerMetadata, status: ServerStatus): void {
    if (nonce === undefined || status.requests.some((request) => request.nonce === nonce)) {
      return;
    }
    const set = `${this.options.clock.now().toISOString()}-requested`;
    this.options.storeBackup({ bucket: env["BACKUP_BUCKET"] ?? "", name: `${set}/database.sql.gz` });
    status.requests.push({ name: "backup", nonce, state: "done", detail: set });
  }

  async #step(status: ServerStatus, name: StepName, work: () => void | Promise<void>): Promise<void> {
    await status.run(name, async () => {
      const fault = this.faults.findIndex((candidate) => candidate.step === name);
      if (fault >= 0) {
        throw new Error(this.faults.splice(fault, 1)[0]?.message);
      }
      await work();
      return "done";
    });
  }

  #readSecrets(metadata: ServerMetadata, email: string): Record<string, string> {
    const prefix = metadata.env["SECRET_PREFIX"] ?? "";
    const keys = (metadata.env["SECRET_KEYS"] ?? "").split(" ").filter((key) => key !== "");
    return Object.fromEntries(keys.map((key) => [key, readSecret(this.options.cloud, `${prefix}${key}`, email)]));
  }

  async #site(metadata: ServerMetadata, secrets: Record<string, string>, disk: string): Promise<void> {
    const key = JSON.stringify([disk, metadata.env["SITE_NAME"], secrets]);
    if (this.#erpnext?.key === key) {
      return;
    }
    await this.#erpnext?.standIn.close();
    const { shopifyUrl, patches, log, clock, ports } = this.options;
    const standIn = await startErpnext({
      ...siteOptions(metadata.env, secrets),
      dir: this.#diskDirectory(disk),
      shopifyUrl,
      patches,
      log,
      clock,
      port: ports.frontend,
      appendOnly: true,
    });
    this.#erpnext = { standIn, disk, key };
  }

  async #door(metadata: ServerMetadata): Promise<void> {
    const configuration = metadata.files["Caddyfile"];
    if (configuration === undefined) {
      throw new Error("host/Caddyfile was not handed over");
    }
    const { ports, caddyStorage, caddyBinary, dir } = this.options;
    const environment = {
      HOOK_HOST: metadata.env["HOOK_HOST"] ?? "",
      SITE_NAME: metadata.env["SITE_NAME"] ?? "",
      FRONTEND: `127.0.0.1:${ports.frontend}`,
      HEALTH: `127.0.0.1:${ports.health}`,
      HTTP_PORT: String(ports.http),
      HTTPS_PORT: String(ports.https),
      // No ACME server knows the sandbox's names: Caddy signs with its own authority, which the sandbox trusts.
      CADDY_GLOBAL: "local_certs\nskip_install_trust",
    };
    const key = JSON.stringify([configuration, environment]);
    if (this.#caddy?.key === key && !this.#caddy.running.exited()) {
      return;
    }
    await this.#caddy?.running.stop();
    const running = startCaddy({
      binary: caddyBinary,
      storage: caddyStorage,
      dir: join(dir, "vm"),
      configuration,
      adapter: "caddyfile",
      environment,
    });
    this.#caddy = { running, key };
  }
}

type SiteOptions = Pick<ErpnextOptions, "siteName" | "timeZone" | "company" | "automation" | "administratorPassword">;

/** What the server's environment and its secrets say about the site. */
function siteOptions(env: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>>): SiteOptions {
  const setting = (key: string): string => env[key] ?? "";
  const secret = (key: string): string => secrets[key] ?? "";
  return {
    siteName: setting("SITE_NAME"),
    timeZone: setting("TIME_ZONE"),
    company: {
      name: setting("COMPANY_NAME"),
      abbreviation: setting("COMPANY_ABBREVIATION"),
      country: setting("COUNTRY"),
      currency: setting("CURRENCY"),
      fiscalYearStart: setting("FISCAL_YEAR_START"),
    },
    automation: {
      user: setting("AUTOMATION_USER"),
      apiKey: secret("automation-api-key"),
      apiSecret: secret("automation-api-secret"),
      roles: setting("AUTOMATION_ROLES").split(","),
    },
    administratorPassword: secret("administrator-password"),
  };
}

function requireMatch(metadata: ServerMetadata, key: string, shape: RegExp): void {
  const value = metadata.env[key] ?? "";
  if (!shape.test(value)) {
    throw new Error(`${key} is "${value}"`);
  }
}
