import { gradeOfTokenAge, gradeOfWait } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { bad, ok, skipped, unknown, warn, type Finding } from "./finding";

const HOUR_MS = 60 * 60 * 1000;
const GB = 1024 ** 3;

/** The patches of image/connector_patches.py; each is in the image, or upstream has made it itself. */
const PATCHES = ["fetch-all-orders", "line-item-name", "order-fault-tolerance", "product-item-name", "books-app"];
const PATCHED = ["already-applied", "upstream"];

/** A nightly backup is done two hours into the day after it (hours). */
const BACKUP_HOURS = 26;
/** Shares of the data disk; MariaDB stops when it is full. */
const DISK_WARN = 0.15;
const DISK_BAD = 0.05;

type Reported = Pick<Facts, "reported">;

const NOT_REPORTED = "the server has not reported it yet";

export function judgeImage({ reported, outputs, customer }: Reported & Pick<Facts, "outputs" | "customer">): Finding {
  const { image } = reported;
  if (image === undefined) return unknown(NOT_REPORTED);
  const next = `run "pulumi up -s ${customer.slug}", and look at the step "migrate": a failed upgrade leaves the old image`;
  if (outputs.image !== undefined && image.ref !== outputs.image) {
    return bad(`the site runs "${image.ref}", the stack wants "${outputs.image}"`, next);
  }
  const { imageTag } = customer.erpnext;
  if (image.tag !== imageTag) return bad(`the site runs tag "${image.tag}", the file says "${imageTag}"`, next);
  return ok(`${image.ref}, by digest and never pulled`);
}

export function judgePatches({ reported, customer }: Reported & Pick<Facts, "customer">): Finding {
  const { patches } = reported;
  if (patches === undefined) return unknown(NOT_REPORTED);
  const states = PATCHES.map((id) => [id, patches.find((patch) => patch.id === id)?.state ?? "missing"] as const);
  const absent = states.filter(([, state]) => !PATCHED.includes(state));
  if (absent.length === 0) return ok(states.map(([id, state]) => `${id} (${state})`).join(", "));
  return bad(
    absent.map(([id, state]) => `${id} is ${state}`).join("; "),
    `give "erpnext.imageTag" a new value and run "pulumi up -s ${customer.slug}", which builds a patched image`,
  );
}

export function judgeQueue({ reported }: Reported): Finding {
  const { queues } = reported;
  if (queues === undefined) return unknown(NOT_REPORTED);
  const { workers, queued, oldestQueuedSeconds: oldest } = queues;
  const saw = `${queued.short + queued.default + queued.long} jobs wait, the oldest for ${oldest ?? 0} s`;
  const next = "look at docker compose logs queue-short queue-long on the server";
  const unserved = Object.entries(workers).filter(([, count]) => count === 0);
  if (unserved.length > 0) return bad(`no worker serves ${unserved.map(([queue]) => queue).join(", ")}; ${saw}`, next);
  const grade = gradeOfWait(oldest, queued);
  if (grade === "bad") return bad(saw, next);
  return grade === "warning" ? warn(saw, next) : ok(saw);
}

export function judgeDisk({ reported, customer }: Reported & Pick<Facts, "customer">): Finding {
  const { disk } = reported;
  if (disk === undefined) return unknown(NOT_REPORTED);
  const share = disk.freeBytes / disk.totalBytes;
  const saw = `${(disk.freeBytes / GB).toFixed(1)} of ${(disk.totalBytes / GB).toFixed(1)} GB are free`;
  const next = `raise "gcp.dataDiskGb" in customers/${customer.slug}.yaml and run "pulumi up -s ${customer.slug}": the disk grows as it runs`;
  if (share < DISK_BAD) return bad(saw, next);
  return share < DISK_WARN ? warn(saw, next) : ok(saw);
}

export function judgeBackup({ report, now }: Pick<Facts, "report" | "now">): Finding {
  const { lastBackup, steps } = report;
  const next = "look at journalctl -u erpnext-backup on the server, and at the bucket";
  if (lastBackup === undefined) {
    const oldest = Math.min(...steps.map(({ finishedAt }) => Date.parse(finishedAt ?? "")).filter(Number.isFinite));
    const hours = (now.getTime() - oldest) / HOUR_MS;
    return hours > BACKUP_HOURS ? bad("the server has reported no backup", next) : skipped("no night has passed yet");
  }
  const hours = Math.floor((now.getTime() - Date.parse(lastBackup.finishedAt)) / HOUR_MS);
  const saw = `${lastBackup.set} is ${hours} hours old`;
  return hours > BACKUP_HOURS ? bad(saw, next) : ok(saw);
}

export function judgeRestore({ reported }: Reported): Finding {
  const { restoreProof } = reported;
  if (restoreProof === undefined) return skipped("no backup has been restored to try it yet");
  const saw = `${restoreProof.set ?? "no set"} on ${restoreProof.at.slice(0, 10)}: ${restoreProof.detail}`;
  if (restoreProof.ok) return ok(saw);
  return bad(saw, "look into it before the backup is needed: what cannot be restored is none");
}

export function judgeTokenAge({ reported, customer, now }: Reported & Pick<Facts, "customer" | "now">): Finding {
  if (customer.shopify.app === "custom") return skipped("the token of a custom app does not end");
  const { token } = reported;
  if (token === undefined) return unknown(NOT_REPORTED);
  const age = now.getTime() - Date.parse(token.refreshedAt);
  const hours = Math.floor(age / HOUR_MS);
  const next = "look at journalctl -u erpnext-refresh-token on the server";
  const grade = gradeOfTokenAge(age);
  if (grade === "bad") return bad(`it was renewed ${hours} hours ago and has ended`, next);
  return grade === "warning" ? warn(`it was renewed ${hours} hours ago`, next) : ok(`renewed ${hours} hours ago`);
}

export const MACHINE_CHECKS = [
  check({
    id: "image",
    group: "server",
    title: "the site runs the stack's image",
    looksAt: 'the image in /healthz beside the stack\'s output "image"',
    why: "An image that is pulled over this one has no apps, and every worker breaks.",
    from: ["reported", "outputs", "customer"],
    judge: judgeImage,
  }),
  check({
    id: "patches",
    group: "server",
    title: "the connector is patched",
    looksAt: "what the running image says of the four patches",
    why: "Unpatched, history lacks archived orders, long titles fail, and one bad order ends a backfill.",
    from: ["reported", "customer"],
    judge: judgePatches,
  }),
  check({
    id: "queue",
    group: "server",
    title: "the queues move",
    looksAt: "workers and the oldest waiting job in /healthz",
    why: "Shopify was told 200 for every order that waits there.",
    from: ["reported"],
    judge: judgeQueue,
  }),
  check({
    id: "disk",
    group: "server",
    title: "the data disk has room",
    looksAt: "free space in /healthz",
    why: "A full disk stops the database, and with it every order.",
    from: ["reported", "customer"],
    judge: judgeDisk,
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
    from: ["reported"],
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
