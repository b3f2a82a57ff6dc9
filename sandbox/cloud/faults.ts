import { setTimeout as delay } from "node:timers/promises";

import { CloudError } from "./cloud-error";

export type Operation = "check" | "create" | "read" | "update" | "delete" | "invoke";

/** What goes wrong with the next matching requests. Requests of a preview never meet a fault. */
export interface Fault {
  /** Type token, or an invoke's token; any when absent. */
  readonly type?: string;
  readonly operation: Operation;
  /** How many requests meet it; 1 when absent. */
  readonly times?: number;
  /** The cloud's refusal. Without one the request is only slow. */
  readonly message?: string;
  /** HTTP status of the refusal; 503 when absent. */
  readonly status?: number;
  /**
   * "before": nothing has happened (the default). "after": it has happened, and either the answer is lost, or the operation failed that Google
   * had begun: the gcp provider then forgets the id that it had, and the state knows nothing of the thing, which may be there
   * (terraform-provider-google-beta 7.45.0, resource_compute_disk.go and all that is generated: "The resource didn't actually create", `SetId("")`).
   */
  readonly when?: "before" | "after";
  /** Wait before the request is handled. */
  readonly delayMs?: number;
}

/** The faults that are still to come. */
export class Faults {
  readonly #pending: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  /** Does `work` as the next matching fault lets it; `signal` ends the waiting when the cloud closes. */
  async around<T>(
    request: { operation: Operation; type: string; signal: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T> {
    const fault = this.#take(request.operation, request.type);
    if (fault === undefined) return work();
    if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: request.signal });
    if (fault.message === undefined) return work();
    if (fault.when === "after") await work();
    throw new CloudError(fault.status ?? 503, fault.message);
  }

  #take(operation: Operation, type: string): Fault | undefined {
    const next = this.#pending.find(
      ({ fault, left }) => left > 0 && fault.operation === operation && (fault.type ?? type) === type,
    );
    if (next === undefined) return undefined;
    next.left -= 1;
    return next.fault;
  }
}
