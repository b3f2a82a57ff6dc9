import { endStateOf, statusOf, type EndState } from "../vm/testing/end-state";
import { TestServer } from "../vm/testing/server";
import { until } from "../vm/testing/until";

/** Two or three runs in a test; a busy machine takes ten times what an idle one does. */
jest.setTimeout(300_000);

const CONVERGE = "erpnext-converge.service";
const WATCH = "erpnext-watch.service";

const STEPS = [
  ...["disk", "docker", "secrets", "frappe-docker", "image", "containers", "site", "migrate"],
  ...["automation-user", "workers", "door"],
];

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function runningStep(of: TestServer): string | undefined {
  return statusOf(of).steps.find(({ state }) => state === "running")?.name;
}

/** Calls back at everything that a step asks of the machine or of Google, with how often it did so before. */
function watchStep(of: TestServer, step: string, listener: (before: number) => void): void {
  let before = 0;
  const seen = (): void => {
    if (runningStep(of) === step) listener(before++);
  };
  of.vm.onCall(seen);
  of.vm.google.onRequest(seen);
}

function unwatch(of: TestServer): void {
  of.vm.onCall(() => undefined);
  of.vm.google.onRequest(() => undefined);
}

/** A first run is a unit of its own; what new metadata brings is run by the watcher. */
async function kill({ vm }: TestServer): Promise<void> {
  const { systemd } = vm.machine ?? {};
  if (systemd !== undefined) await Promise.all([CONVERGE, WATCH].map((unit) => systemd.kill(unit)));
}

/** Kills the whole run with SIGKILL at the n-th thing that the step asks for, and waits until it is gone. */
async function killAt(of: TestServer, at: { step: string; call: number }, start: () => void): Promise<void> {
  let killed: Promise<void> | undefined;
  watchStep(of, at.step, (before) => {
    if (before === at.call) killed = kill(of);
  });
  start();
  await until(() => killed);
  await killed;
  unwatch(of);
  expect(runningStep(of)).toBe(at.step);
}

/** A server that came up undisturbed, then an upgrade; and how many things each step asked for on the way. */
async function undisturbed(): Promise<{ first: EndState; upgraded: EndState; calls: Record<string, number[]> }> {
  const calls: Record<string, number[]> = {};
  const counting = await TestServer.prepare();
  try {
    const count = (run: 0 | 1) => (): void => {
      const step = runningStep(counting);
      if (step !== undefined) (calls[step] ??= [0, 0])[run]! += 1;
    };
    const listen = (run: 0 | 1): void => {
      counting.vm.onCall(count(run));
      counting.vm.google.onRequest(count(run));
    };
    listen(0);
    counting.apply();
    await counting.vm.settled();
    const first = endStateOf(counting);
    listen(1);
    counting.pushImage("1.1");
    counting.apply({ CUSTOM_TAG: "1.1" });
    await counting.vm.settled();
    return { first, upgraded: endStateOf(counting), calls };
  } finally {
    await counting.close();
  }
}

let expected: Awaited<ReturnType<typeof undisturbed>>;

beforeAll(async () => {
  expected = await undisturbed();
});

test("undisturbed, it comes up and upgrades", () => {
  expect(expected.first.status).toMatchObject({ state: "ready" });
  expect(expected.upgraded.status).toMatchObject({ state: "ready" });
  expect(Object.keys(expected.calls)).toEqual(expect.arrayContaining(STEPS.filter((step) => step !== "migrate")));
});

test.each(STEPS.filter((step) => step !== "migrate"))(
  "a first run that is killed in the middle of %s, and the next one at its beginning, comes to the same end",
  async (step) => {
    server = await TestServer.prepare();
    const calls = expected.calls[step]?.[0] ?? 0;
    expect(calls).toBeGreaterThan(0);
    const { vm } = server;
    await killAt(server, { step, call: Math.floor(calls / 2) }, () => server?.apply());
    await killAt(server, { step, call: 0 }, () => void vm.startUnit(CONVERGE));
    expect(await vm.startUnit(CONVERGE)).toBe(0);
    await vm.settled();
    expect(endStateOf(server)).toEqual(expected.first);
  },
);

test.each([0.25, 0.5, 0.75, 0.95])(
  "an upgrade that is killed after %d of migrate comes to the same end",
  async (part) => {
    server = await TestServer.prepare();
    const calls = expected.calls["migrate"]?.[1] ?? 0;
    expect(calls).toBeGreaterThan(10);
    const { vm } = server;
    server.apply();
    await vm.settled();
    server.pushImage("1.1");
    await killAt(server, { step: "migrate", call: Math.floor(calls * part) }, () => {
      server?.apply({ CUSTOM_TAG: "1.1" });
    });
    expect(await vm.startUnit(CONVERGE)).toBe(0);
    await vm.settled();
    const { files: killedFiles, ...killed } = endStateOf(server);
    const { files, ...undisturbedState } = expected.upgraded;
    expect(killed).toEqual(undisturbedState);
    const others = (paths: readonly string[]): string[] => paths.filter((path) => !path.includes("/backups/"));
    expect(others(killedFiles)).toEqual(others(files));
  },
);

test("a migration that goes on in its container when its run was killed is ended before the next one begins", async () => {
  server = await TestServer.prepare();
  const { vm } = server;
  server.apply();
  await vm.settled();
  server.pushImage("1.1");
  vm.benchStepMs = 3_600_000;
  const oneOffs = (): unknown[] => vm.machine?.engine.containers().filter(({ isOneOff }) => isOneOff) ?? [];
  const isMigrate = ({ args }: { args: readonly string[] }): boolean => /compose run .* migrate$/.test(args.join(" "));
  let migrations = 0;
  vm.onCall((call) => {
    if (isMigrate(call)) migrations += 1;
  });
  server.apply({ CUSTOM_TAG: "1.1" });
  await until(() => (migrations === 1 && oneOffs().length === 1 ? true : undefined));
  await kill(server);
  expect(oneOffs()).toHaveLength(1);
  vm.benchStepMs = 5;
  expect(await vm.startUnit(CONVERGE)).toBe(0);
  await vm.settled();
  expect([migrations, oneOffs(), statusOf(server).state]).toEqual([2, [], "ready"]);
  expect(vm.erpnext?.documents("Patch Log").map(({ patch }) => patch)).toEqual([
    "1.1: before the model",
    "1.1: after the model",
  ]);
});

test("a run that was killed is taken up by the watcher, without anybody's doing", async () => {
  server = await TestServer.prepare({ ERPNEXT_WATCH_SECONDS: "1" });
  await killAt(server, { step: "image", call: 1 }, () => server?.apply());
  const ready = server;
  await until(() => (statusOf(ready).state === "ready" ? true : undefined));
});
