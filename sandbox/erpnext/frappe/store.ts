import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { siteTimeOf } from "../../../clients/site-time";
import type { Clock } from "../../clock";
import { type Doc, text, type Value } from "./document";
import type { ServerScript } from "./server-scripts";
import { Transaction } from "./transaction";

interface Contents {
  /** Every document by doctype; names that start with "__" are tables without a doctype, as in Frappe's own database. */
  readonly tables: Readonly<Record<string, readonly Doc[]>>;
  /** What redis-queue wrote into its append-only file; null when it keeps none. */
  readonly redis: Value;
}

const SETTINGS = "System Settings";

const FILE = "erpnext.json";

/** How long a change may wait for the disk, in milliseconds of the wall clock. */
const FLUSH_AFTER_MS = 50;

/** The database: committed documents, kept in `<dir>/erpnext.json`, which stands for the data disk. */
export class Store {
  /** What the site's Password fields are encrypted with: written with another key they cannot be read. */
  encryptionKey = "";
  /** The site's Server Scripts; they are code and stand in no dump. */
  serverScripts: readonly ServerScript[] = [];
  readonly #tables = new Map<string, Map<string, Doc>>();
  readonly #locks = new Map<string, Transaction>();
  readonly #path: string;
  #redis: Value = null;
  #lastMicros = 0;
  #isClosed = false;
  #pending: NodeJS.Timeout | undefined;

  constructor(
    dir: string,
    readonly clock: Clock,
    private readonly timeZone = "UTC",
  ) {
    mkdirSync(dir, { recursive: true });
    this.#path = join(dir, FILE);
    this.#load();
  }

  begin(): Transaction {
    return new Transaction(this, this.#locks);
  }

  read(doctype: string, name: string): Doc | undefined {
    return this.#tables.get(doctype)?.get(name);
  }

  table(doctype: string): Iterable<Doc> {
    return this.#tables.get(doctype)?.values() ?? [];
  }

  /** Takes over what a transaction changed; `undefined` stands for a deleted document. */
  apply(
    changes: ReadonlyMap<string, { readonly doctype: string; readonly name: string; readonly doc: Doc | undefined }>,
  ): void {
    if (this.#isClosed && changes.size > 0) throw new Error("The database is closed.");
    for (const { doctype, name, doc } of changes.values()) {
      const table = this.#tables.get(doctype) ?? new Map<string, Doc>();
      this.#tables.set(doctype, table);
      if (doc === undefined) table.delete(name);
      else table.set(name, doc);
    }
    if (changes.size > 0) this.#schedule();
  }

  /** Every committed document, by doctype; what a dump holds. */
  tables(): Record<string, Doc[]> {
    return Object.fromEntries([...this.#tables].map(([doctype, docs]) => [doctype, [...docs.values()]]));
  }

  /** Puts a dump in the place of every document there is. Open transactions write into what is there then. */
  replaceTables(tables: Readonly<Record<string, readonly Doc[]>>): void {
    this.#tables.clear();
    this.#fill(tables);
    this.#schedule();
  }

  get redis(): Value {
    return this.#redis;
  }

  set redis(queue: Value) {
    if (this.#isClosed) return;
    this.#redis = queue;
    this.#schedule();
  }

  /** Now as Frappe writes it, in the site's time zone and never twice the same, since `modified` tells two saves apart. */
  timestamp(): string {
    const micros = Math.max(this.clock.now().getTime() * 1000, this.#lastMicros + 1);
    this.#lastMicros = micros;
    const seconds = siteTimeOf(Math.floor(micros / 1000), this.siteTimeZone());
    return `${seconds}.${String(micros % 1_000_000).padStart(6, "0")}`;
  }

  /** The setup wizard's, once it was run. */
  siteTimeZone(): string {
    const chosen = text(this.read(SETTINGS, SETTINGS)?.["time_zone"]);
    return chosen === "" ? this.timeZone : chosen;
  }

  /** Writes everything to the disk and lets go of it; what is committed after this fails. */
  close(): void {
    this.#flush();
    this.#isClosed = true;
  }

  #flush(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    const contents: Contents = { tables: this.tables(), redis: this.#redis };
    writeFileSync(`${this.#path}.new`, JSON.stringify(contents));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #schedule(): void {
    this.#pending ??= setTimeout(() => {
      this.#flush();
    }, FLUSH_AFTER_MS).unref();
  }

  #load(): void {
    let raw: string;
    try {
      raw = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    const contents = JSON.parse(raw) as Contents;
    this.#redis = contents.redis;
    this.#fill(contents.tables);
  }

  #fill(tables: Contents["tables"]): void {
    for (const [doctype, docs] of Object.entries(tables)) {
      this.#tables.set(doctype, new Map(docs.map((doc) => [doc.name, doc])));
    }
  }
}
