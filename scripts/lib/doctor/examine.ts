import { GROUPS, type Check, type Facts } from "./check";
import { NotKnown, type Finding } from "./finding";
import type { Ask } from "./fact-cache";

/** A check with what it found. */
export interface Examination extends Finding {
  readonly id: string;
  readonly group: Check["group"];
  readonly title: string;
  readonly looksAt: string;
  readonly why: string;
}

/** Looks with one check. It never throws: what could not be looked at is a finding too. */
export async function examine(check: Check, ask: Ask): Promise<Examination> {
  const { id, group, title, looksAt, why } = check;
  return { id, group, title, looksAt, why, ...(await find(check, ask)) };
}

async function find({ from, judge }: Check, ask: Ask): Promise<Finding> {
  try {
    const known = await Promise.all(from.map(async (name) => [name, await ask(name)] as const));
    return judge(Object.fromEntries(known) as unknown as Facts);
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return { state: error.state, saw: error.why };
  }
}

/** The checks in the order in which they are printed. */
export function inOrder(checks: readonly Check[]): Check[] {
  return GROUPS.flatMap((group) => checks.filter((check) => check.group === group));
}
