import type { PluginClient, Known } from "./testing/plugin-client";
import { cloudflareSamples, gcpSamples } from "./testing/customer-resources";
import type { Made, Sample } from "./testing/customer-resources";
import { RunningCloud } from "./testing/running-cloud";
import { fromWire, hasUnknown } from "./values";

const providers = [
  { provider: "gcp", samples: gcpSamples, detailed: true },
  { provider: "cloudflare", samples: cloudflareSamples, detailed: false },
] as const;

describe.each(providers)("a customer's $provider resources", ({ provider, samples, detailed }) => {
  let running: RunningCloud;
  let client: PluginClient;
  const known = new Map<string, Known>();

  const made: Made = (name) => {
    const resource = known.get(name);
    if (resource === undefined) throw new Error(`${name} is not made yet`);
    return { ...fromWire(resource.outputs).plain, id: resource.id };
  };

  async function makeUpTo(last: Sample): Promise<Known> {
    for (const sample of samples.slice(0, samples.indexOf(last) + 1)) {
      if (!known.has(sample.name))
        known.set(sample.name, await client.create(sample.type, sample.name, sample.inputs(made)));
    }
    const resource = known.get(last.name);
    if (resource === undefined) throw new Error(`${last.name} was not made`);
    return resource;
  }

  beforeEach(async () => {
    running = await RunningCloud.start();
    client = await running.connect(provider);
    known.clear();
  });

  afterEach(async () => {
    await running.end();
  });

  it("are made, read back without a difference but for what the API tells by itself, and gone without a trace", async () => {
    const last = samples.at(-1);
    if (last === undefined) throw new Error("no samples");
    await makeUpTo(last);
    for (const sample of samples) {
      const resource = known.get(sample.name)!;
      const read = await client.read(resource);
      const { told = {} } = sample;
      const { plain, ...marks } = fromWire(resource.outputs);
      expect([sample.name, read?.inputs.plain]).toEqual([sample.name, { ...fromWire(resource.inputs).plain, ...told }]);
      expect([sample.name, read?.outputs]).toEqual([sample.name, { plain: { ...plain, ...told }, ...marks }]);
      const diff = await client.diff(read!.known, sample.inputs(made));
      const diffs = Object.keys(told);
      expect([sample.name, diff]).toEqual([
        sample.name,
        { diffs, replaces: [], detailed: {}, first: false, changes: diffs.length > 0 },
      ]);
      expect([sample.name, (await client.diff(read!.known, sample.inputs(made), diffs)).changes]).toEqual([
        sample.name,
        false,
      ]);
    }
    for (const sample of samples.toReversed()) await client.delete(known.get(sample.name)!);
    expect(running.cloud.leftovers()).toEqual([]);
  });

  it("are previewed without making anything, and with everything unknown that only the cloud knows", async () => {
    for (const sample of samples) {
      await makeUpTo(sample);
      const before = running.cloud.resources();
      running.log.clear();
      const planned = await client.previewCreate(sample.type, "another", sample.inputs(made));
      const real = fromWire(known.get(sample.name)!.outputs).plain;
      const guessed = Object.entries(planned).filter(
        ([key, value]) => !hasUnknown(value) && JSON.stringify(value) !== JSON.stringify(real[key]),
      );
      expect([sample.name, guessed]).toEqual([sample.name, []]);
      expect([sample.name, Object.keys(planned).sort()]).toEqual([sample.name, Object.keys(real).sort()]);
      expect(running.cloud.resources()).toEqual(before);
      expect(running.log.writes()).toEqual([]);
    }
  });

  const updates = samples.flatMap((sample) =>
    Object.entries(sample.updates ?? {}).map(([input, value]) => ({ sample, input, value, name: sample.name })),
  );

  it.each(updates)("update $name in place when $input changes", async ({ sample, input, value }) => {
    const resource = await makeUpTo(sample);
    const inputs = { ...sample.inputs(made), [input]: value };
    const diff = await client.diff(resource, inputs);
    expect({ replaces: diff.replaces, diffs: diff.diffs, changes: diff.changes }).toEqual({
      replaces: [],
      diffs: [input],
      changes: true,
    });
    expect(Object.keys(diff.detailed).length > 0).toBe(detailed);
    const before = running.cloud.resources();
    await client.update(resource, inputs, { preview: true });
    expect(running.cloud.resources()).toEqual(before);
    const updated = await client.update(resource, inputs);
    expect(updated.id).toBe(resource.id);
    expect(running.cloud.find(sample.type, (record) => record.id === resource.id)?.inputs[input]).toEqual(
      fromWire(updated.inputs).plain[input],
    );
    expect((await client.diff(updated, inputs)).changes).toBe(false);
  });

  const replacements = samples.flatMap((sample) =>
    Object.entries(sample.replaces ?? {}).map(([input, value]) => ({ sample, input, value, name: sample.name })),
  );

  it.each(replacements)("replace $name when $input changes", async ({ sample, input, value }) => {
    const resource = await makeUpTo(sample);
    const diff = await client.diff(resource, { ...sample.inputs(made), [input]: value });
    expect({ replaces: diff.replaces, diffs: diff.diffs }).toEqual({ replaces: [input], diffs: [input] });
  });

  const byValue = samples.flatMap((sample) =>
    Object.entries(sample.replacesByValue ?? {}).map(([input, value]) => ({ sample, input, value, name: sample.name })),
  );

  if (byValue.length > 0)
    it.each(byValue)("replace $name for the value of $input, and name none", async ({ sample, input, value }) => {
      const resource = await makeUpTo(sample);
      const diff = await client.diff(resource, { ...sample.inputs(made), [input]: value });
      expect({ replaces: diff.replaces, diffs: diff.diffs }).toEqual({
        replaces: ["__meta"],
        diffs: [input, "__meta"],
      });
      expect(diff.detailed).toMatchObject({ __meta: 5 });
    });
});
