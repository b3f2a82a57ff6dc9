import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Properties } from "./values";

/** The provider plugins that this cloud stands in for. */
export type ProviderName = "gcp" | "cloudflare" | "docker-build" | "command";

/** One thing that exists in the cloud. */
export interface CloudRecord {
  readonly provider: ProviderName;
  /** Pulumi's type token, e.g. "gcp:compute/instance:Instance", or one of this stand-in's own kinds (see `residue`). */
  readonly type: string;
  readonly id: string;
  /** GCP project, Cloudflare account or zone that pays for it; "" where there is none. */
  readonly scope: string;
  /** Current settings in the words of its creator. */
  readonly inputs: Properties;
  /** Everything that can be read of it. */
  readonly outputs: Properties;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339. */
  readonly updatedAt: string;
  /** Stays after its maker is gone, free of charge and on purpose (an enabled API, a pushed image): never a leftover. */
  readonly residue?: true;
}

export interface CloudChange {
  readonly operation: "create" | "update" | "delete";
  readonly record: CloudRecord;
  /** What it was before an update. */
  readonly previous?: CloudRecord;
}

export type ResourceFilter = string | Partial<Pick<CloudRecord, "provider" | "type" | "scope">>;
export type ChangeListener = (change: CloudChange) => void;

/** All that exists, kept in one file which is written whole after every change. */
export class Records {
  readonly #all = new Map<string, CloudRecord>();
  readonly #listeners = new Set<ChangeListener>();
  /** How long after it was enabled an API answers (milliseconds). Google's words: "wait a few minutes for the action to propagate". */
  apisAnswerAfterMs = 0;

  /** @param file holds secret payloads, as the cloud itself does; only its owner may read it. */
  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const record of JSON.parse(readFileSync(file, "utf8")) as CloudRecord[]) this.#all.set(keyOf(record), record);
  }

  list(filter: ResourceFilter = {}): CloudRecord[] {
    const wanted = typeof filter === "string" ? { type: filter } : filter;
    const keys = Object.keys(wanted) as (keyof typeof wanted)[];
    return [...this.#all.values()].filter((record) => keys.every((key) => record[key] === wanted[key]));
  }

  get(type: string, id: string): CloudRecord | undefined {
    return this.#all.get(keyOf({ type, id }));
  }

  put(record: CloudRecord): void {
    const previous = this.get(record.type, record.id);
    this.#all.set(keyOf(record), record);
    this.#save();
    this.#tell(previous === undefined ? { operation: "create", record } : { operation: "update", record, previous });
  }

  remove(type: string, id: string): void {
    const record = this.get(type, id);
    if (record === undefined) return;
    this.#all.delete(keyOf(record));
    this.#save();
    this.#tell({ operation: "delete", record });
  }

  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: CloudChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #save(): void {
    const next = `${this.file}.next`;
    writeFileSync(next, JSON.stringify([...this.#all.values()], null, 1), { mode: 0o600 });
    // The mode above counts only for a new file; a crash may have left one behind.
    chmodSync(next, 0o600);
    renameSync(next, this.file);
  }
}

function keyOf(record: Pick<CloudRecord, "type" | "id">): string {
  return `${record.type} ${record.id}`;
}
