import {
  ageOf,
  FIRST_BACKUP_HOURS,
  gradeOfBackup,
  gradeOfDisk,
  gradeOfProof,
  gradeOfTokenAge,
  gradeOfWait,
  PROOF_DAYS,
  unserved,
  type Grade,
} from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { bad, ok, skipped, unknown, warn, type Finding } from "./finding";
import { NOT_REPORTED, ofRecent, type Reported } from "./reported";

const HOUR_MS = 60 * 60 * 1000;
const GB = 1024 ** 3;

/** The patches of image/connector_patches.py; each is in the image, or upstream has made it itself. */
const PATCHES = ["fetch-all-orders", "line-item-name", "order-fault-tolerance", "product-item-name", "books-app"];
const PATCHED = ["already-applied", "upstream"];

function graded(grade: Grade, saw: string, next: string): Finding {
  if (grade === "good") return ok(saw);
  return grade === "bad" ? bad(saw, next) : warn(saw, next);
}

export function judgeImage(facts: Reported & Pick<Facts, "outputs" | "customer">): Finding {
  return ofRecent(facts, "image", (image) => imageOf(image, facts));
}

function imageOf(
  image: NonNullable<Facts["reported"]["image"]>,
  { outputs, customer }: Pick<Facts, "outputs" | "customer">,
): Finding {
  const next = `run "pulumi up -s ${customer.slug}", and look at the step "migrate": a failed upgrade leaves the old image`;
  if (outputs.image !== undefined && image.ref !== outputs.image) {
    return bad(`the site runs "${image.ref}", the stack wants "${outputs.image}"`, next);
  }
  const { imageTag } = customer.erpnext;
  if (image.tag !== imageTag) return bad(`the site runs tag "${image.tag}", the file says "${imageTag}"`, next);
  return ok(`${image.ref}, by digest and never pulled`);
}

export function judgePatches(facts: Reported & Pick<Facts, "customer">): Finding {
  return ofRecent(facts, "patches", (patches) => patchesOf(patches, facts.customer));
}

function patchesOf(patches: NonNullable<Facts["reported"]["patches"]>, customer: Facts["customer"]): Finding {
  const states = PATCHES.map((id) => [id, patches.find((patch) => patch.id === id)?.state ?? "missing"] as const);
  const absent = states.filter(([, state]) => !PATCHED.includes(state));
  if (absent.length === 0) return ok(states.map(([id, state]) => `${id} (${state})`).join(", "));
  return bad(
    absent.map(([id, state]) => `${id} is ${state}`).join("; "),
    `give "erpnext.imageTag" a new value and run "pulumi up -s ${customer.slug}", which builds a patched image`,
  );
}

export function judgeQueue(facts: Reported): Finding {
  return ofRecent(facts, "queues", (queues) => {
    const { workers, queued, oldestQueuedSeconds: oldest } = queues;
    const saw = `${queued.short + queued.default + queued.long} jobs wait, the oldest for ${oldest ?? 0} s`;
    const next = "look at docker compose logs queue-short queue-long on the server";
    const alone = unserved(workers);
    if (alone.length > 0) return bad(`no worker serves ${alone.join(", ")}; ${saw}`, next);
    return graded(gradeOfWait(queues), saw, next);
  });
}

export function judgeDisk(facts: Reported & Pick<Facts, "customer">): Finding {
  const { slug } = facts.customer;
  return ofRecent(facts, "disk", (disk) => {
    const next = `raise "gcp.dataDiskGb" in customers/${slug}.yaml and run "pulumi up -s ${slug}": the disk grows as it runs`;
    return graded(gradeOfDisk(disk), roomOf(disk), next);
  });
}

/** The data disk fills with the shop; the boot disk holds programs and logs, and nothing grows there that should. */
export function judgeBootDisk(facts: Reported): Finding {
  if (facts.reported.bootDisk === undefined) return skipped("the server does not report its boot disk yet");
  return ofRecent(facts, "bootDisk", (disk) =>
    graded(
      gradeOfDisk(disk),
      roomOf(disk),
      "run sudo du --one-file-system -d 3 / | sort -n | tail on the server, and take away what has grown",
    ),
  );
}

function roomOf({ freeBytes, totalBytes }: NonNullable<Facts["reported"]["disk"]>): string {
  return `${(freeBytes / GB).toFixed(1)} of ${(totalBytes / GB).toFixed(1)} GB are free`;
}

/** How long the server has been there, by the first of its steps (milliseconds); 0 where none says so. */
function ageOfServer({ steps }: Facts["report"], now: Date): number {
  const ages = steps.map(({ finishedAt }) => ageOf(finishedAt, now)).filter(Number.isFinite);
  return Math.max(0, ...ages);
}

export function judgeBackup({ report, now }: Pick<Facts, "report" | "now">): Finding {
  const { lastBackup } = report;
  const next = "look at journalctl -u erpnext-backup on the server, and at the bucket";
  if (lastBackup === undefined) {
    const isDue = ageOfServer(report, now) > FIRST_BACKUP_HOURS * HOUR_MS;
    return isDue ? bad("the server has reported no backup", next) : skipped("the first backup is not due yet");
  }
  const age = ageOf(lastBackup.finishedAt, now);
  if (!Number.isFinite(age)) return unknown(`the time of ${lastBackup.set} is "${lastBackup.finishedAt}"`);
  return graded(gradeOfBackup(age), `${lastBackup.set} is ${Math.floor(age / HOUR_MS)} hours old`, next);
}

export function judgeRestore({ reported, report, now }: Reported & Pick<Facts, "report">): Finding {
  const { restoreProof } = reported;
  const next = "look at journalctl -u erpnext-restore-proof on the server: what cannot be restored is no backup";
  if (restoreProof === undefined) {
    const isDue = ageOfServer(report, now) > PROOF_DAYS * 24 * HOUR_MS;
    return isDue ? bad("no backup was ever restored to try it", next) : skipped("no backup was due to be tried yet");
  }
  const { set, at, ok: isWell, detail } = restoreProof;
  return graded(
    gradeOfProof({ ok: isWell, ageMs: ageOf(at, now) }),
    `${set ?? "no set"} on ${at.slice(0, 10)}: ${detail}`,
    next,
  );
}

export function judgeTokenAge({ reported, customer, now }: Reported & Pick<Facts, "customer">): Finding {
  if (customer.shopify.app === "custom") return skipped("the token of a custom app does not end");
  const { token } = reported;
  if (token === undefined) return unknown(NOT_REPORTED);
  const age = ageOf(token.refreshedAt, now);
  const hours = Math.floor(age / HOUR_MS);
  const next = "look at journalctl -u erpnext-refresh-token on the server";
  const grade = gradeOfTokenAge(age);
  return graded(grade, `renewed ${hours} hours ago${grade === "bad" ? ", so it has ended" : ""}`, next);
}

export const MACHINE_CHECKS = [
  check({
    id: "image",
    group: "server",
    title: "the site runs the stack's image",
    looksAt: 'the image in /healthz beside the stack\'s output "image"',
    why: "An image that is pulled over this one has no apps, and every worker breaks.",
    from: ["reported", "outputs", "customer", "now"],
    judge: judgeImage,
  }),
  check({
    id: "patches",
    group: "server",
    title: "the connector is patched",
    looksAt: "what the running image says of each patch",
    why: "Unpatched, history lacks archived orders, long titles fail, and one bad order ends a backfill.",
    from: ["reported", "customer", "now"],
    judge: judgePatches,
  }),
  check({
    id: "queue",
    group: "server",
    title: "the queues move",
    looksAt: "workers and the oldest waiting job in /healthz",
    why: "Shopify was told 200 for every order that waits there.",
    from: ["reported", "now"],
    judge: judgeQueue,
  }),
  check({
    id: "disk",
    group: "server",
    title: "the data disk has room",
    looksAt: "free space in /healthz",
    why: "A full disk stops the database, and with it every order.",
    from: ["reported", "customer", "now"],
    judge: judgeDisk,
  }),
  check({
    id: "boot-disk",
    group: "server",
    title: "the boot disk has room",
    looksAt: "free space in /healthz",
    why: "With a full one the server cannot write down how it is, and its status stands still.",
    from: ["reported", "now"],
    judge: judgeBootDisk,
  }),
  check({
    id: "backup",
    group: "server",
    title: "last night's backup is there",
    looksAt: "the newest whole set in /healthz",
    why: "Everything since the last backup is lost with the disk.",
    from: ["report", "now"],
    judge: judgeBackup,
  }),
  check({
    id: "restore-proof",
    group: "server",
    title: "a backup can be restored",
    looksAt: "the last restore that was tried, in /healthz",
    why: "A backup that was never restored is an assumption.",
    from: ["reported", "report", "now"],
    judge: judgeRestore,
  }),
  check({
    id: "token-age",
    group: "server",
    title: "the connector's token is renewed in time",
    looksAt: "the last renewal in /healthz",
    why: "A Dev-Dashboard app's token ends after 24 hours, and with it catalog and history.",
    from: ["reported", "customer", "now"],
    judge: judgeTokenAge,
  }),
];
