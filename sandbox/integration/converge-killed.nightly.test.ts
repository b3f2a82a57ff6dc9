import { endStateOf } from "../vm/testing/end-state";
import { CONVERGE, expectUpgraded, killAt, STEPS, undisturbed, type Undisturbed } from "../vm/testing/killed-runs";
import { TestServer } from "../vm/testing/server";

/** Two or three runs in a test; a busy machine takes ten times what an idle one does. */
jest.setTimeout(300_000);

let server: TestServer | undefined;
let expected: Undisturbed;

beforeAll(async () => {
  expected = await undisturbed();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
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
    expectUpgraded(server, expected);
  },
);
