import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CONNECTOR_TOPICS } from "../../components/shared/connector";
import { stackOutputsSchema } from "../../infra/outputs";
import { exportedState, planOf, succeeded, useSession } from "./testing";

const holder = useSession();

/** Everything a preview could leave behind outside of the clouds: the state and the stack's configuration. */
function filesOf(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, "utf8")]),
  );
}

function everywhere(): Record<string, string> {
  const { session } = holder;
  return { ...filesOf(session.pulumi.stateDirectory), ...filesOf(join(session.workspace, "customers")) };
}

describe("before there is anything", () => {
  test("a preview writes nothing, anywhere", async () => {
    const { world } = holder.session;
    const before = everywhere();
    world.log.clear();
    const run = succeeded(await holder.session.preview());
    expect(run.stdout).toContain("96 to create");
    expect(world.log.writes()).toEqual([]);
    expect(world.cloud.resources()).toEqual([]);
    expect(everywhere()).toEqual(before);
  });
});

describe("up", () => {
  test("makes everything, in one go", async () => {
    const { world } = holder.session;
    const run = succeeded(await holder.session.up());
    console.log(run.stdout);
    expect(run.stdout).toContain("96 created");
    expect(await planOf(holder.session)).toEqual([]);
    console.log(JSON.stringify(await holder.session.outputs(), null, 1));
  });
});
