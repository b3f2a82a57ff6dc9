import { Sandbox } from "./test/sandbox";

/** Writes down every call with the tag it would run, and answers like a healthy server. */
const DOCKER = `
shift_all="$*"
echo "$CUSTOM_TAG: $shift_all" >>"$ERPNEXT_ROOT/calls"
case "$shift_all" in
*"FROM information_schema.processlist WHERE db = 'erpnext'"*) printf '714\n750\n' ;;
*"SELECT COALESCE(SUM(file_size), 0) FROM information_schema.innodb_sys_tablespaces WHERE name LIKE 'erpnext/%'"*) echo 5000 ;;
*"KILL 750"*) echo "ERROR 1094 (HY000) at line 1: Unknown thread id: 750" >&2; exit 1 ;;
*"ps --all --quiet"*) echo id ;;
inspect*) echo healthy ;;
*redis-cli*) echo 1 ;;
*"/login") echo '<head><link rel="preload" href="/a.woff2"><link type="text/css" rel="stylesheet" href="/assets/frappe/dist/css/login.bundle.ABC123.css"></head>' ;;
*login.bundle*) [[ ! -e "$ERPNEXT_ROOT/unstyled" ]] || exit 22 ;;
*list-apps*) echo '{"erp.acme.example":["frappe","erpnext"]}' ;;
*"cat sites/apps.txt"*) printf 'connector\\nerpnext\\nfrappe\\n' ;;
*" migrate") [[ ! -e "$ERPNEXT_ROOT/broken" ]] || { echo "patch failed"; exit 1; } ;;
*run-command*|*"env/bin/python -c"*) cat >/dev/null ;;
*"image ls"*) printf '1.0\\n1.1\\n0.9\\n' ;;
esac`;

const OLD = "europe-docker.pkg.dev/p/acme/erpnext:1.0@sha256:1";
const NEW = "europe-docker.pkg.dev/p/acme/erpnext:1.1@sha256:2";

/** Connections that hold the database: nothing can be altered or dropped before. The second one has ended by itself. */
const ENDED = ["end connection 714", "end connection 750"];

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(30_000);

/** The backup before a migration. */
const SET = "20261123T020000Z-before-migration";

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  Object.assign(sandbox.environment, { IMAGE_REF: NEW, CUSTOM_TAG: "1.1", CUSTOM_IMAGE: "acme/erpnext" });
  sandbox.install();
  sandbox.program("docker", DOCKER);
  sandbox.program("sleep", "true");
  sandbox.program("chown", 'echo "$*" >>"$ERPNEXT_ROOT/owned"');
  sandbox.write(`mnt/erpnext/backups/${SET}/database.sql.gz`, "");
  sandbox.program("df", "printf 'Avail\\n1073746825\\n'");
  sandbox.write("opt/frappe_docker/compose.yaml", "");
  sandbox.write("run/erpnext/secrets/database-root-password", "hunter2-hunter2");
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: OLD, tag: "1.0" }));
  sandbox.write(
    "opt/erpnext/backup.sh",
    `#!/bin/bash\necho backup >>"$ERPNEXT_ROOT/calls"; printf 20261123T020000Z-before-migration >"$ERPNEXT_BACKUP_RESULT"\n`,
  );
});

afterEach(() => {
  sandbox.remove();
});

const migrate = (): ReturnType<Sandbox["run"]> => sandbox.run([sandbox.path("opt/erpnext/steps/migrate.sh")]);

/** One receiver is there while the other is replaced. */
const wholeUp = (tag: string): string[] =>
  ["up: deliveries-receiver", "up: deliveries-receiver-standby", "up"].map((what) => `${tag} ${what}`);

/** What happened, in short: the calls that change something. */
function story(): string[] {
  const told: readonly [RegExp, string][] = [
    [/^backup$/, "backup"],
    [/set-maintenance-mode (on|off)/, "maintenance $1"],
    [/enable-scheduler$/, "scheduler on"],
    [/exec redis-cli "\$@" sh DEL assets_json$/, "forget assets"],
    [/KILL (\d+)$/, "end connection $1"],
    [/^(\S+): compose stop .*/, "stop jobs"],
    [/^(\S+): compose run .* configurator$/, "$1 configures"],
    [/^(\S+): compose run .* migrate$/, "$1 migrates"],
    [/^(\S+): compose up .*--quiet-pull$/, "$1 up"],
    [/^(\S+): compose up .*--quiet-pull (.*)$/, "$1 up: $2"],
    [/install-app --force (\S+)$/, "install $1"],
    [/deliveries\.admin replay --since (\S+)$/, "deliver again since $1"],
    [/ARGUMENTS=(\[.*?\])/, "secretly $1"],
    [/image rm (\S+)/, "forget $1"],
  ];
  return sandbox
    .read("calls")
    .split("\n")
    .flatMap((call) => {
      const found = told.find(([pattern]) => pattern.test(call));
      return found === undefined
        ? []
        : [
            call
              .replace(found[0], "\u0000$&")
              .split("\u0000")[1]!
              .replace(new RegExp(`${found[0].source}.*`), found[1]),
          ];
    });
}

it("has nothing to do while the image is the one the site belongs to", async () => {
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: NEW, tag: "1.1" }));
  expect((await migrate()).code).toBe(77);
  expect(sandbox.has("calls")).toBe(false);
});

it("backs up, takes the site away, migrates with the new code, and only then runs it", async () => {
  expect(await migrate()).toMatchObject({ code: 0 });
  expect(story()).toEqual([
    ...[
      "backup",
      "maintenance on",
      "stop jobs",
      ...ENDED,
      "1.1 configures",
      "1.1 migrates",
      ...wholeUp("1.1"),
      "forget assets",
      "install connector",
    ],
    ...["maintenance off", "forget acme/erpnext:0.9"],
  ]);
  expect(JSON.parse(sandbox.read("mnt/erpnext/state/applied.json"))).toEqual({ imageRef: NEW, tag: "1.1" });
  expect(sandbox.has("mnt/erpnext/state/migrating")).toBe(false);
});

it("goes back to the old image and its database when the migration fails", async () => {
  sandbox.write("broken", "");
  sandbox.write("mnt/erpnext/state/installing", "connector");
  const outcome = await migrate();
  expect(outcome.code).toBe(1);
  expect(outcome.output).toContain("patch failed");
  expect(outcome.output.trim().split("\n").at(-1)).toBe(
    `the migration to 1.1 failed and 1.0 runs again with its data: see ${sandbox.path("var/log/erpnext")}/migrate.log`,
  );
  expect(story()).toEqual([
    ...["backup", "maintenance on", "stop jobs", ...ENDED, "1.1 configures", "1.1 migrates"],
    ...["stop jobs", "1.0 up: db redis-cache redis-queue backend", ...ENDED],
    'secretly ["--site","erp.acme.example","--force","restore","/home/frappe/backups/20261123T020000Z-before-migration/database.sql.gz","--db-root-username","root","--db-root-password","@database_root_password"]',
    ...[
      "scheduler on",
      ...wholeUp("1.0"),
      "forget assets",
      "deliver again since 2026-11-23T02:00:00Z",
      "maintenance off",
    ],
  ]);
  // bench unpacks the dump beside it.
  expect(sandbox.read("owned").trim()).toBe(`1000:1000 ${sandbox.path(`mnt/erpnext/backups/${SET}`)}`);
  // The database of before knows nothing of an app that was being installed.
  expect(sandbox.has("mnt/erpnext/state/installing")).toBe(false);
  expect(sandbox.read("calls")).not.toContain("hunter2");
  expect(JSON.parse(sandbox.read("mnt/erpnext/state/applied.json"))).toEqual({ imageRef: OLD, tag: "1.0" });
});

it("goes back when the login page asks for a style sheet that the new image does not have", async () => {
  sandbox.write("unstyled", "");
  const { code, output } = await migrate();
  expect(code).toBe(1);
  expect(output).toContain(
    "the login page asks for /assets/frappe/dist/css/login.bundle.ABC123.css, which this image does not have",
  );
  expect(story().slice(-3)).toEqual(["forget assets", "deliver again since 2026-11-23T02:00:00Z", "maintenance off"]);
});

it("goes on with the backup of before when it was cut short", async () => {
  sandbox.write("mnt/erpnext/state/migrating", "20261123T020000Z-before-migration");
  expect(await migrate()).toMatchObject({ code: 0 });
  expect(story().slice(0, 4)).toEqual(["maintenance on", "stop jobs", ...ENDED]);
});

it.each([
  ["its way back was", { IMAGE_REF: NEW, CUSTOM_TAG: "1.1" }, 1],
  ["it was, and the old image is wanted again,", { IMAGE_REF: OLD, CUSTOM_TAG: "1.0" }, 0],
])("goes back without another try when %s cut short", async (_what, wanted, code) => {
  sandbox.write("mnt/erpnext/state/migrating", "20261123T020000Z-before-migration");
  if (code === 1) sandbox.write("mnt/erpnext/state/going-back", "");
  Object.assign(sandbox.environment, wanted);
  sandbox.install();
  expect(await migrate()).toMatchObject({ code });
  expect(story()).toEqual([
    ...["maintenance on", "stop jobs", ...ENDED, "stop jobs", "1.0 up: db redis-cache redis-queue backend", ...ENDED],
    'secretly ["--site","erp.acme.example","--force","restore","/home/frappe/backups/20261123T020000Z-before-migration/database.sql.gz","--db-root-username","root","--db-root-password","@database_root_password"]',
    ...[
      "scheduler on",
      ...wholeUp("1.0"),
      "forget assets",
      "deliver again since 2026-11-23T02:00:00Z",
      "maintenance off",
    ],
  ]);
  expect(["migrating", "going-back"].filter((name) => sandbox.has(`mnt/erpnext/state/${name}`))).toEqual([]);
  expect(JSON.parse(sandbox.read("mnt/erpnext/state/applied.json"))).toEqual({ imageRef: OLD, tag: "1.0" });
});

it("keeps in mind that it is on its way back, until it is there", async () => {
  sandbox.write("broken", "");
  sandbox.program("docker", DOCKER.replace("*list-apps*", "*ARGUMENTS=*) exit 1 ;;\n*list-apps*"));
  expect((await migrate()).output).toContain("and so did the way back");
  expect(["migrating", "going-back"].filter((name) => sandbox.has(`mnt/erpnext/state/${name}`))).toEqual([
    ...["migrating", "going-back"],
  ]);
});

it("takes the way back no second time once the site takes deliveries again", async () => {
  sandbox.write("broken", "");
  sandbox.program("docker", DOCKER.replace("case", '[[ "$*" != *ping* ]] || exit 1\ncase'));
  const { code, output } = await migrate();
  expect([code, output.trim().split("\n").at(-1)]).toEqual([
    1,
    "1.0 has its data back and does not answer at /api/method/ping: docker compose logs backend",
  ]);
  expect(["migrating", "going-back"].filter((name) => sandbox.has(`mnt/erpnext/state/${name}`))).toEqual([]);
});

it("is not taken for one to give up when it is cut short at its very end", async () => {
  sandbox.program(
    "mv",
    'for file; do :; done; [[ $file != */applied.json ]] || { kill -9 "$PPID"; exit; }; exec /bin/mv "$@"',
  );
  expect((await migrate()).code).not.toBe(0);
  expect(sandbox.has("mnt/erpnext/state/migrating")).toBe(false);
  expect(JSON.parse(sandbox.read("mnt/erpnext/state/applied.json"))).toEqual({ imageRef: OLD, tag: "1.0" });
});

it("does not begin on a disk that has no room for it, and says so", async () => {
  sandbox.program("df", "printf 'Avail\\n1073746824\\n'");
  expect(await migrate()).toEqual({
    code: 1,
    output:
      "the data disk has 1073746824 bytes free, and a migration may need 1073746824: nothing was begun; enlarge gcp.dataDiskGb\n",
  });
  expect(story()).toEqual([]);
  sandbox.write("mnt/erpnext/state/migrating", "20261123T020000Z-before-migration");
  expect(await migrate()).toMatchObject({ code: 0 });
});

it("does not begin without a backup", async () => {
  sandbox.write("opt/erpnext/backup.sh", "#!/bin/bash\nexit 1\n");
  expect((await migrate()).code).toBe(1);
  expect(story()).toEqual([]);
});
