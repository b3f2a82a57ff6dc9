import { endStateOf, statusOf, type EndState } from "./end-state";
import { TestServer } from "./server";
import { until } from "./until";

export const CONVERGE = "erpnext-converge.service";
const WATCH = "erpnext-watch.service";

/** What converge.sh does, in its sequence. */
export const STEPS = [
  ...["disk", "docker", "secrets", "frappe-docker", "image", "containers", "site", "migrate"],
  ...["automation-user", "workers", "door"],
];

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
export async function kill({ vm }: TestServer): Promise<void> {
  const { systemd } = vm.machine ?? {};
  if (systemd !== undefined) await Promise.all([CONVERGE, WATCH].map((unit) => systemd.kill(unit)));
}

/** Kills the whole run with SIGKILL at the n-th thing that the step asks for, and waits until it is gone. */
export async function killAt(of: TestServer, at: { step: string; call: number }, start: () => void): Promise<void> {
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

/** A server that came up, then an upgrade, with no run killed. */
export interface Undisturbed {
  readonly first: EndState;
  readonly upgraded: EndState;
  /** How many things each step asked for, of the first run and of the upgrade. */
  readonly calls: Readonly<Record<string, readonly [number, number]>>;
}

export async function undisturbed(): Promise<Undisturbed> {
  const calls: Record<string, [number, number]> = {};
  const counting = await TestServer.prepare();
  try {
    const count = (run: 0 | 1) => (): void => {
      const step = runningStep(counting);
      if (step !== undefined) (calls[step] ??= [0, 0])[run] += 1;
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

/** An upgrade comes to the same end however it got there, but for the backups that every try makes. */
export function expectUpgraded(server: TestServer, { upgraded }: Undisturbed): void {
  const { files: killedFiles, ...killed } = endStateOf(server);
  const { files, ...undisturbedState } = upgraded;
  expect(killed).toEqual(undisturbedState);
  const others = (paths: readonly string[]): string[] => paths.filter((path) => !path.includes("/backups/"));
  expect(others(killedFiles)).toEqual(others(files));
}
