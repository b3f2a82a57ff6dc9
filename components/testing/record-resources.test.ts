import { Address } from "@pulumi/gcp/compute/address";
import * as pulumi from "@pulumi/pulumi";

import { recordResources, Secret } from "./record-resources";
import { valueOf } from "./value-of";

class Pair extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;

  constructor(name: string) {
    super("erpnext:test:Pair", name);
    const first = new Address(
      `${name}-first`,
      { name: "first" },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const second = new Address(
      `${name}-second`,
      { name: pulumi.secret("second"), labels: { of: first.address } },
      { parent: this, ignoreChanges: ["labels"], deleteBeforeReplace: true },
    );
    this.address = second.address;
    this.registerOutputs({ address: this.address });
  }
}

test("records types, names, parents, options, dependencies, secrets and outputs", async () => {
  const { result, resources, outputs, named } = await recordResources(() => new Pair("pair"));
  const urn = "urn:pulumi:test::erpnext::erpnext:test:Pair";
  expect(resources).toEqual([
    expect.objectContaining({ urn: `${urn}::pair`, custom: false, parentType: undefined, inputs: {} }),
    expect.objectContaining({
      urn: `${urn}$gcp:compute/address:Address::pair-first`,
      custom: true,
      parentType: "erpnext:test:Pair",
      inputs: { name: "first" },
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: false,
      ignoreChanges: [],
      dependencies: [],
    }),
    expect.objectContaining({
      inputs: { name: new Secret("second"), labels: { of: "203.0.113.10" } },
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: true,
      ignoreChanges: ["labels"],
      dependencies: [named("pair-first").urn],
    }),
  ]);
  expect(outputs.get(named("pair").urn)).toEqual({ address: "203.0.113.10" });
  expect(await valueOf(result.address)).toBe("203.0.113.10");
});

test("answers of the cloud are unknown in a preview", async () => {
  const { result } = await recordResources(() => new Pair("pair"), { preview: true });
  expect(await valueOf(result.address)).toBeUndefined();
});

test("a name that is not there is an error that lists those that are", async () => {
  const { named } = await recordResources(() => new Pair("pair"));
  expect(() => named("missing")).toThrow('no resource "missing" among: pair, pair-first, pair-second');
});
