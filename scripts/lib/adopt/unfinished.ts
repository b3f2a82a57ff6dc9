/** A resource as `pulumi stack export` and `pulumi preview --json` show it, as far as this reads it. */
export interface RawResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly parent?: string;
  /** `<urn of the provider>::<its id>`. */
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` prints of a stack; the secrets are encrypted. */
export interface RawDeployment {
  readonly resources?: readonly RawResource[];
  /** What an engine that was killed had begun (apitype.OperationV2). */
  readonly pending_operations?: readonly { readonly type: string; readonly resource: RawResource }[];
}

/** One step of `pulumi preview --json`. */
export interface RawStep {
  readonly op: string;
  readonly newState?: RawResource;
}

/** A resource that an update may have made, and of which the state does not know. */
export interface Unfinished {
  readonly urn: string;
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  readonly parent: string;
  /** URN of its provider. */
  readonly provider: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Whether an engine was killed while it made something. Every `refresh` drops what tells so. */
export function hasPendingCreates({ pending_operations: pending = [] }: RawDeployment): boolean {
  return pending.some(({ type }) => type === "creating");
}

/** URNs of what an engine was making when it was killed. */
export function begunIn({ pending_operations: pending = [] }: RawDeployment): ReadonlySet<string> {
  return new Set(pending.filter(({ type }) => type === "creating").map(({ resource }) => resource.urn));
}

/** Whether anything was ever made: a stack that is new, or read from a wrong backend, has nothing that it could adopt. */
export function hasResources({ resources = [] }: RawDeployment): boolean {
  return resources.some(({ id, type }) => id !== undefined && !type.startsWith("pulumi:"));
}

/**
 * What may exist without being in the state: what was being made when an engine was killed, and what the program would make now,
 * because an answer of the cloud's may have been lost, or a refresh may have dropped what was pending.
 */
export function unfinishedOf(
  { resources = [], pending_operations: pending = [] }: RawDeployment,
  steps: readonly RawStep[],
): Unfinished[] {
  const known = new Set(resources.filter((one) => one.delete !== true).map(({ urn }) => urn));
  const begun = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const planned = steps.flatMap(({ op, newState }) => (op === "create" && newState !== undefined ? [newState] : []));
  const unknown = new Map<string, Unfinished>();
  for (const resource of [...planned, ...begun]) {
    const one = adoptable(resource);
    if (one !== undefined && !known.has(one.urn) && known.has(one.parent) && known.has(one.provider)) {
      unknown.set(one.urn, one);
    }
  }
  return [...unknown.values()];
}

/** What the state knows, with the id that the cloud has given it. */
export function knownOf({ resources = [] }: RawDeployment): (Unfinished & { readonly id: string })[] {
  return resources.flatMap((resource) => {
    const known = adoptable(resource);
    return known === undefined || resource.id === undefined ? [] : [{ ...known, id: resource.id }];
  });
}

/** An import needs its parent and its provider in the state. */
function adoptable({ urn, type, parent, provider, inputs = {} }: RawResource): Unfinished | undefined {
  if (parent === undefined || provider === undefined) return undefined;
  const [, urnOfProvider] = /^(.+)::[^:]*$/.exec(provider) ?? [];
  if (urnOfProvider === undefined) return undefined;
  return { urn, type, name: nameOf(urn), parent, provider: urnOfProvider, inputs };
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The file that `pulumi import --file` reads. It holds no inputs, and so no secret. */
export function importFile(found: readonly { readonly what: Unfinished; readonly id: string }[]): string {
  const urns = [...new Set(found.flatMap(({ what }) => [what.parent, what.provider]))];
  const names = new Map(urns.map((urn, index) => [urn, `u${index}`] as const));
  return JSON.stringify({
    nameTable: Object.fromEntries([...names].map(([urn, name]) => [name, urn])),
    resources: found.map(({ what, id }) => ({
      type: what.type,
      name: what.name,
      id,
      parent: names.get(what.parent),
      provider: names.get(what.provider),
    })),
  });
}
