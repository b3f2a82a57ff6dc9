import { endStateOf, statusOf } from "../vm/testing/end-state";
import {
  CONVERGE,
  expectUpgraded,
  kill,
  killAt,
  STEPS,
  undisturbed,
  type Undisturbed,
} from "../vm/testing/killed-runs";
import { TestServer } from "../vm/testing/server";
import { until } from "../vm/testing/until";

/** A dozen runs in a test; a busy machine takes ten times what an idle one does. */
jest.setTimeout(600_000);

let server: TestServer | undefined;
let expected: Undisturbed;

beforeAll(async () => {
  expected = await undisturbed();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

test("undisturbed, it comes up and upgrades", () => {
  expect(expected.first.status).toMatchObject({ state: "ready" });
  expect(expected.upgraded.status).toMatchObject({ state: "ready" });
  expect(Object.keys(expected.calls)).toEqual(expect.arrayContaining(STEPS.filter((step) => step !== "migrate")));
});

test("a first run that is killed in the middle of each step, one run after the other, comes to the same end", async () => {
  server = await TestServer.prepare();
  const { vm } = server;
  let start = (): void => void server?.apply();
  for (const step of STEPS.filter((one) => one !== "migrate")) {
    const calls = expected.calls[step]?.[0] ?? 0;
    expect(calls).toBeGreaterThan(0);
    await killAt(server, { step, call: Math.floor(calls / 2) }, start);
    start = () => void vm.startUnit(CONVERGE);
  }
  expect(await vm.startUnit(CONVERGE)).toBe(0);
  await vm.settled();
  expect(endStateOf(server)).toEqual(expected.first);
});

test("an upgrade that is killed in the middle of migrate, and again at its beginning, comes to the same end", async () => {
  server = await TestServer.prepare();
  const calls = expected.calls["migrate"]?.[1] ?? 0;
  expect(calls).toBeGreaterThan(10);
  const { vm } = server;
  server.apply();
  await vm.settled();
  server.pushImage("1.1");
  await killAt(
    server,
    { step: "migrate", call: Math.floor(calls / 2) },
    () => void server?.apply({ CUSTOM_TAG: "1.1" }),
  );
  await killAt(server, { step: "migrate", call: 0 }, () => void vm.startUnit(CONVERGE));
  expect(await vm.startUnit(CONVERGE)).toBe(0);
  await vm.settled();
  expectUpgraded(server, expected);
});

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

test("a run that was killed is taken up by the watcher, without anyone's doing", async () => {
  server = await TestServer.prepare({ ERPNEXT_WATCH_SECONDS: "1" });
  await killAt(server, { step: "image", call: 1 }, () => server?.apply());
  const ready = server;
  await until(() => (statusOf(ready).state === "ready" ? true : undefined));
});
