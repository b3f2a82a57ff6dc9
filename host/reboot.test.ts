import { Sandbox } from "./test/sandbox";

jest.setTimeout(30_000);

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
  sandbox.program("systemctl", `echo "$*" >>"$ERPNEXT_ROOT/called"`);
});
afterEach(() => {
  sandbox.remove();
});

const state = (name: string): void => {
  sandbox.write("var/lib/erpnext/status/status.json", JSON.stringify({ state: name }));
};
const BUSY = "mkdir -p run/erpnext; exec 7>run/erpnext/lock; flock 7;";
const reboot = (before = ""): ReturnType<Sandbox["run"]> =>
  sandbox.run(["bash", "-c", `${before} "${sandbox.path("opt/erpnext/reboot.sh")}"`]);
const called = (): string => (sandbox.has("called") ? sandbox.read("called") : "");

it("reboots a server that is ready, and only when an update asks for it", async () => {
  state("ready");
  expect([await reboot(), called()]).toEqual([{ code: 0, output: "" }, ""]);
  sandbox.write("run/reboot-required", "*** System restart required ***");
  expect([await reboot(), called()]).toEqual([{ code: 0, output: "" }, "reboot\n"]);
});

it.each([
  ["converging", "converging", ""],
  ["failed", "failed", ""],
  ["busy", "ready", BUSY],
])("leaves a server alone that is %s, until the next night", async (is, name, before) => {
  state(name);
  sandbox.write("run/reboot-required", "");
  const output = `the server is ${is}, so it is not rebooted for its updates: tomorrow again\n`;
  expect([await reboot(before), called()]).toEqual([{ code: 0, output }, ""]);
});
