import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types";

/** The right to work at something alone. It ends by itself, so that one whose holder was killed does not last. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** How long it lasts from each renewal (milliseconds). */
  readonly lastsMs: number;
}

/** Takes a free lease; undefined where another holder has it. */
export async function takeLease(database: D1Database, name: string, lastsMs: number): Promise<Lease | undefined> {
  const lease = { name, holder: crypto.randomUUID(), lastsMs };
  const now = Date.now();
  const { meta } = await database
    .prepare(
      `INSERT INTO lease (name, holder, ends) VALUES (?1, ?2, ?3)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends = excluded.ends WHERE lease.ends <= ?4`,
    )
    .bind(name, lease.holder, now + lastsMs, now)
    .run();
  return meta.changes === 0 ? undefined : lease;
}

/**
 * Belongs into every transaction that the lease protects: it renews the lease, and fails the whole transaction where someone
 * else has taken it meanwhile.
 */
export function renewal(database: D1Database, { name, holder, lastsMs }: Lease): D1PreparedStatement {
  return database
    .prepare(
      `UPDATE lease SET holder = (SELECT holder FROM lease WHERE name = ?1 AND holder = ?2), ends = ?3 WHERE name = ?1`,
    )
    .bind(name, holder, Date.now() + lastsMs);
}

/** Gives a lease back, `restMs` from now: until then it cannot be taken. Another holder's stays. */
export async function giveBack(database: D1Database, { name, holder }: Lease, restMs = 0): Promise<void> {
  await database
    .prepare("UPDATE lease SET ends = ?3 WHERE name = ?1 AND holder = ?2")
    .bind(name, holder, Date.now() + restMs)
    .run();
}
