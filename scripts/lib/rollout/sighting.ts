import type { StackOutputs } from "../../../infra/outputs";
import { stillness, withheld, type HealthReport, type Observation } from "../server-readiness";
import type { Sighting } from "./plan";

/** Why the stack is not deployed with this tag; undefined when it is. */
export function notDeployed(outputs: Pick<StackOutputs, "image"> | undefined, image: string): string | undefined {
  if (outputs === undefined) return "its stack is not up";
  if (outputs.image.includes(`:${image}@`)) return undefined;
  return `its stack still runs ${/:([^:@]+)@/.exec(outputs.image)?.[1] ?? outputs.image}`;
}

/** What the server's own report means for the next wave. */
export function sightingOf(
  observation: Observation,
  wanted: { readonly image: string; readonly digest: string },
): Sighting {
  if (observation.kind === "silent") {
    return { kind: "unhealthy", reason: `its server does not report (${observation.reason})` };
  }
  const { report } = observation;
  if (report.digest !== wanted.digest) return { kind: "behind", reason: "its server has not applied the update yet" };
  if (report.state === "converging") return { kind: "behind", reason: "its server is applying the update" };
  if (report.state === "failed") return { kind: "unhealthy", reason: failureOf(report) };
  if (report.state === "stale") return { kind: "unhealthy", reason: stillness(report) };
  const silent = withheld(report);
  if (silent !== undefined) return { kind: "unhealthy", reason: `its server is ready, but ${silent}` };
  const runs = report.facts?.image?.tag;
  if (runs === undefined || runs === wanted.image) return { kind: "healthy" };
  return { kind: "unhealthy", reason: `its server went back to "${runs}"` };
}

function failureOf({ steps }: HealthReport): string {
  const failed = steps.find(({ state }) => state === "failed");
  const step = `its server's step "${failed?.name ?? "unknown"}" failed`;
  return failed?.detail === undefined ? step : `${step} with "${failed.detail}"`;
}
