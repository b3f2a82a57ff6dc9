import { randomBytes } from "node:crypto";

import { cloudflareId } from "../checks";
import { CloudError } from "../cloud-error";
import type { CloudRecord } from "../records";
import type { ResourceType, Situation } from "../resource-type";
import { text } from "../values";

/** A resource of an account or a zone: moving it to another needs a new one. */
export function cloudflare(type: ResourceType): ResourceType {
  return {
    takes: 2,
    ...type,
    checks: { accountId: cloudflareId, zoneId: cloudflareId, ...type.checks },
    replaces: ["accountId", "zoneId", ...(type.replaces ?? [])],
    scope: ({ inputs }) => text(inputs, "accountId") || text(inputs, "zoneId"),
  };
}

/** 32 hexadecimal digits, as Cloudflare numbers records and keys. */
export function hexId(): string {
  return randomBytes(16).toString("hex");
}

/** Refuses a name that another resource of this type in the same account or zone bears. */
export function refuseTaken(type: string, situation: Situation, key: string): void {
  const wanted = text(situation.inputs, key);
  const scope = text(situation.inputs, "accountId") || text(situation.inputs, "zoneId");
  const taken = situation.records
    .list({ type, scope })
    .some((record) => record.id !== situation.id && text(record.inputs, key) === wanted);
  if (taken)
    throw new CloudError(
      409,
      `Cloudflare has another ${type} whose "${key}" is "${wanted}"; choose another, or delete that one.`,
    );
}

/** The thing with this id in the same account, or a refusal in the API's manner. */
export function requireOwn(situation: Situation, type: string, id: string): CloudRecord {
  const record = situation.records.get(type, id);
  if (record?.scope === text(situation.inputs, "accountId")) return record;
  throw new CloudError(
    404,
    `Cloudflare knows no ${type} "${id}" in this account, which ${situation.name} refers to; create it first.`,
  );
}
