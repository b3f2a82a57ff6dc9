import { healthReportSchema } from "../scripts/lib/server-readiness";
import { Sandbox } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(30_000);

const QUEUES = {
  workers: { short: 1, default: 2, long: 1 },
  queued: { short: 3, default: 0, long: 0 },
  oldestQueuedSeconds: 12,
  failedJobs: 4,
  oldMigrationJobs: 2,
  oldMigrationsCured: 2,
};

const PATCHES = {
  app: "/apps/ecommerce_integrations",
  patches: [
    { id: "status-any", file: "f", function: "g", state: "already-applied", message: "" },
    { id: "order-try", file: "f", function: "g", state: "missing", message: "" },
  ],
};

/** Answers as the backend container would; what it was asked is in `asked`. */
const DOCKER = `
case "$*" in
*deliveries.admin*) cat "$ERPNEXT_ROOT/deliveries" 2>/dev/null; exit ;;
*http://169.254.169.254/) [[ -e "$ERPNEXT_ROOT/open" ]]; exit ;;
esac
echo "$*" | head -n 1 | cut -c 1-150 >>"$ERPNEXT_ROOT/asked"
case "$*" in
*patch_connector.py*) [[ ! -e "$ERPNEXT_ROOT/old-image" ]] || exit 2; cat "$ERPNEXT_ROOT/patches"; exit 1 ;;
*"env/bin/python -c"*) echo "a line of Frappe's own"; cat "$ERPNEXT_ROOT/queues" ;;
esac`;

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
  sandbox.program("docker", DOCKER);
  sandbox.program("iptables", `echo "$*" >>"$ERPNEXT_ROOT/walls"`);
  sandbox.write("opt/frappe_docker/compose.yaml", "");
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: "registry/acme@sha256:1", tag: "1.0" }));
  sandbox.write("patches", JSON.stringify(PATCHES));
  seen(QUEUES);
});
afterEach(() => {
  sandbox.remove();
});

function seen(queues: object, faults: readonly string[] = []): void {
  const facts = { queues, connector: { lastDeliveryAt: "2026-11-26T09:00:00Z" } };
  sandbox.write("queues", `${JSON.stringify({ facts, faults })}\n`);
}

const facts = (): ReturnType<Sandbox["run"]> => sandbox.run([sandbox.path("opt/erpnext/facts.sh")]);
const asked = (what: RegExp): number =>
  sandbox
    .read("asked")
    .split("\n")
    .filter((line) => what.test(line)).length;

it("writes what there is to know, in the form that the stack reads", async () => {
  expect(await facts()).toEqual({ code: 0, output: "" });
  const known = sandbox.status()["facts"] as Record<string, unknown>;
  expect(known).toEqual({
    checkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
    bootDisk: { totalBytes: expect.any(Number) as unknown, freeBytes: expect.any(Number) as unknown },
    image: { ref: "registry/acme@sha256:1", tag: "1.0" },
    patches: [
      { id: "status-any", state: "already-applied" },
      { id: "order-try", state: "missing" },
    ],
    queues: QUEUES,
    disk: { totalBytes: expect.any(Number) as unknown, freeBytes: expect.any(Number) as unknown },
    connector: { lastDeliveryAt: "2026-11-26T09:00:00Z" },
  });
  const disk = known["disk"] as { totalBytes: number; freeBytes: number };
  expect(disk.totalBytes).toBeGreaterThan(disk.freeBytes);
  const report = { ...sandbox.status(), customer: "acme", digest: "sha256:1", state: "ready", steps: [] };
  expect(healthReportSchema.parse(report).facts).toEqual(known);
});

it("asks an image for its patches once, and again when it is another", async () => {
  await facts();
  await facts();
  expect(asked(/patch_connector/)).toBe(1);
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: "registry/acme@sha256:2", tag: "1.1" }));
  await facts();
  expect([asked(/patch_connector/), asked(/env.bin.python -c/)]).toEqual([2, 3]);
});

it("goes without patches when the image cannot say", async () => {
  sandbox.write("old-image", "");
  expect((await facts()).code).toBe(0);
  expect(sandbox.status()["facts"]).not.toHaveProperty("patches");
});

it("adds up what was cured, and keeps what others found out, over a new run too", async () => {
  await sandbox.bash(`status_facts '{"token":{"refreshedAt":"2026-11-26T08:00:00Z"}}'`);
  await facts();
  await facts();
  seen({ ...QUEUES, oldMigrationsCured: 0, oldestQueuedSeconds: null });
  await facts();
  await sandbox.bash(`status_begin acme sha256:2 one`);
  expect(sandbox.status()["facts"]).toMatchObject({
    token: { refreshedAt: "2026-11-26T08:00:00Z" },
    queues: { oldMigrationsCured: 4, oldestQueuedSeconds: null },
  });
});

it("says what is wrong with the queues, and stores the facts all the same", async () => {
  seen(QUEUES, ["No worker serves short", "A job waits"]);
  expect(await facts()).toEqual({ code: 1, output: "No worker serves short\nA job waits\n" });
  expect(sandbox.status()["facts"]).toMatchObject({ queues: QUEUES });
});

it("says that the data disk is as good as full, before redis takes no job any more", async () => {
  const df = (free: number): void => {
    sandbox.program(
      "df",
      `[[ $3 == */mnt/erpnext ]] && free=${free} || free=9000000000; printf '1B-blocks Avail\\n25185042432 %s\\n' $free`,
    );
  };
  df(268435456);
  expect(await facts()).toEqual({ code: 0, output: "" });
  df(268435455);
  expect(await facts()).toEqual({
    code: 1,
    output:
      "the data disk has 268435455 bytes free, and deliveries are refused when there are none: enlarge gcp.dataDiskGb\n",
  });
  expect(sandbox.status()["facts"]).toMatchObject({ disk: { totalBytes: 25185042432, freeBytes: 268435455 } });
});

it("says that the boot disk is as good as full, while that can still be written down", async () => {
  sandbox.program(
    "df",
    `[[ $3 == */opt/erpnext ]] && free=268435455 || free=9000000000; printf '1B-blocks Avail\\n31526391808 %s\\n' $free`,
  );
  expect(await facts()).toEqual({
    code: 1,
    output:
      "the boot disk has 268435455 bytes free, and this status stands still when there are none: sudo du --one-file-system -d 3 / | sort -n | tail\n",
  });
  expect(sandbox.status()["facts"]).toMatchObject({ bootDisk: { totalBytes: 31526391808, freeBytes: 268435455 } });
});

it("makes the step workers fail with those words, said once after ten looks", async () => {
  const look = (words: string, code: number): string =>
    `#!/bin/bash\necho look >>"$ERPNEXT_ROOT/looks"; echo "${words}" >&2; exit ${code}\n`;
  const step = (): ReturnType<Sandbox["run"]> => sandbox.run([sandbox.path("opt/erpnext/steps/workers.sh")]);
  sandbox.write("opt/erpnext/facts.sh", look("No worker serves short", 1));
  expect(await step()).toEqual({ code: 1, output: "No worker serves short\n" });
  expect(sandbox.read("looks")).toBe("look\n".repeat(10));
  sandbox.write("opt/erpnext/facts.sh", look("", 0));
  expect(await step()).toEqual({ code: 0, output: "" });
});

it("makes the step workers fail when a container reaches the metadata server past the wall, which is built again first", async () => {
  sandbox.write("opt/erpnext/facts.sh", "#!/bin/bash\n");
  sandbox.write("open", "");
  expect(await sandbox.run([sandbox.path("opt/erpnext/steps/workers.sh")])).toEqual({
    code: 1,
    output:
      "containers reach the metadata server, which hands out this server's credentials: sudo iptables --list-rules DOCKER-USER\n",
  });
  expect(sandbox.read("walls")).toContain(
    "--check DOCKER-USER --destination 169.254.169.254/32 --protocol tcp ! --dport 53",
  );
});

it("makes the step workers fail when a restore was cut short on a server that was ready", async () => {
  sandbox.write("opt/erpnext/facts.sh", "#!/bin/bash\n");
  sandbox.write("mnt/erpnext/state/restoring", "20261126T020000Z-nightly");
  expect(await sandbox.run([sandbox.path("opt/erpnext/steps/workers.sh")])).toEqual({
    code: 1,
    output: `a restore was not finished and the site is in maintenance: sudo ${sandbox.path("opt/erpnext/restore.sh")} 20261126T020000Z-nightly --force acme\n`,
  });
});

it.each(["creating", "migrating", "restoring"])("makes no request while the site is %s", async (marker) => {
  sandbox.write(`mnt/erpnext/state/${marker}`, "set-1");
  expect((await facts()).code).toBe(0);
  expect([sandbox.has("asked"), sandbox.has("var/lib/erpnext/status/status.json")]).toEqual([false, false]);
});

it("leaves the facts as they were when the site cannot be asked", async () => {
  await facts();
  const before = sandbox.status()["facts"];
  sandbox.program("docker", "echo no such container >&2; exit 1");
  const outcome = await facts();
  expect([outcome.code, outcome.output]).toEqual([1, "no such container\n"]);
  expect(sandbox.status()["facts"]).toEqual(before);
});

const DELIVERIES = {
  waiting: 3,
  oldestWaitingSeconds: 12,
  parked: 1,
  failed: 0,
  forgedLastDay: 7,
  acceptedLastDay: 90,
  paused: null,
};

it("tells of the deliveries, also while the site is changed as a whole", async () => {
  sandbox.write("deliveries", JSON.stringify(DELIVERIES));
  await facts();
  expect(sandbox.status()["facts"]).toMatchObject({ deliveries: DELIVERIES });
  sandbox.write("mnt/erpnext/state/restoring", "set-1");
  sandbox.write("deliveries", JSON.stringify({ ...DELIVERIES, waiting: 9, paused: "restore" }));
  expect((await facts()).code).toBe(0);
  expect(sandbox.status()["facts"]).toMatchObject({ deliveries: { waiting: 9, paused: "restore" } });
});

it("says that deliveries wait too long", async () => {
  sandbox.write("deliveries", JSON.stringify({ ...DELIVERIES, oldestWaitingSeconds: 900 }));
  expect(await facts()).toEqual({
    code: 1,
    output: "the oldest delivery has waited for 900 s: docker compose logs deliveries-forwarder\n",
  });
});
