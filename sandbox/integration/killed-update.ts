import { printed } from "../pulumi-output";
import type { PulumiRun } from "../pulumi-runner";
import { STACK } from "../session";
import { exportedState, succeeded, type SessionHolder } from "./testing";

/** Milliseconds that a second of the clouds takes here: what the engine is killed over is under way for a while. */
const SLOW_SECOND_MS = 200;

/** The provider is asked a moment after the engine has said that it begins (milliseconds). */
const BEGUN_MS = 150;

/** Longest that a command may take (milliseconds): doctor looks at the program's whole plan. */
const COMMAND_MS = 15 * 60_000;

const ENVIRONMENT = { GOOGLE_OAUTH_ACCESS_TOKEN: "sandbox-google-access-token" };

export function operator({ session }: SessionHolder, ...args: readonly string[]): Promise<PulumiRun> {
  return session.operator(args, { environment: ENVIRONMENT, timeLimitMs: COMMAND_MS });
}

/** Kills an `up` once it has begun to make something of this name. @returns what was pending then, by name */
export async function killWhileMaking(holder: SessionHolder, name: string): Promise<readonly string[]> {
  const killed = await killWhileMakingOneOf(holder, new Set([name]));
  return killed?.pending ?? [];
}

interface Killed {
  /** What it had begun to make. */
  readonly at: string;
  /** What was pending then, by name. */
  readonly pending: readonly string[];
}

/** Kills an `up` once it has begun to make anything of these names. @returns undefined when it came to its end before */
export async function killWhileMakingOneOf(
  holder: SessionHolder,
  names: ReadonlySet<string>,
): Promise<Killed | undefined> {
  const { session } = holder;
  const { pace } = session.world.cloud;
  const kill = new AbortController();
  const abort = (): void => {
    kill.abort();
  };
  let at: string | undefined;
  pace.secondMs = SLOW_SECOND_MS;
  const run = await session.up([], {
    kill: kill.signal,
    onLine: (text) => {
      const [, begun = ""] = / (\S+) creating/.exec(text) ?? [];
      if (at !== undefined || !names.has(begun)) return;
      at = begun;
      setTimeout(abort, BEGUN_MS);
    },
  });
  pace.secondMs = 1;
  if (at === undefined) {
    succeeded(run);
    return undefined;
  }
  await session.pulumi.run(["cancel", "--yes", STACK]);
  return { at, pending: await pendingCreates(holder) };
}

/** `doctor --fix`, `up`: all of it is there then, once, and a destroy leaves nothing. @param whole looks at the clouds in between */
export async function expectAdopted(holder: SessionHolder, whole: () => void): Promise<void> {
  const { session } = holder;
  const cured = await operator(holder, "doctor", STACK, "--only", "unfinished", "--fix");
  if (cured.code !== 0) throw new Error(printed(cured));
  succeeded(await session.up());
  succeeded(await session.preview(["--expect-no-changes"]));
  expect(await pendingCreates(holder)).toEqual([]);
  whole();
  succeeded(await session.destroy());
  await session.world.vm.settled();
  expect(session.world.cloud.leftovers()).toEqual([]);
}

async function pendingCreates({ session }: SessionHolder): Promise<readonly string[]> {
  const { deployment } = JSON.parse((await exportedState(session)).text) as {
    deployment: { pending_operations?: readonly { type: string; resource: { urn: string } }[] };
  };
  const pending = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
  return pending.map(({ resource }) => resource.urn.split("::").at(-1) ?? "");
}
