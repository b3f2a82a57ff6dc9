/** ok: proven. failed: it did not happen. skipped: it was not tried, and the evidence says why. */
export type RowStatus = "ok" | "failed" | "skipped";

/** What a row came to, without its heading. */
export interface Outcome {
  readonly status: RowStatus;
  /** What proves it, or what was seen instead: document names, HMAC verdict, log row, answers. */
  readonly evidence: string;
}

/** One row of the golden matrix (playbook part 05) or of what has to fail. */
export interface MatrixRow extends Outcome {
  /** Stable name, for machines. */
  readonly id: string;
  readonly scenario: string;
  readonly expected: string;
  readonly seconds: number;
}

/** A row before it is run. */
export interface RowPlan {
  readonly id: string;
  readonly scenario: string;
  readonly expected: string;
  readonly prove: () => Promise<Outcome>;
}

export interface RunRows {
  /** No further row is begun once it is aborted; those are "skipped". */
  readonly signal?: AbortSignal;
  readonly onBegin?: (row: RowPlan) => void;
  readonly onRow?: (row: MatrixRow) => void;
}

/** Runs rows one after the other. What a row throws is its failure; the rows after it are run all the same. */
export async function runRows(plans: readonly RowPlan[], options: RunRows = {}): Promise<MatrixRow[]> {
  const rows: MatrixRow[] = [];
  for (const plan of plans) {
    const { id, scenario, expected } = plan;
    const started = performance.now();
    const stopped = options.signal?.aborted === true;
    if (!stopped) options.onBegin?.(plan);
    const outcome = stopped ? skipped("interrupted before its turn") : await outcomeOf(plan);
    const row = { id, scenario, expected, ...outcome, seconds: rounded((performance.now() - started) / 1000) };
    rows.push(row);
    options.onRow?.(row);
  }
  return rows;
}

async function outcomeOf(plan: RowPlan): Promise<Outcome> {
  try {
    return await plan.prove();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** An outcome whose evidence is the parts that are there. */
export function ok(...evidence: readonly (string | undefined)[]): Outcome {
  return { status: "ok", evidence: joined(evidence) };
}

export function failed(...evidence: readonly (string | undefined)[]): Outcome {
  return { status: "failed", evidence: joined(evidence) };
}

export function skipped(...evidence: readonly (string | undefined)[]): Outcome {
  return { status: "skipped", evidence: joined(evidence) };
}

/** Whether nothing failed and something was proven. */
export function allHeld(rows: readonly MatrixRow[]): boolean {
  return rows.some(({ status }) => status === "ok") && rows.every(({ status }) => status !== "failed");
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
