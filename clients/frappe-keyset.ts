import type { FrappeApi, FrappeFilter } from "./frappe-api";

export type Row = Readonly<Record<string, unknown>>;

/**
 * Reads documents in the numeric sequence of a field that holds numbers as text. Frappe sorts by columns only (a function in
 * `order_by` is refused from version 16 on), and text sorts 10 before 9. Among texts of one length both sequences are the same, so one
 * length is read after the other: a pattern of that many underscores finds it. A page goes on after a value, not after a
 * number of rows, so that a document made meanwhile shifts nothing.
 */
export class KeysetReader {
  constructor(
    private readonly site: Pick<FrappeApi, "list">,
    private readonly field: string,
    private readonly size: number,
  ) {}

  /**
   * Rows with values above `after` that are wanted, all rows of a value together. Empty only where nothing follows.
   * @throws FrappeError
   */
  async page(
    doctype: string,
    fields: readonly string[],
    { after, wanted }: { readonly after: string | null; readonly wanted: (value: string) => boolean },
  ): Promise<{ readonly rows: readonly Row[]; readonly last: boolean }> {
    let above = after ?? "";
    let length = after?.length ?? (await this.#shortest(doctype, 1));
    while (length !== undefined) {
      const { rows, more } = await this.#values(doctype, fields, [like(this.field, length), [this.field, ">", above]]);
      const next = more ? length : await this.#shortest(doctype, length + 1);
      const kept = rows.filter((row) => wanted(this.#valueOf(row)));
      if (kept.length > 0) return { rows: kept, last: next === undefined };
      above = more ? this.#valueOf(rows.at(-1) ?? {}) : "";
      length = next;
    }
    return { rows: [], last: true };
  }

  /** All rows with values of one length from one to another, both included. @throws FrappeError */
  async range(
    doctype: string,
    fields: readonly string[],
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<readonly Row[]> {
    const within: FrappeFilter[] = [like(this.field, to.length), [this.field, "<=", to]];
    const found: Row[] = [];
    let bound: FrappeFilter = [this.field, ">=", from];
    for (;;) {
      const { rows, more } = await this.#values(doctype, fields, [...within, bound]);
      found.push(...rows);
      if (!more) return found;
      bound = [this.field, ">", this.#valueOf(rows.at(-1) ?? {})];
    }
  }

  /** One page without the rows of its last value, which may go on behind it; of one value all rows, however many. */
  async #values(
    doctype: string,
    fields: readonly string[],
    filters: readonly FrappeFilter[],
  ): Promise<{ readonly rows: readonly Row[]; readonly more: boolean }> {
    for (let limit = this.size; ; limit *= 2) {
      const orderBy = `${this.field} asc, name asc`;
      const rows = await this.site.list(doctype, { fields, filters, orderBy, limit });
      if (rows.length < limit) return { rows, more: false };
      const end = this.#valueOf(rows.at(-1) ?? {});
      const whole = rows.filter((row) => this.#valueOf(row) !== end);
      if (whole.length > 0) return { rows: whole, more: true };
    }
  }

  /** The length of the shortest value of at least so many characters. */
  async #shortest(doctype: string, atLeast: number): Promise<number | undefined> {
    const longEnough: FrappeFilter = [this.field, "like", `${"_".repeat(atLeast)}%`];
    let shortest: number | undefined;
    for (;;) {
      const shorter: FrappeFilter[] =
        shortest === undefined ? [] : [[this.field, "not like", `${"_".repeat(shortest)}%`]];
      const filters = [longEnough, ...shorter];
      const [row] = await this.site.list(doctype, { fields: [this.field], filters, limit: 1, orderBy: "name asc" });
      const { length } = this.#valueOf(row ?? {});
      if (row === undefined || (shortest !== undefined && length >= shortest)) return shortest;
      shortest = length;
    }
  }

  #valueOf(row: Row): string {
    const value = row[this.field];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }
}

function like(field: string, length: number): FrappeFilter {
  return [field, "like", "_".repeat(length)];
}
