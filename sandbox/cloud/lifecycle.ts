import { CloudError } from "./cloud-error";
import type { CloudRecord, ProviderName, Records } from "./records";
import type { Aid, ResourceType, Situation } from "./resource-type";
import { completed, UNKNOWN, without } from "./values";
import type { Properties } from "./values";

/** A resource as a provider answers it. */
export interface Resource {
  readonly id: string;
  readonly outputs: Properties;
}

/** What a preview says a create will give: what the cloud will only tell then is unknown. */
export function plannedCreate(type: ResourceType, situation: Situation): Properties {
  return {
    ...settings(type, situation),
    ...unknowns([...Object.keys(type.computed?.(situation) ?? {}), ...(type.volatile ?? [])]),
  };
}

/** What a preview says an update will give. */
export function plannedUpdate(type: ResourceType, situation: Situation, state: Properties): Properties {
  return { ...settings(type, situation), ...kept(type, situation, state), ...unknowns(type.volatile ?? []) };
}

/** @throws CloudError when the cloud refuses */
export async function create(
  provider: ProviderName,
  type: ResourceType,
  context: { situation: Situation; aid: Aid },
): Promise<Resource> {
  const { situation, aid } = context;
  type.verify?.(situation);
  const effects = await type.effects?.create(situation, aid);
  const id = type.id({ ...situation, id: "", inputs: { ...situation.inputs, ...effects } });
  if (situation.records.get(type.token, id) !== undefined && type.shared !== true) {
    throw new CloudError(409, taken(provider, type, id));
  }
  const outputs = { ...settings(type, situation), ...type.computed?.({ ...situation, id }), ...effects };
  if (type.kept !== false) situation.records.put(recordOf(provider, type, { situation, id, outputs }));
  return { id, outputs };
}

/** What the gcp provider repeats of Google's words for what Compute has already. */
function taken(provider: ProviderName, { token }: ResourceType, id: string): string {
  return provider === "gcp"
    ? `googleapi: Error 409: The resource '${id}' already exists, alreadyExists`
    : `${token} "${id}" already exists; import it, or choose another name.`;
}

/** @throws CloudError when the cloud refuses, or the resource is gone */
export async function update(
  provider: ProviderName,
  type: ResourceType,
  context: { situation: Situation; aid: Aid; state: Properties },
): Promise<Resource> {
  const { situation, aid, state } = context;
  const { id } = situation;
  if (type.kept !== false && situation.previous === undefined) {
    throw new CloudError(404, `${type.token} "${id}" does not exist any more; run "pulumi refresh".`);
  }
  type.verify?.(situation);
  const effects = await type.effects?.update(situation, aid, state);
  const outputs = {
    ...settings(type, situation),
    ...kept(type, situation, state),
    ...renewed(type, situation),
    ...effects,
  };
  if (type.kept !== false) situation.records.put(recordOf(provider, type, { situation, id, outputs }));
  return { id, outputs };
}

/** What is there, as a refresh or an import reads it; nothing when it is gone. */
export function read(
  type: ResourceType,
  records: Records,
  asked: { id: string; inputs: Properties; state: Properties },
): (Resource & { inputs: Properties }) | undefined {
  if (type.kept === false) {
    return type.gone?.(asked.state, records) === true
      ? undefined
      : { id: asked.id, outputs: asked.state, inputs: asked.inputs };
  }
  const record =
    records.get(type.token, asked.id) ??
    byShortId(type, records, asked.id) ??
    records.get(type.token, withoutScope(asked.id));
  if (record === undefined) return undefined;
  const told = Object.fromEntries(Object.entries(asked.state).filter(([key]) => type.toldOnce?.includes(key)));
  const own = Object.fromEntries(Object.entries(asked.inputs).filter(([key]) => type.unstored?.includes(key)));
  const more = type.tells?.(record.inputs) ?? {};
  const shown = type.shows?.(record) ?? {};
  return {
    id: record.id,
    outputs: completed({ ...without(record.outputs, type.toldOnce ?? []), ...own, ...told, ...shown }, more),
    inputs: completed({ ...record.inputs, ...own, ...shown }, more),
  };
}

/** @returns whether anything was sent to the cloud */
export async function remove(
  type: ResourceType,
  context: { situation: Situation; aid: Aid; state: Properties },
): Promise<boolean> {
  const { situation, aid, state } = context;
  const { records, previous } = situation;
  if (type.kept === false) {
    await type.effects?.delete(situation, aid, state);
    return true;
  }
  if (previous === undefined || type.staysOnDelete?.(previous) === true) return false;
  type.release?.(previous, records);
  await type.effects?.delete(situation, aid, state);
  for (const other of records.list()) if (type.owns?.(previous, other) === true) records.remove(other.type, other.id);
  records.remove(type.token, previous.id);
  return true;
}

/** Outputs after someone edited the resource by hand. */
export function edited(type: ResourceType | undefined, situation: Situation, record: CloudRecord): Properties {
  if (type === undefined) return { ...record.outputs, ...situation.inputs };
  const hand = { ...situation, id: record.id, previous: record };
  return { ...settings(type, hand), ...kept(type, hand, record.outputs), ...renewed(type, hand) };
}

function settings(type: ResourceType, situation: Situation): Properties {
  return { ...type.defaults, ...type.planned?.(situation), ...situation.inputs };
}

/** Outputs that an update leaves as they are. */
function kept(type: ResourceType, situation: Situation, state: Properties): Properties {
  const known = situation.previous?.outputs ?? state;
  const changing = new Set(type.volatile ?? []);
  const stable = Object.keys(type.computed?.(situation) ?? {}).filter((key) => !changing.has(key));
  return Object.fromEntries(
    stable
      .map((key) => [key, known[key]])
      .filter((entry): entry is [string, Properties[string]] => entry[1] !== undefined),
  );
}

function renewed(type: ResourceType, situation: Situation): Properties {
  const changing = new Set(type.volatile ?? []);
  return Object.fromEntries(Object.entries(type.computed?.(situation) ?? {}).filter(([key]) => changing.has(key)));
}

function unknowns(keys: readonly string[]): Properties {
  return Object.fromEntries(keys.map((key) => [key, UNKNOWN]));
}

function recordOf(
  provider: ProviderName,
  type: ResourceType,
  made: { situation: Situation; id: string; outputs: Properties },
): CloudRecord {
  const { situation, id, outputs } = made;
  const unstored = type.unstored ?? [];
  return {
    provider,
    type: type.token,
    id,
    scope: type.scope?.(situation) ?? "",
    inputs: without(situation.inputs, unstored),
    outputs: without(outputs, unstored),
    createdAt: situation.previous?.createdAt ?? situation.now,
    updatedAt: situation.now,
    ...(type.residue === undefined ? {} : { residue: type.residue }),
  };
}

/**
 * Cloudflare's imports begin with the account or the zone: `<account id>/<id>`, or `accounts/<account id>/<id>` (the SDK's
 * documentation, "## Import").
 */
function withoutScope(id: string): string {
  return id.replace(/^((accounts|zones)\/)?[0-9a-f]{32}\//, "");
}

/** Importers may leave out what the provider's configuration says: "name" for "projects/p/global/networks/name". */
function byShortId(type: ResourceType, records: Records, id: string): CloudRecord | undefined {
  const fitting = records.list(type.token).filter((record) => record.id.endsWith(`/${id}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}
