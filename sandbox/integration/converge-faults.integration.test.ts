import { spawn } from "node:child_process";

import { send } from "../../clients/node-http";
import { endStateOf, statusOf } from "../vm/testing/end-state";
import { SECRETS, SITE, TestServer } from "../vm/testing/server";
import { until } from "../vm/testing/until";

/** Two or three runs in a test; a busy machine takes ten times what an idle one does. */
jest.setTimeout(300_000);

const CONVERGE = "erpnext-converge.service";
const REFUSED_PULL = { code: 1, stderr: "Error response from daemon: dial tcp: lookup registry: no such host" };

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.prepare();
});

afterEach(async () => {
  await server.close();
});

async function ready(): Promise<void> {
  await server.vm.settled();
  const { state, steps } = statusOf(server);
  expect([state, steps.find((step) => step.state === "failed")]).toEqual(["ready", undefined]);
}

/** What the failed step of the last run says. */
async function failure(): Promise<{ name: string; detail: string }> {
  await server.vm.settled();
  const { state, steps } = statusOf(server);
  expect(state).toBe("failed");
  const failed = steps.filter((step) => step.state === "failed");
  expect(failed).toHaveLength(1);
  return { name: failed[0]!.name, detail: failed[0]!.detail ?? "" };
}

/** The same run again, with nothing in its way. */
async function repaired(): Promise<void> {
  expect(await server.vm.startUnit(CONVERGE)).toBe(0);
  await ready();
}

interface Script {
  /** Ends it and all that it started with SIGKILL. */
  readonly kill: () => void;
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** Runs a script of the server as an operator does. */
function operator(script: string, ...args: readonly string[]): Script["ended"] {
  return begin(script, ...args).ended;
}

function begin(script: string, ...args: readonly string[]): Script {
  const { machine } = server.vm;
  if (machine === undefined) throw new Error("there is no server");
  const child = spawn(machine.root.at(`/opt/erpnext/${script}`), args, {
    env: machine.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
  return { kill: () => process.kill(-(child.pid ?? 0), "SIGKILL"), ended };
}

function note(text: string): void {
  const tx = server.vm.erpnext!.begin();
  tx.put({ doctype: "Note", name: "kept", text });
  tx.commit();
}

function noted(): unknown {
  return server.vm.erpnext?.documents("Note")[0]?.["text"];
}

test("a new server comes up, a reboot changes nothing, and a new server on the old disk has the old site", async () => {
  server.apply();
  await ready();
  const first = endStateOf(server);
  expect(first.containers.filter((line) => line.includes(" running "))).toHaveLength(16);
  note("before the reboot");
  server.vm.reboot();
  await ready();
  expect(server.vm.machine?.firewall.rules("DOCKER-USER")).toHaveLength(4);
  expect(noted()).toBe("before the reboot");
  expect(endStateOf(server)).toEqual({ ...first, site: expect.anything() as unknown });

  server.replaceMachine();
  await ready();
  expect(noted()).toBe("before the reboot");
  expect(server.vm.machine?.state.packages["docker-ce"]).toMatch(/^5:28\./);
});

test("a full disk, an unreachable registry: the step says so, and the next run goes on", async () => {
  const full = { code: 1, stderr: "failed to register layer: write /usr/lib/libLLVM.so: no space left on device" };
  server.vm.faults.add({ program: "docker", match: /^pull/, times: 3, effect: full });
  server.apply();
  const refused = await failure();
  expect(refused.name).toBe("image");
  expect(refused.detail).toMatch(/no space left on device \| the image \S+@sha256:[0-9a-f]{64} cannot be pulled$/);
  server.vm.faults.add({ program: "docker", match: /^pull/, times: 3, effect: REFUSED_PULL });
  await server.vm.startUnit(CONVERGE);
  expect((await failure()).detail).toContain("no such host");
  expect(server.vm.machine?.root.has("/run/erpnext/docker")).toBe(false);
  await repaired();
});

test("a secret that may not be read, or is not there: the step names it, in Google's words", async () => {
  server.take("gcp:secretmanager/secretIamMember:SecretIamMember", "demo-store-tunnel-token");
  server.apply();
  const denied = await failure();
  expect(denied.name).toBe("secrets");
  expect(denied.detail).toMatch(
    /Secret Manager refused demo-store-tunnel-token version 1: Permission 'secretmanager\.versions\.access' denied .* \| the secret demo-store-tunnel-token cannot be read; see the lines above$/,
  );
  server.putSecret("tunnel-token", SECRETS["tunnel-token"]!);
  await repaired();
});

test("metadata that does not fit its digest is not applied, and the running server is left alone", async () => {
  const digest = server.apply();
  await ready();
  const changed = server.apply({ A_SETTING: "99" }, { "erpnext-digest": `sha256:${"0".repeat(64)}` });
  await until(() =>
    /someone edited it by hand/.test(server.vm.journal()["erpnext-watch.service"] ?? "") ? true : undefined,
  );
  expect(statusOf(server)).toMatchObject({ state: "ready", digest });
  expect(server.apply({})).toBe(changed);
  await until(() => (statusOf(server).digest === changed && statusOf(server).state === "ready" ? true : undefined));
});

test("two runs at once: the second waits for the first, and both end well", async () => {
  server.apply();
  await until(() => server.vm.machine?.systemd.pidOf(CONVERGE));
  const second = await operator("converge.sh");
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toContain("--- disk");
  await ready();
  expect(server.vm.journal()[CONVERGE]?.match(/^--- disk$/gm)).toHaveLength(1);
});

test("without a metadata server nothing is changed, and it goes on once there is one", async () => {
  const back = server.vm.google.faults.add({
    match: /service-accounts/,
    times: Infinity,
    effect: { status: 404, message: "gone" },
  });
  server.apply();
  expect((await failure()).name).toBe("secrets");
  back();
  await repaired();
});

test("an upgrade that fails to migrate brings the old image and its data back; the next image upgrades", async () => {
  server.apply();
  await ready();
  note("before the upgrade");
  const before = endStateOf(server);
  const patched = { code: 1, stderr: "pymysql.err.OperationalError: (1054, \"Unknown column 'x' in 'field list'\")" };
  server.vm.faults.add({ program: "docker", match: /run --rm .* migrate$/, when: "after", effect: patched });
  server.pushImage("1.1");
  server.apply({ CUSTOM_TAG: "1.1" });
  const { name, detail } = await failure();
  expect(name).toBe("migrate");
  expect(detail).toContain("the migration to 1.1 failed and 1.0 runs again with its data");
  const after = endStateOf(server);
  expect(after.site).toEqual(before.site);
  expect(noted()).toBe("before the upgrade");
  expect(after.containers).toEqual(before.containers);
  server.pushImage("1.2");
  server.apply({ CUSTOM_TAG: "1.2" });
  await until(() => (statusOf(server).state === "ready" ? true : undefined));
  expect(server.vm.erpnext?.documents("Patch Log").map(({ name: patch }) => patch)).toEqual([
    "1.2: before the model",
    "1.2: after the model",
  ]);
  expect(noted()).toBe("before the upgrade");
});

test("a backup comes back into an empty site, with the keys of today", async () => {
  server.apply();
  await ready();
  note("in the backup");
  const made = await operator("backup.sh", "manual");
  expect(made.code).toBe(0);
  const set = made.output.trim().split("\n").at(-1);
  expect(server.vm.google.buckets.names("demo-store-backups", `${SITE}/${set ?? ""}/`)).toHaveLength(5);

  server.replaceDisk();
  await ready();
  expect(noted()).toBeUndefined();
  const restored = await operator("restore.sh", "latest");
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.output).toContain(`restored ${set ?? ""}`);
  expect(noted()).toBe("in the backup");
  expect(await signedIn()).toBe(200);
});

test("a restore that goes on in backend when its run was killed is ended before it is begun again", async () => {
  const { vm } = server;
  server.apply();
  await ready();
  note("in the backup");
  expect((await operator("backup.sh", "manual")).code).toBe(0);
  const told: string[] = [];
  vm.onCall(({ args }) => {
    const [, restore, restart] = /(ARGUMENTS=.*"restore")|(compose restart backend$)/.exec(args.join(" ")) ?? [];
    if (restore !== undefined) told.push("restore");
    if (restart !== undefined) told.push("end what is left");
  });
  vm.benchStepMs = 3_600_000;
  const first = begin("restore.sh", "latest", "--force", "demo-store");
  await until(() => (vm.erpnext?.documents("Note").length === 0 ? true : undefined));
  first.kill();
  await first.ended;
  vm.benchStepMs = 5;
  expect(await operator("restore.sh", "latest", "--force", "demo-store")).toMatchObject({ code: 0 });
  expect(told).toEqual(["restore", "end what is left", "restore"]);
  expect(noted()).toBe("in the backup");
  expect(vm.erpnext?.documents("System Settings")).toMatchObject([{ enable_scheduler: 1 }]);
  expect(await signedIn()).toBe(200);
});

/** How the site answers to the key pair of Secret Manager. */
async function signedIn(): Promise<number> {
  const token = `${SECRETS["automation-api-key"]!}:${SECRETS["automation-api-secret"]!}`;
  const { status } = await send({
    method: "GET",
    url: new URL("/api/method/frappe.auth.get_logged_user", server.vm.erpnext!.url),
    host: SITE,
    headers: { authorization: `token ${token}` },
    timeoutMs: 10_000,
  });
  return status;
}
