import type { FrappeError } from "../../../clients/frappe";
import type { FrappeDocumentFields } from "../../../clients/frappe";
import type { FrappeDocuments } from "../frappe-document.provider";

type Fields = Record<string, unknown>;

/** A Frappe site in memory that keeps documents the way reference/connector.md saw the real one do it. */
export class FakeSite implements FrappeDocuments {
  /** By `<doctype>/<name>`. */
  readonly documents = new Map<string, Fields>();
  /** What was written, in order: method, document, fields. */
  readonly writes: (readonly [string, string, Fields?])[] = [];
  /** Fields of type Password: they read back as asterisks. */
  passwordFields: readonly string[] = ["password"];
  /** Fields that the site does not know: it ignores them and says nothing. */
  unknownFields: readonly string[] = [];
  /** How a new document is really named. */
  naming: (wanted: string) => string = (wanted) => wanted;
  /** What the next write throws. */
  failure: FrappeError | undefined;

  get(doctype: string, name: string): Promise<FrappeDocumentFields | undefined> {
    const stored = this.documents.get(`${doctype}/${name}`);
    if (stored === undefined) return Promise.resolve(undefined);
    const shown = Object.entries(stored)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([field, value]) => [field, this.passwordFields.includes(field) ? "*".repeat(String(value).length) : value]);
    return Promise.resolve({ ...(Object.fromEntries(shown) as Fields), name, modified: "2026-11-23 12:00:00.123456" });
  }

  insert(doctype: string, fields: Fields): Promise<FrappeDocumentFields> {
    const name = this.naming(String(fields["name"]));
    this.writes.push(["insert", `${doctype}/${name}`, fields]);
    return this.#store(doctype, name, fields);
  }

  update(doctype: string, name: string, fields: Fields): Promise<FrappeDocumentFields> {
    this.writes.push(["update", `${doctype}/${name}`, fields]);
    return this.#store(doctype, name, { ...this.documents.get(`${doctype}/${name}`), ...fields });
  }

  delete(doctype: string, name: string): Promise<void> {
    this.writes.push(["delete", `${doctype}/${name}`]);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.documents.delete(`${doctype}/${name}`);
    return Promise.resolve();
  }

  async #store(doctype: string, name: string, fields: Fields): Promise<FrappeDocumentFields> {
    if (this.failure !== undefined) throw this.failure;
    const known = Object.entries(fields).filter(([field]) => !this.unknownFields.includes(field));
    const stored = known.map(([field, value]) => [field, asFrappe(value, name)]);
    this.documents.set(`${doctype}/${name}`, Object.fromEntries(stored) as Fields);
    return (await this.get(doctype, name))!;
  }
}

/** Checks become 0 and 1, and rows get the columns of a child table. */
function asFrappe(value: unknown, parent: string): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (!Array.isArray(value)) return value;
  return value.map((row: Fields, index) => ({ ...row, name: `row${index}`, idx: index + 1, parent, doctype: "Row" }));
}
