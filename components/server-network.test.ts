import { ServerNetwork, type ServerNetworkArgs } from "./server-network";
import { type RecordedResource, recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const ARGS: ServerNetworkArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  labels: { customer: "acme" },
  protect: true,
};
const build = (args: Partial<ServerNetworkArgs> = {}) => new ServerNetwork("network", { ...ARGS, ...args });

test("a network, a range, two rules and an address", async () => {
  const { resources } = await recordResources(build);
  const children = resources.filter(({ custom }) => custom);
  expect(children.map(({ name }) => name).sort()).toEqual([
    "network-address",
    "network-iap-ssh",
    "network-network",
    "network-subnetwork",
    "network-web",
  ]);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:gcp:ServerNetwork"]));
});

test("the network is the customer's own and makes no ranges of its own accord", async () => {
  const { named } = await recordResources(build);
  expect(named("network-network").inputs).toEqual({
    project: "acme-project",
    name: "acme-erpnext",
    autoCreateSubnetworks: false,
  });
  expect(named("network-subnetwork").inputs).toEqual({
    project: "acme-project",
    region: "europe-west3",
    name: "acme-erpnext",
    network: "network-network-id",
    ipCidrRange: "10.10.0.0/24",
    privateIpGoogleAccess: true,
  });
});

test("lets in the web from everywhere and SSH from Identity-Aware Proxy, and nothing else", async () => {
  const { resources } = await recordResources(build);
  const rules = resources.filter(({ type }) => type === "gcp:compute/firewall:Firewall").sort(byName);
  const common = {
    project: "acme-project",
    network: "network-network-id",
    direction: "INGRESS",
    targetTags: ["acme-erpnext"],
  };
  expect(rules.map(({ inputs }) => inputs)).toEqual([
    {
      ...common,
      name: "acme-erpnext-iap-ssh",
      sourceRanges: ["35.235.240.0/20"],
      allows: [{ protocol: "tcp", ports: ["22"] }],
    },
    {
      ...common,
      name: "acme-erpnext-web",
      sourceRanges: ["0.0.0.0/0"],
      allows: [{ protocol: "tcp", ports: ["80", "443"] }],
    },
  ]);
  expect(rules.filter(isPublic).flatMap(portsOf)).toEqual(["80", "443"]);
});

test("the address has no description, because a changed one would replace it", async () => {
  const { named } = await recordResources(build);
  expect(named("network-address").inputs).toEqual({
    project: "acme-project",
    region: "europe-west3",
    name: "acme-erpnext",
    addressType: "EXTERNAL",
    networkTier: "PREMIUM",
    labels: { customer: "acme" },
  });
});

test.each([true, false])("protect %s is the address's alone", async (protect) => {
  const { resources } = await recordResources(() => build({ protect }));
  expect(resources.filter((resource) => resource.protect).map(({ name }) => name)).toEqual(
    protect ? ["network-address"] : [],
  );
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  const expected = { subnetwork: "network-subnetwork-id", address: "203.0.113.10", networkTag: "acme-erpnext" };
  const { subnetwork, address, networkTag } = result;
  expect(await valueOf({ subnetwork, address, networkTag })).toEqual(expected);
  expect(outputs.get(named("network").urn)).toEqual(expected);
});

function isPublic({ inputs }: RecordedResource): boolean {
  return (inputs["sourceRanges"] as string[]).some((range) => range.endsWith("/0"));
}

function portsOf({ inputs }: RecordedResource): string[] {
  return (inputs["allows"] as { ports: string[] }[]).flatMap(({ ports }) => ports);
}

function byName(a: RecordedResource, b: RecordedResource): number {
  return a.name < b.name ? -1 : 1;
}
