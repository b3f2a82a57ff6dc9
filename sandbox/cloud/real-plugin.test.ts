import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { REAL_PLUGINS } from "./install-plugins";
import { gcpSamples } from "./testing/customer-resources";
import { PluginClient, type Inputs, type Known } from "./testing/plugin-client";
import { RunningCloud } from "./testing/running-cloud";
import { fromWire, isRecord, isUnknown } from "./values";
import type { Properties, Value } from "./values";

const directory = process.env[REAL_PLUGINS];
const withPlugin = directory === undefined ? describe.skip : describe;

/** It says what it would do without an answer of Google's: any token will do, and nothing is asked. */
const OFFLINE = { GOOGLE_OAUTH_ACCESS_TOKEN: "none", PULUMI_GCP_SKIP_REGION_VALIDATION: "true" };
const PLACE = { project: "acme-project", region: "europe-west1", zone: "europe-west1-b" };

withPlugin(`the gcp plugin in ${REAL_PLUGINS} and the stand-in`, () => {
  let running: RunningCloud;
  let child: ChildProcess;
  let real: PluginClient;
  let standIn: PluginClient;
  const known = new Map<string, Known>();

  beforeAll(async () => {
    child = spawn(join(directory ?? "", "pulumi-resource-gcp"), ["127.0.0.1:1"], {
      env: { ...process.env, ...OFFLINE },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [printed] = (await once(child.stdout!, "data")) as [Buffer];
    real = new PluginClient(Number(String(printed).trim()));
    // It asks the engine for nothing, which is not there.
    await real.handshake().catch(() => undefined);
    await real.configure(PLACE);
    running = await RunningCloud.start();
    standIn = await running.connect("gcp");
  });

  afterAll(async () => {
    real.close();
    child.kill();
    await running.end();
  });

  test.each(gcpSamples.map((sample) => [sample.name, sample] as const))("replace %s alike", async (_name, sample) => {
    const inputs = placed(sample.inputs((name) => ({ ...plain(known.get(name)!.outputs), id: known.get(name)!.id })));
    const ours = await standIn.create(sample.type, sample.name, inputs);
    known.set(sample.name, ours);
    const planned = await real.previewCreate(sample.type, sample.name, inputs);
    const { inputs: checked, failures } = await real.check(sample.type, sample.name, inputs);
    expect(failures).toEqual({});
    const outputs = Struct.fromJavaScript(made(planned, ours.plain));
    const its = { ...ours, inputs: checked, outputs };
    const replaces = async (client: PluginClient, of: Known, asked: Inputs): Promise<boolean> =>
      (await client.diff(of, asked)).replaces.length > 0;
    expect(await replaces(real, its, inputs)).toBe(false);
    for (const changes of [sample.updates, sample.replaces, sample.replacesByValue]) {
      for (const [input, value] of Object.entries(changes ?? {})) {
        const asked = { ...inputs, [input]: value };
        const both = { ours: await replaces(standIn, ours, asked), its: await replaces(real, its, asked) };
        expect({ input, ...both }).toEqual({ input, ours: both.its, its: both.its });
      }
    }
  });
});

const plain = (outputs: Struct): Properties => fromWire(outputs).plain;

/** The real plugin wants to know the subnetwork's project where it cannot ask for it. */
function placed(inputs: Inputs): Inputs {
  const { networkInterfaces } = inputs;
  if (!Array.isArray(networkInterfaces)) return inputs;
  const nics = (networkInterfaces as Inputs[]).map((nic) => ({ ...nic, subnetworkProject: PLACE.project }));
  return { ...inputs, networkInterfaces: nics };
}

/** What the plugin planned, with the stand-in's values where only Google knows them. */
function made(planned: Properties, ours: Properties): Properties {
  const entries = Object.entries(planned).flatMap(([key, value]): [string, Value][] => {
    const known = filled(value, ours[key] ?? (LISTS.includes(key) ? [] : undefined));
    return key === "__meta" || known === undefined ? [] : [[key, known]];
  });
  return Object.fromEntries(entries);
}

/** Lists of a disk's that only Google fills. */
const LISTS: readonly string[] = ["licenses", "resourcePolicies"];

function filled(planned: Value, ours: Value | undefined): Value | undefined {
  if (isUnknown(planned)) return ours;
  if (Array.isArray(planned)) {
    const others = Array.isArray(ours) ? ours : [];
    return planned.flatMap((item, index) => filled(item, others[index]) ?? []);
  }
  return isRecord(planned) ? made(planned, isRecord(ours) ? ours : {}) : planned;
}
