import { existsSync, readFileSync } from "node:fs";

import { Sandbox, type Outcome } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(120_000);

/**
 * The site behind `docker`: bench/history.py's answers from site.json, the connector's pull from the script pull.sh, which
 * finds the window in the environment. Everything that happens is written to story.
 */
const DOCKER = `
site="$ERPNEXT_ROOT/site.json"
tell() { echo "$*" >>"$ERPNEXT_ROOT/story"; }
change() { jq "$@" <"$site" >"$site.next" && mv "$site.next" "$site"; }
case "$*" in
*"exec -T frontend curl"*) [[ ! -e $ERPNEXT_ROOT/down ]] ;;
*" bench --site erp.acme.example execute ecommerce_integrations.shopify.order.sync_old_orders" | *" -m deliveries.history")
	echo "$*" >>"$ERPNEXT_ROOT/commands"
	echo "$BASHPID" >"$ERPNEXT_ROOT/pull.pid"
	export FROM="$(jq -r .from "$site")" TO="$(jq -r .to "$site")"
	tell "pull $FROM $TO"
	. "$ERPNEXT_ROOT/pull.sh"
	;;
*"env/bin/python -c"*)
	[[ ! -e $ERPNEXT_ROOT/down ]] || exit 1
	request="$(cat)"
	case "$(jq -r .action <<<"$request")" in
	look) jq -c '{ stopped, flag, busy } + { log }' "$site" ;;
	begin)
		change --argjson r "$request" '. + { from: $r.window.from, to: $r.window.to, flag: true }'
		echo '{"began":"2026-11-26 12:00:00"}'
		;;
	hold) tell "hold"; change '.stopped = true' && echo '{}' ;;
	release)
		tell "release"
		jq -r .backfill.state "$ERPNEXT_ROOT/var/lib/erpnext/status/status.json" >"$ERPNEXT_ROOT/released-while"
		change '.stopped = false | .flag = false' && echo '{}'
		;;
	end)
		tell "end"
		change '.flag = false' && echo '{}'
		[[ ! -s $ERPNEXT_ROOT/pull.pid ]] || pkill -P "$(<"$ERPNEXT_ROOT/pull.pid")" || true
		;;
	esac
	;;
esac`;

/** A pull that ends well. */
const WELL = `change '.flag = false'`;

const PLAN = {
  id: "plan-1",
  windowSeconds: 600,
  windows: [
    { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", orders: 10 },
    { from: "2026-02-01T00:00:00Z", to: "2026-03-01T00:00:00Z", orders: 20 },
    { from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z", orders: 30 },
  ],
};
const [JANUARY, FEBRUARY, MARCH] = PLAN.windows.map(({ from, to }) => `pull ${from} ${to}`) as [string, string, string];

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
  sandbox.program("docker", DOCKER);
  // The unit is whatever the test runs; it counts as active while its process lives.
  sandbox.program(
    "systemctl",
    `echo "$*" >>"$ERPNEXT_ROOT/systemctl"
case "$1" in
is-active) if [[ -s $ERPNEXT_ROOT/unit.pid ]] && kill -0 "$(<"$ERPNEXT_ROOT/unit.pid")" 2>/dev/null; then echo active; else echo inactive; fi ;;
stop) kill "$(<"$ERPNEXT_ROOT/unit.pid")"; while kill -0 "$(<"$ERPNEXT_ROOT/unit.pid")" 2>/dev/null; do sleep 0.05; done ;;
esac`,
  );
  sandbox.write("opt/frappe_docker/compose.yaml", "");
  sandbox.write("site.json", JSON.stringify({ stopped: false, flag: false, busy: [], log: { success: 9, error: 1 } }));
  sandbox.write("pull.sh", WELL);
});

afterEach(() => {
  sandbox.remove();
});

const script = (): string => sandbox.path("opt/erpnext/backfill.sh");

async function begin(plan: unknown = PLAN): Promise<Outcome> {
  sandbox.write("plan.json", JSON.stringify(plan));
  return sandbox.run(["bash", "-c", `"${script()}" begin <plan.json`]);
}

/** Runs the unit, as systemd would. */
function run(): Promise<Outcome> {
  return sandbox.run(["bash", "-c", `echo $$ >unit.pid; exec "${script()}" run`]);
}

const story = (): string[] => (sandbox.has("story") ? sandbox.read("story").trim().split("\n") : []);
const pulls = (): string[] => story().filter((line) => line.startsWith("pull"));
const site = (): Record<string, unknown> => JSON.parse(sandbox.read("site.json")) as Record<string, unknown>;
const reported = (): unknown => (sandbox.status() as unknown as { backfill: unknown }).backfill;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 30));
}

it("pulls every window in turn with the hourly event held, and lets it go at the end", async () => {
  expect(await begin()).toEqual({ code: 0, output: "0 of 3 windows done\n" });
  expect(sandbox.read("systemctl")).toContain("start --no-block erpnext-backfill.service\n");
  expect(await run()).toMatchObject({ code: 0 });
  expect(story()).toEqual(["end", "hold", JANUARY, FEBRUARY, MARCH, "release"]);
  expect(site()).toMatchObject({ stopped: false, flag: false });
  // Before the end is told: a caller that waits for that may look at the event.
  expect(sandbox.read("released-while")).toBe("running\n");
  expect(reported()).toEqual({
    ...{ plan: "plan-1", state: "done", windowsDone: 3, windowsTotal: 3, ordersExpected: 60, ordersDone: 60 },
    counts: { success: 27, error: 3 },
    startedAt: expect.any(String) as unknown,
    finishedAt: expect.any(String) as unknown,
  });
});

it("books as many orders at once as the server does, and goes on at the order where a window is pulled again", async () => {
  await begin();
  expect(await run()).toMatchObject({ code: 0 });
  expect(sandbox.read("commands")).not.toContain("deliveries.history");
  sandbox.environment["ORDERS_AT_ONCE"] = "3";
  sandbox.install();
  await begin({ ...PLAN, id: "plan-2" });
  sandbox.write("commands", "");
  expect(await run()).toMatchObject({ code: 0 });
  const { startedAt } = reported() as { startedAt: string };
  const values = `PYTHONPATH=/opt/erpnext SITE_NAME=erp.acme.example ORDERS_AT_ONCE=3 SINCE=${startedAt}`;
  expect(sandbox.read("commands").match(new RegExp(`exec -T backend timeout .* env ${values} `, "g"))).toHaveLength(3);
});

it("keeps what it says of itself over a new run of converge.sh", async () => {
  await begin();
  await sandbox.bash("status_begin acme sha256:1 one");
  expect(reported()).toMatchObject({ plan: "plan-1", state: "running", current: PLAN.windows[0] });
});

it("leaves an event alone that someone else has stopped", async () => {
  sandbox.write("site.json", JSON.stringify({ ...site(), stopped: true }));
  await begin();
  await run();
  expect(story()).toEqual(["end", JANUARY, FEBRUARY, MARCH]);
  expect(site()).toMatchObject({ stopped: true });
});

it("pulls a window that failed once more, then stops with the exception's name and no text of it", async () => {
  const chained = `Traceback (most recent call last):\\n  File "x"\\nfrappe.exceptions.ValidationError: Jane Doe has no city\\n`;
  const fault = `[[ $FROM != 2026-02* ]] || { printf '${chained}NameError: x\\n'; exit 1; }`;
  sandbox.write("pull.sh", `${fault}\n${WELL}`);
  await begin();
  expect((await run()).code).toBe(1);
  expect(pulls()).toEqual([JANUARY, FEBRUARY, FEBRUARY]);
  expect(reported()).toMatchObject({
    ...{ state: "failed", windowsDone: 1, ordersDone: 10 },
    detail: "the window from 2026-02-01T00:00:00Z failed twice: frappe.exceptions.ValidationError",
  });
  expect(sandbox.read("var/lib/erpnext/status/status.json")).not.toContain("Jane");
  expect(sandbox.read("var/log/erpnext/backfill.log")).toContain("Jane Doe has no city");
  expect(site()).toMatchObject({ stopped: false, flag: false });

  sandbox.write("pull.sh", WELL);
  expect((await begin()).output).toBe("1 of 3 windows done\n");
  await run();
  expect(pulls().slice(3)).toEqual([FEBRUARY, MARCH]);
  expect(reported()).toMatchObject({ state: "done", windowsDone: 3 });
});

it.each([
  ["a connector that does nothing", `true`, /the connector left it undone/],
  ["a pull that takes too long", `exit 124`, /no end after 600 s/],
  ["a pull that is killed", `exit 137`, /it was killed/],
])("does not take %s for done", async (_title, pull, words) => {
  sandbox.write("pull.sh", pull);
  await begin();
  await run();
  expect(reported()).toMatchObject({
    state: "failed",
    windowsDone: 0,
    detail: expect.stringMatching(words) as unknown,
  });
  expect(pulls()).toHaveLength(2);
});

it("ends for a stop in the middle of a window, and goes on with that window", async () => {
  sandbox.write("pull.sh", `[[ -e $ERPNEXT_ROOT/go ]] || [[ $FROM != 2026-02* ]] || sleep 30\n${WELL}`);
  await begin();
  const running = run();
  await until(() => pulls().length === 2);
  const stopped = await sandbox.run([script(), "stop"]);
  expect(stopped).toEqual({ code: 0, output: "stopped with 1 of 3 windows done\n" });
  expect((await running).code).toBe(143);
  expect(reported()).toMatchObject({ state: "stopped", windowsDone: 1 });
  expect(story().slice(-2)).toEqual(["end", "release"]);
  expect(site()).toMatchObject({ stopped: false, flag: false });
  await sandbox.run([script(), "resume"]);
  expect(sandbox.read("systemctl").match(/start --no-block/g)).toHaveLength(1);

  sandbox.write("go", "");
  expect(await begin({ resume: "plan-0" })).toEqual({
    code: 1,
    output: "the backfill to go on with is not the last one of this server\n",
  });
  expect(await begin({ resume: "plan-1" })).toEqual({ code: 0, output: "1 of 3 windows done\n" });
  await run();
  expect(pulls()).toEqual([JANUARY, FEBRUARY, FEBRUARY, MARCH]);
});

it("makes way for a migration and goes on after it by itself", async () => {
  sandbox.write("pull.sh", `[[ -e $ERPNEXT_ROOT/go ]] || sleep 30\n${WELL}`);
  await begin();
  const running = run();
  await until(() => pulls().length === 1);
  expect((await sandbox.run([script(), "pause"])).code).toBe(0);
  await running;
  expect(reported()).toMatchObject({ state: "paused", windowsDone: 0 });
  sandbox.write("go", "");
  await sandbox.run([script(), "resume"]);
  expect(sandbox.read("systemctl").match(/start --no-block/g)).toHaveLength(2);
  await run();
  expect(reported()).toMatchObject({ state: "done", windowsDone: 3 });
});

it("lets the hourly event go after a kill, ends what was left in the container, and pulls that window again", async () => {
  sandbox.write("pull.sh", `[[ -e $ERPNEXT_ROOT/go ]] || sleep 30\n${WELL}`);
  await begin();
  const running = run();
  await until(() => pulls().length === 1);
  process.kill(Number(readFileSync(sandbox.path("unit.pid"), "utf8")), "SIGKILL");
  expect(site()).toMatchObject({ stopped: true });
  await sandbox.run([script(), "release"]);
  expect(site()).toMatchObject({ stopped: false, flag: false });
  expect(existsSync(sandbox.path("mnt/erpnext/state/backfill-paused"))).toBe(false);
  sandbox.write("go", "");
  await run();
  await running;
  expect(story()).toEqual(["end", "hold", JANUARY, "release", "end", "hold", JANUARY, FEBRUARY, MARCH, "release"]);
});

it("outlives an ERPNext that restarts in the middle of a window", async () => {
  const restart = `[[ $FROM != 2026-02* || -e $ERPNEXT_ROOT/once ]] || { touch "$ERPNEXT_ROOT/once" "$ERPNEXT_ROOT/down"; (sleep 1; rm "$ERPNEXT_ROOT/down") & exit 137; }`;
  sandbox.write("pull.sh", `${restart}\n${WELL}`);
  await begin();
  const outcome = await sandbox.run(["bash", "-c", `echo $$ >unit.pid; exec "${script()}" run`], {
    ERPNEXT_RETRY_SECONDS: "0.2",
  });
  expect(outcome.code).toBe(0);
  expect(pulls()).toEqual([JANUARY, FEBRUARY, FEBRUARY, MARCH]);
  expect(reported()).toMatchObject({ state: "done" });
});

it("does not begin beside a catalog import that does not end", async () => {
  sandbox.write("site.json", JSON.stringify({ ...site(), busy: ["the catalog import"] }));
  await begin();
  expect((await run()).code).toBe(1);
  expect(reported()).toMatchObject({ state: "failed", detail: "the catalog import is still under way" });
  expect(pulls()).toEqual([]);
  expect(site()).toMatchObject({ stopped: false });
});

it("takes no second plan while one runs, and the same one twice as one", async () => {
  sandbox.write("pull.sh", "sleep 30");
  await begin();
  const running = run();
  await until(() => pulls().length === 1);
  expect(await begin({ ...PLAN, id: "plan-2" })).toEqual({
    code: 1,
    output: "another backfill is running, 0 of 3 windows done: wait for it, or stop it first\n",
  });
  expect(await begin()).toEqual({ code: 0, output: "0 of 3 windows done\n" });
  await sandbox.run([script(), "stop"]);
  await running;
  expect(pulls()).toEqual([JANUARY]);
});

it.each<[string, unknown]>([
  ["no object", []],
  ["no id", { ...PLAN, id: undefined }],
  ["a malformed id", { ...PLAN, id: "$(touch x)" }],
  ["no windows", { ...PLAN, windows: [] }],
  ["a malformed time", { ...PLAN, windows: [{ ...PLAN.windows[0], from: "2026-01-01" }] }],
  ["a limit of a day", { ...PLAN, windowSeconds: 86_400 }],
])("refuses a plan with %s", async (_title, plan) => {
  expect(await begin(plan)).toEqual({ code: 1, output: "that is no plan of a backfill\n" });
  expect(sandbox.has("mnt/erpnext/state/backfill.json")).toBe(false);
});
