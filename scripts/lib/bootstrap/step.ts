/** Arguments of one command of `gcloud` or `gh`. */
export type Argv = readonly string[];

/** Google Cloud's and GitHub's own command lines. */
export type Program = "gcloud" | "gh";

/** What a look at one thing came to. */
export type Verdict =
  | { readonly kind: "right" }
  /** Missing or different: `what` says which, the commands make it so. */
  | { readonly kind: "todo"; readonly what: string; readonly commands: readonly Argv[] }
  /** For a person to decide or to change. */
  | { readonly kind: "by hand"; readonly what: string; readonly next: string }
  /** Different in a way that no command changes, and what follows stands on it. */
  | { readonly kind: "stuck"; readonly what: string; readonly next: string };

/** One thing that has to exist. */
export interface Step {
  readonly title: string;
  readonly why: string;
  /** What all of its commands are of. Default: gcloud. */
  readonly program?: Program;
  /** Prints it as JSON, or fails with "not found". */
  readonly look: Argv;
  /** Judges what the look has found; undefined where there is nothing. */
  readonly judge: (found: unknown) => Verdict;
}

/** What every look asks for. */
export const JSON_FORMAT = "--format=json";

export const RIGHT: Verdict = { kind: "right" };

export function missing(...commands: readonly Argv[]): Verdict {
  return { kind: "todo", what: "does not exist", commands };
}

export function differs(what: string, ...commands: readonly Argv[]): Verdict {
  return { kind: "todo", what, commands };
}

/** A member that gets roles. */
export interface Grant {
  readonly role: string;
  readonly member: string;
}

interface Policy {
  readonly bindings?: readonly {
    readonly role?: string;
    readonly members?: readonly string[];
    readonly condition?: unknown;
  }[];
}

/** Judges an IAM policy: a binding under a condition does not count, because it may end. */
export function judgeGrants(found: unknown, grants: readonly Grant[], add: (grant: Grant) => Argv): Verdict {
  const { bindings = [] } = (found ?? {}) as Policy;
  const lacking = grants.filter(
    ({ role, member }) =>
      !bindings.some(
        (one) => one.role === role && one.condition === undefined && one.members?.includes(member) === true,
      ),
  );
  if (lacking.length === 0) return RIGHT;
  const what = `lacks ${lacking.map(({ role, member }) => `${role} for ${member}`).join(", ")}`;
  return differs(what, ...lacking.map(add));
}

/** Judges a policy in which the grants' roles belong to their members alone: every other member loses them. */
export function judgeOnly(
  found: unknown,
  grants: readonly Grant[],
  { add, remove }: { readonly add: (grant: Grant) => Argv; readonly remove: (grant: Grant) => Argv },
): Verdict {
  const { bindings = [] } = (found ?? {}) as Policy;
  const lacking = judgeGrants(found, grants, add);
  const others = bindings.flatMap(({ role = "", members = [] }) =>
    members
      .filter(() => grants.some((grant) => grant.role === role))
      .filter((member) => !grants.some((grant) => grant.role === role && grant.member === member))
      .map((member) => ({ role, member })),
  );
  if (others.length === 0) return lacking;
  const what = `also gives ${others.map(({ role, member }) => `${role} to ${member}`).join(", ")}`;
  const before = lacking.kind === "todo" ? lacking : { what: "", commands: [] };
  return differs(
    [before.what, what].filter((text) => text !== "").join(", "),
    ...before.commands,
    ...others.map(remove),
  );
}

export function memberAndRole({ member, role }: Grant): Argv {
  return [`--member=${member}`, `--role=${role}`];
}

/** Whether two values are the same as JSON, whatever the order of its keys. */
export function sameJson(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
