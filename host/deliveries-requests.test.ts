import { Sandbox } from "./test/sandbox";

/** Every test starts a dozen programs, on machines that are busy. */
jest.setTimeout(30_000);

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
  sandbox.program("docker", `echo "$*" >>"$ERPNEXT_ROOT/asked"; echo '{"answer":1}'`);
  sandbox.write("opt/frappe_docker/compose.yaml", "");
});
afterEach(() => {
  sandbox.remove();
});

async function asked(request: string, parameters: string): Promise<string> {
  const script = sandbox.path(`opt/erpnext/requests/${request}.sh`);
  const outcome = await sandbox.run(["bash", "-c", `printf %s "$1" | "$2"`, "bash", parameters, script]);
  expect(outcome).toEqual({ code: 0, output: '{"answer":1}\n' });
  return sandbox.read("asked").trim().split("deliveries.admin ").at(-1) ?? "";
}

it.each([
  ["deliveries-report", "{}", "report"],
  ["deliveries-replay", '{"failed": true}', "replay --failed"],
  ["deliveries-replay", '{"order": "5001; reboot"}', "replay --order=5001; reboot"],
  ["deliveries-replay", '{"since": "2026-11-30T20:00:00Z"}', "replay --since=2026-11-30T20:00:00Z"],
  ["capture", '{"seconds": 30}', "capture 30"],
])("%s %s asks the deliveries for it", async (request, parameters, question) => {
  expect(await asked(request, parameters)).toBe(question);
});

it.each(["{}", '{"seconds":0}', '{"seconds":541}', '{"seconds":"5; reboot"}'])(
  "capture says what is wrong with %s",
  async (parameters) => {
    const script = sandbox.path("opt/erpnext/requests/capture.sh");
    const { code, output } = await sandbox.run(["bash", "-c", `printf %s "$1" | "$2"`, "bash", parameters, script]);
    expect([code, output]).toEqual([1, '"seconds" is a whole number from 1 to 540\n']);
  },
);
