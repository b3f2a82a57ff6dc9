import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { CloudChange, CloudRecord } from "../cloud/records";
import type { Clock } from "../clock";
import type { ErpnextStandIn, Patches } from "../erpnext";
import type { PubSub } from "../pubsub";
import type { RequestLog } from "../request-log";
import type { ServerCloud } from "./bucket";
import { dataDisk, imageLabels, pullRefusal, settings, tunnelOf } from "./cloud-view";
import { Disk, type Attachment } from "./disk";
import { attributesOf, Google } from "./google";
import { Machine } from "./machine";
import { isInstance } from "./metadata";
import type { Call } from "./programs/call";
import { ProgramFaults } from "./programs/faults";
import { readJournal, STARTUP } from "./systemd";

export interface VmOptions {
  readonly dir: string;
  readonly cloud: ServerCloud;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly caddyBinary: string;
  /** Caddy's storage, which holds the sandbox's certificate authority. */
  readonly caddyStorage: string;
  /** PEM file of that authority. */
  readonly rootCertificate: string;
  readonly ports: {
    readonly http: number;
    readonly https: number;
    readonly frontend: number;
    readonly health: number;
    readonly redis: number;
    readonly receiver: number;
    readonly standby: number;
    readonly google: number;
  };
  readonly pubsub?: PubSub;
  readonly shopifyUrl: (shopDomain: string) => string;
  /** What was patched in the image that the sandbox's build pretends to make. */
  readonly patches: Patches;
  /** What one old order costs a pull of the history (milliseconds); default 0. */
  readonly orderMs?: number;
  /** Further variables for the server's scripts. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where the server finds its data disk (infra/server-environment.ts). */
const DATA_DEVICE = "/dev/disk/by-id/google-data";

/** An image that was pushed from elsewhere says nothing about its apps. */
const APPS = ["erpnext", "ecommerce_integrations"];

/** Pauses are for networks that are slow to recover; here what does not answer at once answers soon (seconds). */
const PAUSE = "0.1";

/** How long a server may take to come to rest (milliseconds). */
const SETTLED_WITHIN_MS = 180_000;

/**
 * The cloud's one server. It boots the very files of host/ out of its metadata, as a real one does, with the instance's own
 * identity; the programs that need a real machine are stand-ins, and so is what runs in the containers, but for Caddy.
 */
export class VirtualMachine {
  readonly google: Google;
  /** What goes wrong with the programs that the server's scripts call. */
  readonly faults = new ProgramFaults();
  /** How long bench pauses between two effects of one command (milliseconds). */
  benchStepMs = 5;
  #instance: CloudRecord | undefined;
  #machine: Machine | undefined;
  #turn: Promise<void> = Promise.resolve();
  #failure: unknown;
  #onCall: (call: Call) => void = () => undefined;
  readonly #killAll = (): void => {
    this.#machine?.powerOffNow();
  };

  constructor(private readonly options: VmOptions) {
    this.google = new Google({
      cloud: options.cloud,
      log: options.log,
      port: options.ports.google,
      ...(options.pubsub === undefined ? {} : { pubsub: options.pubsub }),
      bucketDirectory: join(options.dir, "buckets"),
      instance: () => this.#instance,
    });
  }

  async start(): Promise<void> {
    process.once("exit", this.#killAll);
    await this.google.start();
    const existing = this.options.cloud.resources("gcp:compute/instance:Instance")[0];
    if (existing !== undefined && isRunning(existing)) this.#enqueue(() => this.#powerOn(existing));
  }

  /** The ERPNext that runs on the server, once it does. */
  get erpnext(): ErpnextStandIn | undefined {
    return this.#machine?.erpnext;
  }

  get instance(): CloudRecord | undefined {
    return this.#instance;
  }

  /** The running machine, to look into. */
  get machine(): Machine | undefined {
    return this.#machine;
  }

  /** The tunnel that cloudflared on the server is connected to; undefined when it is not. */
  connectedTunnel(): string | undefined {
    return this.#machine?.connectedTunnel();
  }

  /** Calls back before every call of a program on the server. */
  onCall(listener: (call: Call) => void): void {
    this.#onCall = listener;
  }

  /** Tells the server that its cloud changed. */
  notice({ operation, record, previous }: CloudChange): void {
    if (isInstance(record)) {
      if (operation === "delete") this.#enqueue(() => this.#remove());
      else if (operation === "create") this.#enqueue(() => this.#powerOn(record));
      else this.#changed(record, previous);
    }
    if (operation === "delete" && record.type === "gcp:compute/disk:Disk") {
      this.#enqueue(() => {
        rmSync(this.#diskDirectory(record), { recursive: true, force: true });
        return Promise.resolve();
      });
    }
  }

  /** Takes the power away and gives it back. */
  reboot(): void {
    this.#enqueue(async () => {
      await this.#machine?.powerOff();
      if (this.#instance !== undefined) await this.#powerOn(this.#instance);
    });
  }

  /** Starts a unit, as an operator does with systemctl. @returns its exit code, when it is one that ends */
  async startUnit(unit: string): Promise<number> {
    await this.#turn;
    if (this.#machine === undefined) throw new Error("there is no server");
    return this.#machine.systemd.start(unit);
  }

  /** Resolves once nothing is under way: no run, and the server waits for new metadata. */
  async settled(): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    await this.#turn;
    while (!this.#isAtRest()) {
      if (Date.now() > deadline) throw new Error(`the server does not come to rest: ${this.#lastWords()}`);
      await sleep(20);
      await this.#turn;
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  /** Resolves once ERPNext has every delivery that was taken, or has answered it with an error. */
  async forwarded(): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    while (((await this.#machine?.waitingDeliveries()) ?? 0) > 0) {
      if (Date.now() > deadline) throw new Error(`deliveries wait: ${this.#machine?.forwarderOutput() ?? ""}`);
      await sleep(20);
    }
    await this.erpnext?.settled();
  }

  /** Whether the receivers wait for a delivery to judge. */
  async isCapturing(): Promise<boolean> {
    return (await this.#machine?.isCapturing()) ?? false;
  }

  /** As an operator's `docker compose stop redis-deliveries`: nothing can be kept any more. */
  async stopReceiving(): Promise<void> {
    await this.#machine?.stopService("redis-deliveries");
  }

  async startReceiving(): Promise<void> {
    await this.#machine?.startService("redis-deliveries");
  }

  caddyOutput(): string {
    return this.#machine?.doorOutput() ?? "";
  }

  /** What the units printed, by unit. */
  journal(): Record<string, string> {
    return this.#machine === undefined ? {} : readJournal(this.#machine.journal);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#powerOff();
    await this.google.close();
    process.removeListener("exit", this.#killAll);
  }

  #isAtRest(): boolean {
    const { systemd } = this.#machine ?? {};
    if (systemd === undefined) return true;
    const isBusy = [STARTUP, "erpnext-converge.service"].some((unit) => systemd.isRunning(unit));
    return !isBusy && this.google.isWaitedFor();
  }

  #lastWords(): string {
    return Object.entries(this.journal())
      .map(([unit, text]) => `${unit}: ${text.slice(-500)}`)
      .join("\n");
  }

  #enqueue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /** New metadata reaches a running server; another machine type needs it stopped, and someone may have stopped it. */
  #changed(record: CloudRecord, previous: CloudRecord | undefined): void {
    this.#instance = record;
    if (!isRunning(record)) {
      this.#enqueue(() => this.#powerOff());
    } else if (previous !== undefined && !isRunning(previous)) {
      this.#enqueue(() => this.#powerOn(record));
    } else if (previous !== undefined && previous.inputs["machineType"] !== record.inputs["machineType"]) {
      this.reboot();
    } else if (previous === undefined || !sameAttributes(previous, record)) {
      this.google.wake();
    }
  }

  async #powerOn(instance: CloudRecord): Promise<void> {
    this.#instance = instance;
    this.#machine = new Machine({
      ...this.options,
      directory: this.#bootDisk(instance),
      attachment: this.#attachment(instance),
      startupScript: () => attributesOf(this.#instance)["startup-script"] ?? "#!/bin/sh\nexit 1\n",
      environment: {
        ...this.google.environment,
        ERPNEXT_SHOPIFY_URL: this.options.shopifyUrl(""),
        ERPNEXT_RETRY_SECONDS: PAUSE,
        ERPNEXT_HEALTHY_SECONDS: "20",
        // Looking after a server that nothing happens to costs a busy machine more than it shows.
        ERPNEXT_WATCH_SECONDS: "600",
        CURL_CA_BUNDLE: this.options.rootCertificate,
        ...this.options.environment,
      },
      tunnelOf: (token) => tunnelOf(this.options.cloud, token),
      pullRefusal: (reference, account) => pullRefusal(this.options.cloud, reference, account),
      appsOf: (imageId) => this.#appsOf(imageId),
      faults: this.faults,
      benchStepMs: () => this.benchStepMs,
      onCall: (call) => {
        this.#onCall(call);
      },
    });
    await this.#machine.powerOn();
  }

  async #powerOff(): Promise<void> {
    await this.#machine?.powerOff();
    this.#machine = undefined;
  }

  async #remove(): Promise<void> {
    const instance = this.#instance;
    await this.#powerOff();
    this.#instance = undefined;
    if (instance !== undefined) rmSync(this.#bootDisk(instance), { recursive: true, force: true });
  }

  #bootDisk(instance: CloudRecord): string {
    return join(this.options.dir, "machines", instance.id.split("/").at(-1) ?? "");
  }

  #diskDirectory(disk: CloudRecord): string {
    return join(this.options.dir, "disks", disk.id.split("/").at(-1) ?? "");
  }

  #attachment(instance: CloudRecord): Attachment | undefined {
    const name = dataDisk(instance);
    if (name === undefined) return undefined;
    const find = (): CloudRecord | undefined =>
      this.options.cloud.resources("gcp:compute/disk:Disk").find(({ id }) => id.endsWith(`/${name}`));
    return {
      disk: new Disk(join(this.options.dir, "disks", name)),
      device: DATA_DEVICE,
      sizeGb: () => Number(settings(find() ?? instance)["size"] ?? 0),
    };
  }

  #appsOf(imageId: string): readonly string[] {
    const label = imageLabels(this.options.cloud, imageId)["erpnext.apps"];
    const apps = label === undefined ? APPS : label.split(" ").map((app) => app.split("@")[0] ?? "");
    return ["frappe", ...apps.filter((app) => app !== "frappe")];
  }
}

function isRunning({ outputs }: CloudRecord): boolean {
  return (outputs["currentStatus"] ?? "RUNNING") === "RUNNING";
}

function sameAttributes(a: CloudRecord, b: CloudRecord): boolean {
  return JSON.stringify(attributesOf(a)) === JSON.stringify(attributesOf(b));
}
