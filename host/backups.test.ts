import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import { FakeGoogle } from "./test/google";
import { Sandbox } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(60_000);

const SET = "20261126T020000Z-nightly";
const DUMP = "INSERT INTO `tabSales Order` VALUES (1);\n-- Dump completed on 2026-11-26\n";

/** MariaDB and bench: answers counts from files, makes a backup's files, keeps what is loaded, and may fail at one call. */
const DOCKER = `
echo "$*" | head -n 1 | cut -c 1-260 >>"$ERPNEXT_ROOT/calls"
[[ ! -e "$ERPNEXT_ROOT/fails" || "$*" != *"$(cat "$ERPNEXT_ROOT/fails")"* ]] || exit 1
case "$*" in
*"information_schema.schemata"* | *"information_schema.tables"* | *tabDefaultValue*) echo 1 ;;
*"SELECT COUNT"*erpnext_restore_proof*) cat "$ERPNEXT_ROOT/restored" ;;
*"SELECT COUNT"*) echo 5 ;;
*"exec nice -n 19 mariadb"*) cat >"$ERPNEXT_ROOT/loaded" ;;
*"backup --with-files"*)
	folder="$ERPNEXT_ROOT/mnt/erpnext/backups/$(sed 's|.*/home/frappe/backups/||' <<<"$*")"
	printf '%s' "$DUMP" | gzip >"$folder/x-database.sql.gz"
	for name in files.tar private-files.tar site_config_backup.json; do printf '{"encryption_key":"k"}' >"$folder/x-$name"; done
	[[ ! -e "$ERPNEXT_ROOT/plant" ]] || . "$ERPNEXT_ROOT/plant" ;;
*"env/bin/python -c"*) cat >/dev/null ;;
"ps --all --quiet --filter label=com.docker.compose.project=erpnext --filter label=com.docker.compose.oneoff=True") printf 'one\ntwo\n' ;;
*"ps --all --quiet backend") echo three ;;
*"ps --all --quiet deliveries-"*) echo four ;;
"inspect --format {{if .State.Health}}"*) echo healthy ;;
inspect*) echo running ;;
esac`;

let sandbox: Sandbox;
let google: FakeGoogle;

beforeEach(async () => {
  sandbox = new Sandbox();
  google = new FakeGoogle();
  await google.start();
  Object.assign(sandbox.environment, { BACKUP_BUCKET: "bucket", CUSTOM_TAG: "1.0", IMAGE_REF: "r@sha256:1" });
  sandbox.environment["COMPOSE_PROJECT_NAME"] = "erpnext";
  sandbox.install();
  sandbox.program("docker", DOCKER);
  sandbox.program("chown", "true");
  sandbox.write("opt/frappe_docker/compose.yaml", "");
  sandbox.write("run/erpnext/secrets/database-root-password", "hunter2-hunter2");
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: "r@sha256:1", tag: "1.0" }));
  sandbox.write("restored", "5");
});
afterEach(() => {
  google.stop();
  sandbox.remove();
});

const run = (...command: readonly [string, ...string[]]): ReturnType<Sandbox["run"]> =>
  sandbox.run([sandbox.path(`opt/erpnext/${command[0]}`), ...command.slice(1)], { ...google.environment, DUMP });

const calls = (what: RegExp): string[] =>
  sandbox
    .read("calls")
    .split("\n")
    .filter((line) => what.test(line));
const proof = (): unknown => (sandbox.status()["facts"] as Record<string, unknown>)["restoreProof"];

/** A set in the bucket whose manifest says that there are this many rows. */
function store(counts: object | undefined, dump = DUMP): void {
  const content = gzipSync(dump);
  const config = Buffer.from('{"encryption_key":"k"}');
  const files = {
    "database.sql.gz": content,
    "site_config.json": config,
    "files.tar": config,
    "private-files.tar": config,
  };
  for (const [name, body] of Object.entries(files)) google.objects.set(`erp.acme.example/${SET}/${name}`, body);
  const listed = Object.entries(files).map(([name, body]) => ({
    name,
    size: body.length,
    md5: createHash("md5").update(body).digest("base64"),
  }));
  const manifest = { id: SET, files: listed, ...(counts === undefined ? {} : { counts }) };
  google.objects.set(`erp.acme.example/${SET}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
}

const FIVE = { "Sales Order": { least: 4, most: 5 }, "Sales Invoice": { least: 5, most: 5 } };

describe("backup.sh", () => {
  it("sends every file and the manifest last, which says how many orders and invoices there were", async () => {
    sandbox.write("run/erpnext/upload.killed", "Location: https://storage.example/session");
    const outcome = await run("backup.sh", "nightly");
    expect(outcome).toMatchObject({ code: 0 });
    expect(sandbox.has("run/erpnext/upload.killed")).toBe(false);
    const names = [...google.objects.keys()].map((name) => name.split("/").at(-1));
    expect(names.slice(-1)).toEqual(["manifest.json"]);
    expect([...names].sort()).toEqual([
      ...["database.sql.gz", "files.tar", "manifest.json", "private-files.tar", "site_config.json.enc"],
    ]);
    const manifest = JSON.parse(String([...google.objects.values()].at(-1))) as Record<string, unknown>;
    expect(manifest["counts"]).toEqual({
      "Sales Order": { least: 5, most: 5 },
      "Sales Invoice": { least: 5, most: 5 },
    });
    expect(outcome.output.trim().split("\n").at(-1)).toMatch(/^\d{8}T\d{6}Z-nightly$/);
  });

  it("sends no key beside what it opens, and opens it again where the secrets are", async () => {
    await run("backup.sh", "nightly");
    const [name = "", sealed] = [...google.objects].find(([key]) => key.endsWith("site_config.json.enc")) ?? [];
    expect(String(sealed)).not.toContain("encryption_key");
    expect(sealed?.subarray(0, 8).toString()).toBe("Salted__");
    const set = name.split("/").at(-2) ?? "";
    sandbox.write("opt/erpnext/steps/automation-user.sh", "#!/bin/bash\n");
    sandbox.program("docker", DOCKER.replace("cat >/dev/null ;;", 'cat >>"$ERPNEXT_ROOT/given" ;;'));
    sandbox.write("run/erpnext/secrets/database-root-password", "of another stack");
    const refused = await run("restore.sh", set, "--force", "acme");
    expect(refused.output).toContain(
      `site_config.json of ${set} cannot be opened: it was sealed with another database-root-`,
    );
    expect(calls(/maintenance/)).toEqual([]);
    sandbox.write("run/erpnext/secrets/database-root-password", "hunter2-hunter2");
    expect((await run("restore.sh", set, "--force", "acme")).code).toBe(0);
    expect(sandbox.read("given")).toContain('{"encryption_key":"k"}');
  });

  it.each([
    ["the manifest", 'ln -s "$ERPNEXT_ROOT/victim" "$folder/manifest.json"', 0],
    ["a folder of that name", 'mkdir "$folder/manifest.json"', 0],
    ["a backup's file", 'ln -sf "$ERPNEXT_ROOT/victim" "$folder/x-files.tar"', 1],
    ["a file that is another one too", 'ln -f "$ERPNEXT_ROOT/victim" "$folder/x-private-files.tar"', 1],
  ])("follows no link that a container made: %s", async (_what, plant, code) => {
    sandbox.write("victim", "of the host");
    sandbox.write("plant", plant);
    expect((await run("backup.sh", "nightly")).code).toBe(code);
    expect(sandbox.read("victim")).toBe("of the host");
    expect([...google.objects.values()].map(String).filter((body) => body.includes("of the host"))).toEqual([]);
  });

  it("has no manifest in the bucket when a file is stored damaged", async () => {
    google.damaged = 1;
    expect((await run("backup.sh", "nightly")).code).toBe(1);
    expect([...google.objects.keys()].filter((name) => name.endsWith("manifest.json"))).toEqual([]);
  });
});

describe("restore-proof.sh", () => {
  it("restores the newest set beside the site, compares its rows, and leaves nothing", async () => {
    store(FIVE);
    expect(await run("restore-proof.sh")).toMatchObject({ code: 0 });
    expect(proof()).toEqual({
      set: SET,
      at: expect.stringMatching(/Z$/) as unknown,
      ok: true,
      detail: `${SET} restored: 4 Sales Order, 5 Sales Invoice`,
    });
    expect(sandbox.read("loaded")).toBe(DUMP);
    expect(calls(/DROP DATABASE|CREATE DATABASE/).map((call) => call.replace(/.*(DROP|CREATE).*/, "$1"))).toEqual([
      ...["DROP", "CREATE", "DROP"],
    ]);
    expect(sandbox.has("mnt/erpnext/backups/.restore-proof")).toBe(false);
    expect(sandbox.read("calls")).not.toContain("hunter2");
  });

  it.each([
    ["rows are missing", { restored: "3" }, /restored: 3 Sales Order rows instead of 4 to 5\. 3 Sales Invoice rows/],
    ["MariaDB refuses the dump", { fails: "exec nice -n 19 mariadb" }, /MariaDB does not take the dump/],
  ])("says so when %s, and drops the database all the same", async (_what, files, detail) => {
    store(FIVE);
    for (const [name, content] of Object.entries(files)) sandbox.write(name, content);
    expect((await run("restore-proof.sh")).code).toBe(1);
    expect(proof()).toMatchObject({ set: SET, ok: false, detail: expect.stringMatching(detail) as unknown });
    expect(calls(/DROP DATABASE/)).toHaveLength(2);
  });

  it("says so when the dump is not what was sent, when a set says nothing of itself, and when there is none", async () => {
    expect((await run("restore-proof.sh")).code).toBe(1);
    expect(proof()).toMatchObject({ set: null, ok: false, detail: "there is no whole set in bucket" });
    store(undefined);
    await run("restore-proof.sh");
    expect(proof()).toMatchObject({
      ok: false,
      detail: `the set ${SET} does not say what is in it; the next one will`,
    });
    store(FIVE);
    google.objects.set(`erp.acme.example/${SET}/database.sql.gz`, gzipSync("other"));
    await run("restore-proof.sh");
    expect(proof()).toMatchObject({ ok: false, detail: `database.sql.gz of ${SET} is not what was sent to bucket` });
    expect(calls(/CREATE DATABASE/)).toEqual([]);
  });

  it("takes the newest set that is not of the future, as restore.sh latest does", async () => {
    store(FIVE);
    google.objects.set("erp.acme.example/99990101T000000Z-nightly/manifest.json", Buffer.from("{}"));
    expect(await run("restore-proof.sh")).toMatchObject({ code: 0 });
    expect(proof()).toMatchObject({ set: SET, ok: true });
  });

  it("skips it where the disk is short, and says so", async () => {
    store(FIVE);
    sandbox.program("df", "printf 'Avail\\n100\\n'");
    expect((await run("restore-proof.sh")).code).toBe(1);
    expect(proof()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^skipped: the data disk has 100 bytes/) as unknown,
    });
    expect(calls(/CREATE DATABASE/)).toEqual([]);
  });
});

describe("restore.sh", () => {
  it("refuses a site with orders unless its customer is named", async () => {
    store(FIVE);
    const refused = await run("restore.sh", "latest");
    expect([refused.code, refused.output.trim()]).toEqual([
      1,
      "the site of acme holds 10 orders and invoices; to replace them say --force acme",
    ]);
    expect((await run("restore.sh", "latest", "--force", "other")).code).toBe(1);
    expect(calls(/maintenance/)).toEqual([]);
  });

  it("stays in maintenance when it is cut short, says so, and can be run again", async () => {
    store(FIVE);
    sandbox.write("opt/erpnext/steps/automation-user.sh", "#!/bin/bash\n");
    sandbox.write("fails", "bench --site erp.acme.example migrate");
    const cut = await run("restore.sh", "latest", "--force", "acme");
    expect(cut.code).toBe(1);
    expect(cut.output).toContain(
      `the restore of ${SET} was not finished: the site stays in maintenance; run restore.sh ${SET} --force acme`,
    );
    expect(calls(/set-maintenance-mode/).map((call) => call.split(" ").at(-1))).toEqual(["on"]);
    expect(sandbox.read("mnt/erpnext/state/restoring")).toBe(SET);
    sandbox.write("fails", "nothing");
    const again = await run("restore.sh", SET, "--force", "acme");
    expect([again.code, again.output.trim().split("\n").at(-1)]).toEqual([0, `restored ${SET}`]);
    expect(sandbox.has("mnt/erpnext/state/restoring")).toBe(false);
    expect(calls(/set-maintenance-mode/).at(-1)).toMatch(/off$/);
    // Where no database is left to ask, bench takes the scheduler for off.
    expect(calls(/migrate$|enable-scheduler$|maintenance-mode off$/).map((call) => call.split(" ").at(-1))).toEqual([
      ...["migrate", "migrate", "enable-scheduler", "off"],
    ]);
    // What the first one may have left inside of containers is ended before the second one begins.
    expect(calls(/^rm |restart|"restore"/).map((call) => /^rm .*|restart .*|"restore"/.exec(call)?.[0])).toEqual([
      ...['"restore"', "rm --force one two", "restart backend", '"restore"'],
    ]);
  });

  it("ends a backfill for good, because what it had pulled goes with the database", async () => {
    store(FIVE);
    sandbox.write("opt/erpnext/steps/automation-user.sh", "#!/bin/bash\n");
    const window = { from: "2026-01-01T00:00:00Z", to: "2026-01-31T00:00:00Z", orders: 3 };
    const plan = { id: "p1", state: "paused", done: 1, windows: [window, window], counts: {} };
    sandbox.write("mnt/erpnext/state/backfill.json", JSON.stringify(plan));
    const outcome = await run("restore.sh", "latest", "--force", "acme");
    expect(outcome.code).toBe(0);
    expect(outcome.output).toContain("stopped with 1 of 2 windows done\n");
    expect(sandbox.has("mnt/erpnext/state/backfill.json")).toBe(false);
    expect(sandbox.status()).not.toHaveProperty("backfill");
  });

  it("touches nothing when a file is not what was sent", async () => {
    store(FIVE);
    google.objects.set(`erp.acme.example/${SET}/files.tar`, Buffer.from("other"));
    const outcome = await run("restore.sh", SET, "--force", "acme");
    expect([outcome.code, outcome.output.trim().split("\n").at(-1)]).toEqual([
      1,
      `files.tar of ${SET} is not what was sent to bucket`,
    ]);
    expect(calls(/maintenance/)).toEqual([]);
  });
});
