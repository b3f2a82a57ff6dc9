import type { StepEventMetadata } from "@pulumi/pulumi/automation";

import type { Breach } from "../../../../infra/policy/rules";
import type { PropertyChange, ResourceChange } from "../resource-change";
import type { StackPreview } from "../roll-up";

/** A step of the engine's about a resource, as its events tell it. */
export function step(given: {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly old?: Record<string, unknown>;
  readonly new?: Record<string, unknown>;
  readonly keys?: string[];
  readonly detailedDiff?: Record<string, unknown>;
}): StepEventMetadata {
  const { old, new: next, name, ...rest } = given;
  const urn = `urn:pulumi:acme::erpnext::erpnext:gcp:Parent$${given.type}::${name}`;
  const state = (inputs: Record<string, unknown>): unknown => ({ type: given.type, urn, inputs, outputs: {} });
  return {
    ...rest,
    urn,
    ...(old === undefined ? {} : { old: state(old) }),
    ...(next === undefined ? {} : { new: state(next) }),
  } as StepEventMetadata;
}

export const DISK = "gcp:compute/disk:Disk";
export const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
export const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";

export function change(
  operation: ResourceChange["operation"],
  type: string,
  details: Partial<Omit<ResourceChange, "operation" | "type">> = {},
): ResourceChange {
  const properties: readonly PropertyChange[] =
    operation === "update" ? [{ path: "size", before: "50", after: "60" }] : [];
  return { operation, type, name: "server-data", properties, because: [], ...details };
}

export function previewed(
  stack: string,
  changes: readonly ResourceChange[],
  breaches: readonly Breach[] = [],
): StackPreview {
  return { kind: "previewed", stack, seconds: 2, changes, breaches };
}
