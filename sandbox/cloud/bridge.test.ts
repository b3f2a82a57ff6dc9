import { gcpSamples } from "./testing/customer-resources";
import type { Inputs, Known, PluginClient } from "./testing/plugin-client";
import { RunningCloud } from "./testing/running-cloud";
import { fromWire } from "./values";

const INSTANCE = "gcp:compute/instance:Instance";
const REQUEST = "metadata.erpnext-request";

let running: RunningCloud;
let gcp: PluginClient;
let server: Known;
let inputs: Inputs;

beforeEach(async () => {
  running = await RunningCloud.start();
  gcp = await running.connect("gcp");
  const known = new Map<string, Known>();
  for (const sample of gcpSamples) {
    inputs = sample.inputs((name) => ({ ...fromWire(known.get(name)!.outputs).plain, id: known.get(name)!.id }));
    server = await gcp.create(sample.type, sample.name, inputs);
    if (sample.type === INSTANCE) return;
    known.set(sample.name, server);
  }
});

afterEach(async () => {
  await running.end();
});

/** Someone writes the metadata past Pulumi. */
function write(metadata: Inputs): void {
  const record = running.cloud.find(INSTANCE)!;
  running.cloud.mutate(record, {
    inputs: { metadata: { ...(inputs["metadata"] as object), ...metadata } as Record<string, string> },
  });
}

function metadata(): unknown {
  return running.cloud.find(INSTANCE)?.outputs["metadata"];
}

const withFiles = (files: string): Inputs => ({
  ...inputs,
  metadata: { ...(inputs["metadata"] as object), "erpnext-files": files },
});

test("a key of the metadata that is ignored is no drift only when its path is spelled as the bridge spells it", async () => {
  write({ "erpnext-request": "{}", "a.b": "c" });
  const { known } = (await gcp.read(server))!;
  expect((await gcp.diff(known, inputs, [REQUEST, `metadata.["a.b"]`])).changes).toBe(false);
  expect((await gcp.diff(known, inputs, [`metadata["erpnext-request"]`, `metadata["a.b"]`])).diffs).toEqual([
    "metadata",
  ]);
});

test("an update takes away what came into an ignored key since the state was read", async () => {
  write({ "erpnext-request": "new" });
  await gcp.update(server, withFiles("2"), { ignoreChanges: [REQUEST] });
  expect(metadata()).toMatchObject({ "erpnext-files": "2" });
  expect(metadata()).not.toHaveProperty("erpnext-request");
});

test("an update puts back what the state has of an ignored key, over what is newer", async () => {
  write({ "erpnext-request": "old" });
  const { known } = (await gcp.read(server))!;
  write({ "erpnext-request": "new" });
  await gcp.update(known, withFiles("2"), { ignoreChanges: [REQUEST] });
  expect(metadata()).toMatchObject({ "erpnext-files": "2", "erpnext-request": "old" });
});

describe("a server that someone stopped", () => {
  const stop = (): void => {
    running.cloud.mutate(running.cloud.find(INSTANCE)!, { outputs: { currentStatus: "TERMINATED" } });
  };

  test("is no difference, and stays stopped, where no status is desired", async () => {
    stop();
    const { known } = (await gcp.read(server))!;
    expect((await gcp.diff(known, inputs)).changes).toBe(false);
    await gcp.update(known, withFiles("2"));
    expect(running.cloud.find(INSTANCE)?.outputs).toMatchObject({ currentStatus: "TERMINATED" });
  });

  test("is seen, and started, where it should run", async () => {
    const wanted = { ...inputs, desiredStatus: "RUNNING" };
    const updated = await gcp.update(server, wanted);
    stop();
    const { known } = (await gcp.read(updated))!;
    expect((await gcp.diff(known, wanted)).detailed).toEqual({ desiredStatus: 4 });
    await gcp.update(known, wanted);
    expect(running.cloud.find(INSTANCE)?.outputs).toMatchObject({ currentStatus: "RUNNING" });
  });
});
