import { readFileSync, writeFileSync } from "node:fs";

/**
 * A program that stands for gcloud: it keeps what was made in a file, and refuses what the real one refuses. Flags, printed
 * fields and messages are those of Google Cloud SDK 528 (`gcloud help`).
 */

interface Policy {
  bindings: { role: string; members: string[]; condition?: unknown }[];
}

/** What there is, by kind and name, and what goes wrong. */
export interface GcloudState {
  projects: Record<string, { projectNumber: string; lifecycleState: string; apis: string[]; policy: Policy }>;
  things: Record<string, Record<string, unknown>>;
  policies: Record<string, Policy>;
  /** What gh (beside this) knows of the repository. */
  github: { protection?: unknown; environments: unknown[] };
  /** The arguments of each command that changed something. */
  done: string[];
  looks: number;
  /** Refuse commands that begin so. */
  deny?: string;
  /** End without a word, as if killed, before this many changes. */
  endBefore?: number;
  /** How often a member that was just made is not known yet. */
  late?: number;
}

type Flags = Readonly<Record<string, string | true>>;

const [stateFile = ""] = [process.env["GCLOUD_STATE"]];
const state = JSON.parse(readFileSync(stateFile, "utf8")) as GcloudState;

class Refusal extends Error {}

function main(argv: readonly string[]): void {
  const words = argv.filter((word) => !word.startsWith("--"));
  const flags: Flags = Object.fromEntries(
    argv
      .filter((word) => word.startsWith("--"))
      .map((word) => {
        const [name = "", ...value] = word.slice(2).split("=");
        return [name, value.length === 0 ? true : value.join("=")];
      }),
  );
  const command = words.join(" ");
  const looks = /\b(describe|list|get-iam-policy)\b/.test(command);
  if (state.deny !== undefined && command.startsWith(state.deny)) {
    throw new Refusal(`PERMISSION_DENIED: Permission denied on resource (or it may not exist).`);
  }
  if (looks) state.looks += 1;
  else if (state.endBefore === state.done.length) process.kill(process.pid, "SIGKILL");
  const printed = run(words, flags);
  if (!looks) state.done.push(argv.join(" "));
  if (flags["format"] === "json") process.stdout.write(`${JSON.stringify(printed)}\n`);
}

function run(words: readonly string[], flags: Flags): unknown {
  const command = words.join(" ");
  const policy = /^(.*) (get-iam-policy|add-iam-policy-binding) (\S+)$/.exec(command);
  if (policy !== null) return iam(policy[1] ?? "", policy[3] ?? "", { add: policy[2] !== "get-iam-policy", flags });
  if (words[0] === "projects") return projectOf(words[2]);
  if (words[0] === "services") return services(words, flags);
  const name = words.at(-1) ?? "";
  const kind = words.slice(0, -2).join(" ");
  return act(words.at(-2) ?? "", thingId(kind, name, flags), flags);
}

function projectOf(id: unknown): GcloudState["projects"][string] {
  const project = state.projects[String(id)];
  if (project === undefined) throw new Refusal(`NOT_FOUND: project ${String(id)} not found`);
  return project;
}

function services(words: readonly string[], flags: Flags): unknown {
  const { apis } = projectOf(flags["project"]);
  if (words[1] === "enable") apis.push(...words.slice(2));
  return apis.map((name) => ({ config: { name } }));
}

/** The same thing under every way to name it. */
function thingId(kind: string, name: string, flags: Flags): string {
  const parents = ["project", "location", "keyring", "workload-identity-pool"].map((flag) => String(flags[flag] ?? ""));
  if (kind === "storage buckets") return `${kind} ${name}`;
  const email = kind === "iam service-accounts" && !name.includes("@");
  return `${kind} ${parents.join("/")} ${email ? `${name}@${String(flags["project"])}.iam.gserviceaccount.com` : name}`;
}

function act(verb: string, id: string, flags: Flags): unknown {
  const there = state.things[id];
  if (verb.startsWith("create")) {
    if (there !== undefined) throw new Refusal(`ALREADY_EXISTS: ${id} already exists`);
    requireParents(id, flags);
    return (state.things[id] = settingsOf(id, flags));
  }
  if (there === undefined) throw new Refusal(id.startsWith("storage") ? `${id} not found: 404.` : `NOT_FOUND: ${id}`);
  if (verb.startsWith("update")) Object.assign(there, settingsOf(id, flags));
  if (verb === "undelete") there["state"] = "ACTIVE";
  if (verb === "enable") there["disabled"] = false;
  return there;
}

function requireParents(id: string, flags: Flags): void {
  const { apis } = projectOf(flags["project"]);
  const api = id.startsWith("kms") ? "cloudkms" : id.startsWith("iam") ? "iam" : "storage";
  if (!apis.includes(`${api}.googleapis.com`)) throw new Refusal(`SERVICE_DISABLED: ${api} is off`);
  const ring = flags["keyring"];
  if (
    ring !== undefined &&
    !Object.keys(state.things).some((one) => one.startsWith("kms keyrings") && one.endsWith(` ${String(ring)}`))
  ) {
    throw new Refusal(`NOT_FOUND: KeyRing ${String(ring)} not found`);
  }
}

/** How the flags of create and update show when the thing is described. */
function settingsOf(id: string, flags: Flags): Record<string, unknown> {
  if (id.startsWith("storage")) return bucketSettings(flags);
  if (id.startsWith("kms keys")) return { purpose: flags["purpose"] === "encryption" ? "ENCRYPT_DECRYPT" : "OTHER" };
  if (id.startsWith("iam workload-identity-pools providers")) {
    const mapping = String(flags["attribute-mapping"]).split(",");
    return {
      state: "ACTIVE",
      attributeCondition: flags["attribute-condition"],
      attributeMapping: Object.fromEntries(mapping.map((pair) => pair.split("=")).reverse()),
      oidc: { issuerUri: flags["issuer-uri"] },
    };
  }
  return id.startsWith("iam workload-identity-pools") ? { state: "ACTIVE" } : {};
}

function bucketSettings(flags: Flags): Record<string, unknown> {
  const { location, versioning } = flags;
  const lifecycle = flags["lifecycle-file"];
  return {
    ...(location === undefined ? {} : { location: String(location).toUpperCase() }),
    ...(flags["uniform-bucket-level-access"] === true ? { uniform_bucket_level_access: true } : {}),
    ...(flags["public-access-prevention"] === true ? { public_access_prevention: "enforced" } : {}),
    ...(versioning === true ? { versioning_enabled: true } : {}),
    ...(lifecycle === undefined
      ? {}
      : { lifecycle_config: JSON.parse(readFileSync(String(lifecycle), "utf8")) as unknown }),
  };
}

/** Google takes no member that it does not know, or does not know everywhere yet. */
function refuseUnknown(member: string): void {
  if ((state.late ?? 0) > 0) {
    state.late = (state.late ?? 0) - 1;
    throw new Refusal(`INVALID_ARGUMENT: Service account ${member} does not exist.`);
  }
  const account = /^serviceAccount:(.*)$/.exec(member)?.[1];
  if (account !== undefined && !Object.keys(state.things).some((one) => one.endsWith(` ${account}`))) {
    throw new Refusal(`INVALID_ARGUMENT: Service account ${account} does not exist.`);
  }
}

function iam(kind: string, name: string, { add, flags }: { readonly add: boolean; readonly flags: Flags }): Policy {
  const id = kind === "projects" ? name : thingId(kind, name, flags);
  if (kind !== "projects" && state.things[id] === undefined) throw new Refusal(`NOT_FOUND: ${id}`);
  const policy = kind === "projects" ? projectOf(name).policy : (state.policies[id] ??= { bindings: [] });
  if (!add) return policy;
  const member = String(flags["member"]);
  refuseUnknown(member);
  policy.bindings.push({ role: String(flags["role"]), members: [member] });
  return policy;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`ERROR: (gcloud.${process.argv.slice(2, 4).join(".")}) ${error.message}\n`);
  process.exitCode = 1;
} finally {
  writeFileSync(stateFile, JSON.stringify(state));
}
