import { join } from "node:path";

import { customerAccess, keyAccess, stateAccess } from "./access";
import { federation, pool, provider } from "./federation";
import { DEPLOYERS, emailOf, KEY_RING, keyPlace, KEYS, READER, WAVES, type Foundation, type Wave } from "./foundation";
import { branchProtection, environments, reviewers } from "./github";
import lifecycle from "./state-lifecycle.json";
import { differs, JSON_FORMAT, missing, RIGHT, sameJson, type Argv, type Step, type Verdict } from "./step";

/** The rule in it keeps 20 older versions of a state, and those of 90 days. */
const LIFECYCLE_FILE = join(__dirname, "state-lifecycle.json");

const PLATFORM_APIS = ["cloudkms", "cloudresourcemanager", "iam", "iamcredentials", "storage", "sts"];
const CUSTOMER_APIS = ["cloudresourcemanager", "serviceusage"];

/** Everything that has to exist before the first stack, in the order in which it can be made. */
export function bootstrapSteps(foundation: Foundation): readonly Step[] {
  const { project, customerProjects } = foundation;
  return [
    apis(project, PLATFORM_APIS),
    stateBucket(foundation),
    keyRing(foundation),
    ...WAVES.map((wave) => key(foundation, wave)),
    ...WAVES.map((wave) =>
      account(foundation, DEPLOYERS[wave], `runs pulumi up of ${wave} customers, from the main branch alone`),
    ),
    account(foundation, READER, "runs previews and looks for drift, and can change nothing"),
    pool(foundation),
    provider(foundation),
    ...federation(foundation),
    stateAccess(foundation),
    ...WAVES.map((wave) => keyAccess(foundation, wave)),
    ...WAVES.flatMap((wave) =>
      customerProjects[wave].flatMap((customer) => [
        apis(customer, CUSTOMER_APIS),
        customerAccess(foundation, customer, wave),
      ]),
    ),
    branchProtection(foundation),
    environments(foundation),
    reviewers(foundation),
  ];
}

function apis(project: string, names: readonly string[]): Step {
  const wanted = names.map((name) => `${name}.googleapis.com`);
  return {
    title: `APIs of ${project}`,
    why: "Google refuses whatever is made before its API is enabled",
    look: ["services", "list", "--enabled", `--project=${project}`, JSON_FORMAT],
    judge: (found) => {
      const enabled = ((found ?? []) as { config?: { name?: string } }[]).map(({ config }) => config?.name);
      const off = wanted.filter((name) => !enabled.includes(name));
      return off.length === 0
        ? RIGHT
        : differs(`has not enabled ${off.join(", ")}`, ["services", "enable", ...off, `--project=${project}`]);
    },
  };
}

interface Bucket {
  readonly location?: string;
  readonly versioning_enabled?: boolean;
  readonly uniform_bucket_level_access?: boolean;
  readonly public_access_prevention?: string;
  readonly lifecycle_config?: unknown;
}

function stateBucket({ project, bucket, location }: Foundation): Step {
  const url = `gs://${bucket}`;
  const update: Argv = [
    ...["storage", "buckets", "update", url, "--versioning", "--uniform-bucket-level-access"],
    ...["--public-access-prevention", `--lifecycle-file=${LIFECYCLE_FILE}`],
  ];
  return {
    title: `state bucket ${url}`,
    why: "holds every stack's state; older versions bring back one that was broken",
    look: ["storage", "buckets", "describe", url, JSON_FORMAT],
    judge: (found) => {
      if (found === undefined) {
        const create = ["storage", "buckets", "create", url, `--project=${project}`, `--location=${location}`];
        // In one command, so that it is never open to the public, not even for a moment.
        return missing([...create, "--uniform-bucket-level-access", "--public-access-prevention"], update);
      }
      return judgeBucket(found as Bucket, { url, location, update });
    },
  };
}

function judgeBucket(
  found: Bucket,
  { url, location, update }: { readonly url: string; readonly location: string; readonly update: Argv },
): Verdict {
  if (found.location?.toLowerCase() !== location) {
    const next = `take another "--bucket", or "--location ${(found.location ?? "").toLowerCase()}", because a bucket does not move`;
    return { kind: "stuck", what: `${url} is in ${found.location ?? "no location"}, not in ${location}`, next };
  }
  const wrong = [
    ...(found.versioning_enabled === true ? [] : ["keeps no versions"]),
    ...(found.uniform_bucket_level_access === true ? [] : ["has access lists of its own a file"]),
    ...(found.public_access_prevention === "enforced" ? [] : ["can be opened to the public"]),
    ...(sameJson(found.lifecycle_config, lifecycle) ? [] : ["has another rule for old versions"]),
  ];
  return wrong.length === 0 ? RIGHT : differs(wrong.join(", "), update);
}

function keyRing({ project, location }: Foundation): Step {
  const place = [`--location=${location}`, `--project=${project}`];
  return {
    title: `key ring ${KEY_RING}`,
    why: "holds the key; neither can ever be deleted",
    look: ["kms", "keyrings", "describe", KEY_RING, ...place, JSON_FORMAT],
    judge: (found) => (found === undefined ? missing(["kms", "keyrings", "create", KEY_RING, ...place]) : RIGHT),
  };
}

/** Google destroys a version of a key this long after someone asked for it, at the most it takes; until then it can be restored. */
const DESTROYED_AFTER = "120d";

function key(foundation: Foundation, wave: Wave): Step {
  const name = KEYS[wave];
  const place = keyPlace(foundation);
  return {
    title: `key ${name}`,
    why: `encrypts the secrets of every ${wave} stack`,
    look: ["kms", "keys", "describe", name, ...place, JSON_FORMAT],
    judge: (found) => {
      if (found === undefined) {
        // A key takes it when it is made and never again.
        const late = `--destroy-scheduled-duration=${DESTROYED_AFTER}`;
        return missing(["kms", "keys", "create", name, ...place, "--purpose=encryption", late]);
      }
      const { purpose = "" } = found as { purpose?: string };
      if (purpose === "ENCRYPT_DECRYPT") return RIGHT;
      const next = `take another "--location": a key's purpose never changes`;
      return { kind: "stuck", what: `the key ${name} is for ${purpose}, not for encryption`, next };
    },
  };
}

function account(foundation: Foundation, name: string, why: string): Step {
  const { project } = foundation;
  const email = emailOf(name, foundation);
  return {
    title: `service account ${name}`,
    why,
    look: ["iam", "service-accounts", "describe", email, `--project=${project}`, JSON_FORMAT],
    judge: (found) => {
      if (found === undefined) return missing(["iam", "service-accounts", "create", name, `--project=${project}`]);
      const { disabled = false } = found as { disabled?: boolean };
      return disabled
        ? differs("is disabled", ["iam", "service-accounts", "enable", email, `--project=${project}`])
        : RIGHT;
    },
  };
}
