import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { RequestLog } from "../../request-log";
import { startCloud } from "../index";
import type { Cloud, ProviderName } from "../index";
import { PluginClient } from "./plugin-client";
import type { Inputs } from "./plugin-client";

/** What the tests configure providers with. */
export const CONFIG: Readonly<Record<ProviderName, Inputs>> = {
  gcp: {
    project: "acme-project",
    region: "europe-west1",
    zone: "europe-west1-b",
    defaultLabels: JSON.stringify({ customer: "acme" }),
  },
  cloudflare: { apiToken: "t".repeat(40) },
  "docker-build": {},
  command: {},
};

/** A cloud in a directory of its own, and connections to it. */
export class RunningCloud {
  readonly #clients: PluginClient[] = [];
  #cloud: Cloud | undefined;

  private constructor(
    readonly dir: string,
    readonly log: RequestLog,
  ) {}

  static async start(): Promise<RunningCloud> {
    const running = new RunningCloud(mkdtempSync(join(tmpdir(), "cloud-")), new RequestLog());
    await running.restart();
    return running;
  }

  get cloud(): Cloud {
    if (this.#cloud === undefined) throw new Error("The cloud is stopped.");
    return this.#cloud;
  }

  /** Starts over from the file. */
  async restart(): Promise<void> {
    await this.#stop();
    this.#cloud = await startCloud({ dir: this.dir, log: this.log });
  }

  /** A new plugin process, configured. */
  async connect(provider: ProviderName, config: Inputs = CONFIG[provider]): Promise<PluginClient> {
    const client = new PluginClient(this.cloud.port(provider));
    this.#clients.push(client);
    await client.handshake();
    await client.configure(config);
    return client;
  }

  /** A connection on which nothing has been said. */
  dial(provider: ProviderName): PluginClient {
    const client = new PluginClient(this.cloud.port(provider));
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    await this.#stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.#cloud?.close();
    this.#cloud = undefined;
  }
}
