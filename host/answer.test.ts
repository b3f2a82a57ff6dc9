import { Sandbox, type Outcome } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(30_000);

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
});

afterEach(() => {
  sandbox.remove();
});

function answer(request: unknown): Promise<Outcome> {
  sandbox.write("request.json", typeof request === "string" ? request : JSON.stringify(request));
  return sandbox.run([sandbox.path("opt/erpnext/answer.sh"), "request.json"]);
}

/** A request that the server knows, as if the release had it. */
function request(name: string, script: string): void {
  sandbox.executable(`opt/erpnext/requests/${name}.sh`, `#!/bin/bash\n${script}\n`);
}

function reported(): object[] {
  return sandbox.has("var/lib/erpnext/status/status.json")
    ? ((sandbox.status() as unknown as { requests?: object[] }).requests ?? [])
    : [];
}

const TIMES = { startedAt: expect.any(String) as unknown, finishedAt: expect.any(String) as unknown };

it("runs the request's script with its parameters as they are, and reports its last line", async () => {
  request("look", `jq -c . >"$ERPNEXT_ROOT/given"; echo first; printf 'second\\033[1m\\n\\n'`);
  const parameters = { path: `$(touch evil); "quoted" 'and' \\n`, deep: [1, { a: null }] };
  const outcome = await answer({ name: "look", nonce: "n1", parameters });
  expect(outcome.code).toBe(0);
  expect(JSON.parse(sandbox.read("given"))).toEqual(parameters);
  expect(reported()).toEqual([{ name: "look", nonce: "n1", state: "done", detail: "second[1m", ...TIMES }]);
});

it("answers each request once", async () => {
  request("count", `echo x >>"$ERPNEXT_ROOT/runs"`);
  await answer({ name: "count", nonce: "n1" });
  await answer({ name: "count", nonce: "n1" });
  await answer({ name: "count", nonce: "n2", parameters: {} });
  expect(sandbox.read("runs")).toBe("x\nx\n");
});

it("answers none again that comes back after a newer one, also of a release that remembered one nonce alone", async () => {
  request("count", `echo x >>"$ERPNEXT_ROOT/runs"`);
  sandbox.write("var/lib/erpnext/request", "n0");
  for (const nonce of ["n1", "n2", "n1", "n0", "n2"]) await answer({ name: "count", nonce });
  expect(sandbox.read("runs")).toBe("x\nx\n");
});

it("does a request again that was cut short before it was answered", async () => {
  const parentOf = (pid: string): string => `$(ps -o ppid= ${pid} | tr -d ' ')`;
  // Over the script stand timeout, a part of the pipeline, and answer.sh itself.
  const killOnce = `[[ $(wc -l <"$ERPNEXT_ROOT/runs") -gt 1 ]] || kill -9 ${parentOf(parentOf("$PPID"))}`;
  request("count", `echo x >>"$ERPNEXT_ROOT/runs"; ${killOnce}`);
  expect((await answer({ name: "count", nonce: "n1" })).code).toBeNull();
  expect(reported()).toMatchObject([{ nonce: "n1", state: "running" }]);
  await answer({ name: "count", nonce: "n1" });
  expect(reported()).toEqual([{ name: "count", nonce: "n1", state: "done", ...TIMES }]);
});

it("reports the last words of a script that fails, without secrets", async () => {
  sandbox.write("run/erpnext/secrets/shopify-api-secret", "hunter2-hunter2");
  request("fail", `echo "one"; echo "two hunter2-hunter2 shpat_0123" >&2; exit 3`);
  expect((await answer({ name: "fail", nonce: "n1" })).output).not.toMatch(/hunter2|shpat/);
  request("mute", `exit 4`);
  await answer({ name: "mute", nonce: "n2" });
  expect(reported()).toEqual([
    { name: "fail", nonce: "n1", state: "failed", detail: "one | two [secret] [secret]", ...TIMES },
    { name: "mute", nonce: "n2", state: "failed", detail: "ended with code 4 and said nothing", ...TIMES },
  ]);
});

it("ends a request whose time is up", async () => {
  request("hang", `echo begun; sleep 60`);
  sandbox.write(
    "opt/erpnext/answer.sh",
    sandbox.read("opt/erpnext/answer.sh").replace("DEFAULT_LIMIT=600", "DEFAULT_LIMIT=1"),
  );
  const began = Date.now();
  await answer({ name: "hang", nonce: "n1" });
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(reported()).toEqual([
    { name: "hang", nonce: "n1", state: "failed", detail: "stopped after 1 s: begun", ...TIMES },
  ]);
});

it.each(["dance", "../backup", "../../../../bin/true", "", "a b", "$(touch evil)", "x".repeat(400)])(
  "says that it knows no request %j",
  async (name) => {
    await answer({ name, nonce: "n1", parameters: {} });
    expect(reported()).toEqual([
      {
        name: "unknown",
        nonce: "n1",
        state: "failed",
        detail: `this server knows no request "${name.slice(0, 40)}"; it knows what the release has that "pulumi up" gave it last`,
        ...TIMES,
      },
    ]);
  },
);

it("refuses parameters that are no object", async () => {
  request("look", "touch looked");
  await answer({ name: "look", nonce: "n1", parameters: ["a"] });
  expect(reported()).toEqual([
    { name: "look", nonce: "n1", state: "failed", detail: "the parameters of a request are a JSON object", ...TIMES },
  ]);
  expect(sandbox.has("looked")).toBe(false);
});

it.each<[string, unknown]>([
  ["nothing", ""],
  ["no JSON", "{"],
  ["a list", []],
  ["no nonce", { name: "look" }],
  ["a nonce that is a path", { name: "look", nonce: "../x" }],
  ["a nonce that is a number", { name: "look", nonce: 5 }],
])("leaves %s alone", async (_title, value) => {
  request("look", `touch "$ERPNEXT_ROOT/looked"`);
  expect(await answer(value)).toEqual({ code: 0, output: "" });
  expect([reported(), sandbox.has("looked")]).toEqual([[], false]);
});

it.each([
  ["of now", { name: "backup", nonce: "n1", parameters: {}, backup: "n1" }],
  ["of before requests had names", { backup: "n1" }],
])("makes a backup for a request %s", async (_title, asked) => {
  sandbox.executable("opt/erpnext/backup.sh", `#!/bin/bash\necho "set-$1"\n`);
  await answer(asked);
  expect(reported()).toEqual([{ name: "backup", nonce: "n1", state: "done", detail: "set-requested", ...TIMES }]);
});

it("answers with a document where a request's answer is one, and cuts other words", async () => {
  const long = (length: number) => `printf '"%0${length}d"\\n' 0`;
  request("deliveries-report", long(90_000));
  request("other", long(90_000));
  await answer({ name: "deliveries-report", nonce: "n1" });
  await answer({ name: "other", nonce: "n2" });
  const details = (reported() as { detail: string }[]).map(({ detail }) => detail.length);
  expect(details).toEqual([90_002, 601]);
});
