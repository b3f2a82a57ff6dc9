import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { RegistryStore } from "../registry-api";
import type { RequestLog } from "../request-log";
import { EngineLog } from "./engine-log";
import { Faults } from "./faults";
import type { Fault, Operation } from "./faults";
import { callerFile, callersDirectory, ownerFile, portFile, PROVIDERS } from "./install-plugins";
import { edited } from "./lifecycle";
import { Pace } from "./pace";
import type { HostParts } from "./provider-requests";
import { ProviderServer } from "./provider-server";
import { Records } from "./records";
import type { ChangeListener, CloudRecord, ProviderName, ResourceFilter } from "./records";
import type { ProviderDefinition, ResourceType } from "./resource-type";
import { Sessions } from "./sessions";
import { cloudflareProvider } from "./types/cloudflare";
import { commandProvider } from "./types/command";
import { dockerBuildProvider } from "./types/docker-build";
import { gcpProvider } from "./types/gcp";
import { apiEnabled, serviceDisabled } from "./types/gcp-type";
import { parseReference, pushTag, taggedName } from "./types/registry";
import { PushedImages } from "./types/pushed-images";
import type { Properties } from "./values";

export { CloudError } from "./cloud-error";
export type { Fault } from "./faults";
export { installPlugins } from "./install-plugins";
export type { ChangeListener, CloudChange, CloudRecord, ProviderName, ResourceFilter } from "./records";
export type { Properties, Value } from "./values";

const DEFINITIONS: Readonly<Record<ProviderName, ProviderDefinition>> = {
  gcp: gcpProvider,
  cloudflare: cloudflareProvider,
  "docker-build": dockerBuildProvider,
  command: commandProvider,
};

export interface CloudOptions {
  /** Where `cloud.json` and the ports are kept; made when missing. One cloud at a time per directory. */
  readonly dir: string;
  readonly log: RequestLog;
}

/** What someone changes by hand, beside Pulumi. */
export interface HandEdit {
  /** Settings to change; null takes one away. */
  readonly inputs?: Properties;
  /** What can be read of it, where the cloud itself changes it (a tunnel's connections, a machine's status). */
  readonly outputs?: Properties;
}

/** The clouds of the sandbox, together with the provider plugins that reach them. */
export class Cloud {
  readonly #faults = new Faults();
  /** Google's APIs answer so long after they were enabled (milliseconds). */
  set apisAnswerAfterMs(value: number) {
    this.#records.apisAnswerAfterMs = value;
  }

  /** Why an API does not answer for a project; undefined where it does. */
  apiRefusal(project: string, api: string): string | undefined {
    return apiEnabled(this.#records, project, api) ? undefined : serviceDisabled(api, project);
  }

  /** How long it works at what it makes. */
  readonly pace = new Pace();
  readonly #closing = new AbortController();
  readonly #engineLog = new EngineLog();
  readonly #records: Records;
  readonly #servers: ReadonlyMap<ProviderName, ProviderServer>;
  readonly #ports = new Map<ProviderName, number>();
  readonly #types: ReadonlyMap<string, ResourceType>;

  constructor(private readonly options: CloudOptions) {
    const { dir, log } = options;
    this.#records = new Records(join(dir, "cloud.json"));
    const parts = {
      records: this.#records,
      faults: this.#faults,
      log,
      engineLog: this.#engineLog,
      pace: this.pace,
      signal: this.#closing.signal,
    };
    this.#servers = new Map(PROVIDERS.map((name) => [name, serverOf(name, dir, parts)]));
    this.#types = new Map(
      PROVIDERS.flatMap((name) => DEFINITIONS[name].types.map((type) => [type.token, type] as const)),
    );
  }

  /** Opens the ports and leaves them where the launchers look. */
  async start(): Promise<void> {
    const { dir } = this.options;
    rmSync(callersDirectory(dir), { recursive: true, force: true });
    for (const [name, server] of this.#servers) {
      const port = await server.start();
      this.#ports.set(name, port);
      writeWhole(portFile(dir, name), `${port}\n`);
    }
    writeWhole(ownerFile(dir), `${process.pid}\n`);
  }

  /** Port of a provider's gRPC server on 127.0.0.1. */
  port(provider: ProviderName): number {
    const port = this.#ports.get(provider);
    if (port === undefined) throw new Error(`The sandbox's ${provider} is not started.`);
    return port;
  }

  /** All that exists; by type token, or by provider, type and scope. */
  resources(filter?: ResourceFilter): CloudRecord[] {
    return this.#records.list(filter);
  }

  /** The first of a type that fits. */
  find(type: string, predicate: (record: CloudRecord) => boolean = () => true): CloudRecord | undefined {
    return this.#records.list(type).find(predicate);
  }

  /** Calls the listener after each change, by whomever, in order and before the provider answers. @returns a function that ends it */
  on(_event: "change", listener: ChangeListener): () => void {
    return this.#records.listen(listener);
  }

  /** Someone edits a resource by hand. @returns what it is now */
  mutate(target: Pick<CloudRecord, "type" | "id">, edit: HandEdit): CloudRecord {
    const record = this.#required(target);
    const now = new Date().toISOString();
    const changed = Object.entries({ ...record.inputs, ...edit.inputs }).filter(([, value]) => value !== null);
    const inputs = Object.fromEntries(changed);
    const situation = { ...this.#byHand(record), inputs, now };
    const outputs = { ...edited(this.#types.get(record.type), situation, record), ...edit.outputs };
    const next = { ...record, inputs, outputs, updatedAt: now };
    this.#records.put(next);
    return next;
  }

  /** Someone deletes a resource by hand, past every safeguard. */
  remove(target: Pick<CloudRecord, "type" | "id">): void {
    const record = this.#required(target);
    this.#records.remove(record.type, record.id);
  }

  /** Something is there that no stack made: a file in a bucket, a record of another team. */
  plant(record: Omit<CloudRecord, "createdAt" | "updatedAt">): void {
    const now = new Date().toISOString();
    this.#records.put({ ...record, createdAt: now, updatedAt: now });
  }

  /** Someone pushes an image from elsewhere. @param digest "sha256:" and 64 hexadecimal digits */
  pushImage(reference: string, digest: string): void {
    const parsed = parseReference(reference);
    if (parsed === undefined) throw new Error(`"${reference}" is no image reference; write "<host>/<path>:<tag>".`);
    pushTag(this.#records, taggedName(parsed), { digest });
  }

  /** The registry's content, as its own API serves it. */
  registry(): RegistryStore {
    return new PushedImages(this.#records);
  }

  /** The next matching requests go wrong. */
  failNext(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** What someone asks for past Pulumi meets the same faults. @throws CloudError */
  asked<T>(operation: Operation, type: string, work: () => Promise<T>): Promise<T> {
    return this.#faults.around({ operation, type, signal: this.#closing.signal }, work);
  }

  /** What costs money or blocks a name and is still there. */
  leftovers(): CloudRecord[] {
    return this.#records.list().filter((record) => record.residue !== true);
  }

  isEmpty(): boolean {
    return this.leftovers().length === 0;
  }

  /** Ends running commands and delayed requests, and closes the ports. The cloud itself stays in its file. */
  async close(): Promise<void> {
    const { dir } = this.options;
    rmSync(dirname(ownerFile(dir)), { recursive: true, force: true });
    rmSync(callersDirectory(dir), { recursive: true, force: true });
    this.#closing.abort(new Error("The sandbox is closing."));
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#engineLog.close();
  }

  #required({ type, id }: Pick<CloudRecord, "type" | "id">): CloudRecord {
    const record = this.#records.get(type, id);
    if (record === undefined) throw new Error(`The sandbox's cloud holds no ${type} "${id}".`);
    return record;
  }

  #byHand(record: CloudRecord): Parameters<typeof edited>[1] {
    const session = { engineAddress: "", directory: process.cwd(), config: { project: record.scope } };
    const { id, inputs } = record;
    return { records: this.#records, session, name: id, urn: "", inputs, id, now: record.updatedAt };
  }
}

/** Starts the clouds, with whatever an earlier run left in the directory. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const cloud = new Cloud(options);
  await cloud.start();
  return cloud;
}

function serverOf(name: ProviderName, dir: string, parts: HostParts): ProviderServer {
  const sessions = new Sessions((engineAddress) => callerFile(dir, name, engineAddress));
  return new ProviderServer(DEFINITIONS[name], sessions, parts);
}

function writeWhole(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, content);
  renameSync(`${file}.next`, file);
}
