import { D1Error, type D1Row } from "../../../clients/cloudflare-d1";
import type { D1Queries } from "../d1-migrations.provider";

/** A D1 database that remembers what was applied to it, as far as the migrations' own table tells. */
export class FakeD1 implements D1Queries {
  /** Every transaction that was carried out. */
  readonly written: string[] = [];
  readonly applied = new Map<string, string>();
  /** Thrown by the next write, before or after it is carried out. */
  failure: { readonly error: D1Error; readonly carriedOut: boolean } | undefined;
  missing = false;

  read(sql: string): Promise<readonly D1Row[]> {
    if (this.missing) {
      return Promise.reject(new D1Error("missing", { what: "there is no such database", next: "make it again" }));
    }
    if (sql.includes("sqlite_master")) {
      return Promise.resolve(this.applied.size === 0 ? [] : [{ name: "applied_migrations" }]);
    }
    return Promise.resolve([...this.applied].map(([name, digest]) => ({ name, digest })));
  }

  write(sql: string): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure?.carriedOut === false) return Promise.reject(failure.error);
    this.written.push(sql);
    const [, name = "", digest = ""] = /VALUES \('([^']+)', '([0-9a-f]{64})'/.exec(sql) ?? [];
    this.applied.set(name, digest);
    return failure === undefined ? Promise.resolve() : Promise.reject(failure.error);
  }
}
