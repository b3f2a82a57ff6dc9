import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types";

import type { Counts, HealthCheck } from "../model";
import type { ScanBook } from "./scan-book";

/** The small facts by their names. All are JSON. */
export interface FactValues {
  readonly counts: Counts;
  readonly health: readonly HealthCheck[];
  readonly scan: ScanBook;
  /** The scopes that the app had when it was asked last. */
  readonly scopes: readonly string[];
}

export async function readFact<Name extends keyof FactValues>(
  database: D1Database,
  name: Name,
): Promise<FactValues[Name] | undefined> {
  const text = await database.prepare("SELECT value FROM fact WHERE name = ?1").bind(name).first<string>("value");
  return text === null ? undefined : (JSON.parse(text) as FactValues[Name]);
}

export function writeFact<Name extends keyof FactValues>(
  database: D1Database,
  name: Name,
  value: FactValues[Name],
): D1PreparedStatement {
  return database
    .prepare("INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    .bind(name, JSON.stringify(value));
}
