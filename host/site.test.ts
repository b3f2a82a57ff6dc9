import { Sandbox } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(30_000);

/** MariaDB without the site's database, until bench has made it; bench, Frappe and the frontend. */
const DOCKER = `
case "$*" in
*"tabSales"*) echo 0 ;;
*"information_schema"*) [[ -e "$ERPNEXT_ROOT/made" ]] && echo 1 || echo 0 ;;
*"SELECT"*) echo 1 ;;
*new-site*)
	grep -o 'ARGUMENTS=.*' <<<"$*" | head -n 1 >>"$ERPNEXT_ROOT/made-with"
	cat >/dev/null
	[[ ! -e "$ERPNEXT_ROOT/fails" ]] || exit 1
	touch "$ERPNEXT_ROOT/made" ;;
*"env/bin/python -c"*) cat >/dev/null ;;
*list-apps*) cat "$ERPNEXT_ROOT/apps" ;;
*"cat sites/apps.txt"*) printf 'connector\\nerpnext\\nfrappe\\n' ;;
*install-app*)
	echo "$*" >>"$ERPNEXT_ROOT/calls"
	[[ ! -e "$ERPNEXT_ROOT/cut-short" || "$*" != *"$(cat "$ERPNEXT_ROOT/cut-short")" ]] ;;
*) echo "$*" >>"$ERPNEXT_ROOT/calls" ;;
esac`;

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  Object.assign(sandbox.environment, {
    ...{ IMAGE_REF: "r@sha256:1", CUSTOM_TAG: "1.0", TIME_ZONE: "Europe/Berlin", FISCAL_YEAR_START: "01-01" },
    ...{ COMPANY_NAME: "Acme GmbH", COMPANY_ABBREVIATION: "A", COUNTRY: "Germany", CURRENCY: "EUR" },
    ...{ CHART_OF_ACCOUNTS: "Standard", BANK_ACCOUNT: "Bank - A", HISTORY_FROM: "2026-01-01" },
  });
  sandbox.install();
  sandbox.program("docker", DOCKER);
  sandbox.write("opt/frappe_docker/compose.yaml", "");
  sandbox.write("apps", '{"erp.acme.example":["frappe"]}');
  sandbox.write("run/erpnext/secrets/database-root-password", "hunter2-hunter2");
  sandbox.write("run/erpnext/secrets/administrator-password", "hunter3-hunter3");
});
afterEach(() => {
  sandbox.remove();
});

const site = (): ReturnType<Sandbox["run"]> => sandbox.run([sandbox.path("opt/erpnext/steps/site.sh")]);

/** For each creation, whether bench was told to go over what is there. */
const forced = (): boolean[] =>
  sandbox
    .read("made-with")
    .trim()
    .split("\n")
    .map((line) => line.includes('"--force"'));

it("installs no app that is in the image for other countries", async () => {
  sandbox.environment["APPS_LEFT_OUT"] = "india_compliance connector";
  sandbox.install();
  expect(await site()).toMatchObject({ code: 0 });
  expect(new Set(sandbox.read("calls").match(/install-app .*/g))).toEqual(new Set(["install-app --force erpnext"]));
});

it("makes a site that is not there without forcing anything, and has its scheduler run", async () => {
  expect(await site()).toMatchObject({ code: 0 });
  expect(forced()).toEqual([false]);
  expect(sandbox.read("calls")).toContain("bench --site erp.acme.example enable-scheduler");
  expect(sandbox.has("mnt/erpnext/state/creating")).toBe(false);
});

it("makes no site where a migration's way back was cut short in its database: the step migrate has a backup", async () => {
  sandbox.write("mnt/erpnext/state/applied.json", JSON.stringify({ imageRef: "r@sha256:0", tag: "0.9" }));
  sandbox.write("mnt/erpnext/state/migrating", "set-1");
  expect(await site()).toEqual({ code: 0, output: "" });
  expect([sandbox.has("made-with"), sandbox.has("calls")]).toEqual([false, false]);
});

it("forces the next creation when one ended before it had a database, because its folder is there", async () => {
  sandbox.write("fails", "");
  expect((await site()).code).toBe(1);
  await sandbox.run(["rm", "-f", sandbox.path("fails")]);
  expect(await site()).toMatchObject({ code: 0 });
  expect(forced()).toEqual([false, true]);
});

it("makes the site again when the installation of an app was cut short, because bench installs none twice", async () => {
  sandbox.write("cut-short", "connector");
  expect((await site()).code).toBe(1);
  expect(sandbox.has("mnt/erpnext/state/creating")).toBe(true);
  sandbox.write("cut-short", "nothing");
  expect(await site()).toMatchObject({ code: 0 });
  expect(forced()).toEqual([false, true]);
  expect(
    sandbox
      .read("calls")
      .match(/install-app .*/g)
      ?.slice(0, 4),
  ).toEqual([
    ...["install-app --force erpnext", "install-app --force connector"],
    ...["install-app --force erpnext", "install-app --force connector"],
  ]);
  sandbox.write("apps", '{"erp.acme.example":["frappe","erpnext","connector"]}');
  expect(await site()).toMatchObject({ code: 0 });
  expect(forced()).toHaveLength(2);
});

it("installs an app of a site that stands once more when that was cut short, though bench lists it", async () => {
  const installed = (): string[] => sandbox.read("calls").match(/install-app .*/g) ?? [];
  sandbox.write("made", "");
  sandbox.write("apps", '{"erp.acme.example":["frappe","erpnext"]}');
  sandbox.write("cut-short", "connector");
  expect((await site()).code).toBe(1);
  expect(sandbox.read("mnt/erpnext/state/installing")).toBe("connector");
  sandbox.write("apps", '{"erp.acme.example":["frappe","erpnext","connector"]}');
  sandbox.write("cut-short", "nothing");
  expect(await site()).toMatchObject({ code: 0 });
  expect(installed()).toEqual(["install-app --force connector", "install-app --force connector"]);
  expect(sandbox.has("mnt/erpnext/state/installing")).toBe(false);
  expect(await site()).toMatchObject({ code: 0 });
  expect(installed()).toHaveLength(2);
});
