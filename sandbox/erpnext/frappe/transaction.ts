import { type Doc, text, type Value } from "./document";
import { deadlock, unknownColumn } from "./exceptions";
import { columnsOf, CUSTOM_FIELDS } from "./columns";
import type { Store } from "./store";

interface Change {
  readonly doctype: string;
  readonly name: string;
  readonly doc: Doc | undefined;
}

/** A point inside a transaction to come back to. */
export type Savepoint = ReadonlyMap<string, Change>;

/** Equality conditions on the columns of one doctype. */
export type Where = Readonly<Record<string, Value>>;

/**
 * One database transaction: sees its own changes and what others have committed. Two transactions that want the same row
 * do not wait for each other as InnoDB lets them for up to 50 s; the second one gets at once the deadlock that such pairs end in.
 */
export class Transaction {
  #changes = new Map<string, Change>();

  constructor(
    readonly store: Store,
    private readonly locks: Map<string, Transaction>,
  ) {}

  get(doctype: string, name: string): Doc | undefined {
    const change = this.#changes.get(key(doctype, name));
    const doc = change === undefined ? this.store.read(doctype, name) : change.doc;
    return doc === undefined ? undefined : structuredClone(doc);
  }

  /** Every document of a doctype, oldest first. The documents are not to be changed. */
  *all(doctype: string): Generator<Doc> {
    for (const doc of this.store.table(doctype)) {
      const change = this.#changes.get(key(doctype, doc.name));
      if (change === undefined) yield doc;
      else if (change.doc !== undefined) yield change.doc;
    }
    for (const change of this.#changes.values()) {
      const isNew = change.doctype === doctype && this.store.read(doctype, change.name) === undefined;
      if (isNew && change.doc !== undefined) yield change.doc;
    }
  }

  /** The oldest document whose columns equal `where`; a column that does not exist is MariaDB's error 1054. */
  find(doctype: string, where: Where): Doc | undefined {
    const columns = columnsOf(doctype, this.hasCustomFields);
    const wanted = Object.entries(where);
    for (const [column] of wanted) if (!columns.has(column)) throw unknownColumn(column);
    for (const doc of this.all(doctype)) {
      if (wanted.every(([column, value]) => text(doc[column]) === text(value))) return structuredClone(doc);
    }
    return undefined;
  }

  get hasCustomFields(): boolean {
    return this.get(CUSTOM_FIELDS, CUSTOM_FIELDS) !== undefined;
  }

  put(doc: Doc): void {
    this.#change({ doctype: doc.doctype, name: doc.name, doc: structuredClone(doc) });
  }

  remove(doctype: string, name: string): void {
    this.#change({ doctype, name, doc: undefined });
  }

  savepoint(): Savepoint {
    return new Map(this.#changes);
  }

  /** Undoes what happened since the savepoint; the rows stay locked until the transaction ends, as in InnoDB. */
  rollbackTo(savepoint: Savepoint): void {
    this.#changes = new Map(savepoint);
  }

  commit(): void {
    this.store.apply(this.#changes);
    this.rollback();
  }

  rollback(): void {
    this.#changes.clear();
    for (const [row, owner] of this.locks) if (owner === this) this.locks.delete(row);
  }

  #change(change: Change): void {
    const row = key(change.doctype, change.name);
    const owner = this.locks.get(row);
    if (owner !== undefined && owner !== this) throw deadlock();
    this.locks.set(row, this);
    this.#changes.set(row, change);
  }
}

function key(doctype: string, name: string): string {
  return `${doctype}\u0000${name}`;
}
