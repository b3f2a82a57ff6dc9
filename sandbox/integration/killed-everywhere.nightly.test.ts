import { expectAdopted, killWhileMaking } from "./killed-update";
import { exportedState, nameOf, succeeded, useSession } from "./testing";

const holder = useSession();

/** Hours, for a hundred resources. */
const LIMIT_MS = 6 * 60 * 60_000;

test(
  "an up that is killed at any resource is adopted",
  async () => {
    const { session } = holder;
    succeeded(await session.up());
    const { resources } = await exportedState(session);
    succeeded(await session.destroy());
    const names = resources
      .filter(({ id, type }) => id !== undefined && !type.startsWith("pulumi:"))
      .map(({ urn }) => nameOf(urn));
    const failures: string[] = [];
    for (const name of names) {
      await killWhileMaking(holder, name);
      await expectAdopted(holder).catch((error: unknown) => {
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      });
      if (failures.length > 0) succeeded(await session.destroy());
    }
    expect(failures).toEqual([]);
  },
  LIMIT_MS,
);
