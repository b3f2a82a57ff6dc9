/** Steps of host/converge.sh in their order. */
export const STEPS = [
  "disk",
  "docker",
  "secrets",
  "frappe-docker",
  "image",
  "containers",
  "site",
  "migrate",
  "automation-user",
  "workers",
  "door",
] as const;

export type StepName = (typeof STEPS)[number];
export type StepState = "pending" | "running" | "done" | "failed" | "skipped";

interface Step {
  readonly name: StepName;
  state: StepState;
  detail?: string;
  startedAt?: string;
  finishedAt?: string;
}

/** What the server was asked for by its metadata. */
export interface ServerRequest {
  readonly name: "backup";
  readonly nonce: string;
  state: "running" | "done" | "failed";
  detail?: string;
}

/** The status file that `/healthz` serves. */
export class ServerStatus {
  state: "converging" | "ready" | "failed" = "converging";
  /** Outlives the convergence: the next one takes it over. */
  readonly requests: ServerRequest[];
  readonly steps: Step[] = STEPS.map((name) => ({ name, state: "pending" }));

  constructor(
    readonly subject: { readonly customer: string; readonly digest: string },
    private readonly now: () => Date,
    earlier?: ServerStatus,
  ) {
    this.requests = earlier?.requests ?? [];
  }

  /** Runs one step and records how it went. A failed step ends the convergence. */
  async run(name: StepName, work: () => Promise<"done" | "skipped">): Promise<void> {
    const step = this.steps.find((candidate) => candidate.name === name);
    if (step === undefined) {
      throw new Error(`no step is called ${name}`);
    }
    step.state = "running";
    step.startedAt = this.now().toISOString();
    try {
      step.state = await work();
    } catch (error) {
      step.state = "failed";
      step.detail = error instanceof Error ? error.message : String(error);
      this.state = "failed";
      throw error;
    } finally {
      step.finishedAt = this.now().toISOString();
    }
  }

  /** What the server knows of its running site; nothing before there is one. */
  facts: (() => object) | undefined;

  toJSON(): object {
    const facts = this.facts === undefined ? {} : { facts: this.facts() };
    return { ...this.subject, state: this.state, steps: this.steps, requests: this.requests, ...facts };
  }
}
