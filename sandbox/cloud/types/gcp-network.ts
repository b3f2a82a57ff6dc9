import { between, form, ipv4Range, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { Records } from "../records";
import type { ResourceType } from "../resource-type";
import { items, text } from "../values";
import type { Properties } from "../values";
import {
  ADDRESS,
  ADDRESS_PREFIX,
  FIREWALL,
  INSTANCE,
  natAddresses,
  NETWORK,
  path,
  region,
  SUBNETWORK,
} from "./gcp-compute-references";
import { compute, numericId, required } from "./gcp-type";

const network = compute({
  token: NETWORK,
  path: ({ project }, name) => `projects/${project}/global/networks/${name}`,
  checks: { routingMode: oneOf("REGIONAL", "GLOBAL"), mtu: between(1300, 8896) },
  defaults: { autoCreateSubnetworks: true, deleteDefaultRoutesOnCreate: false, routingMode: "REGIONAL" },
  replaces: ["autoCreateSubnetworks", "description", "internalIpv6Range", "networkProfile", "params"],
  computed: () => {
    const id = numericId();
    return { networkId: id, numericId: id, gatewayIpv4: "" };
  },
  release: (record, records) => {
    refuseWhileUsed(records, { id: record.id, type: NETWORK, by: [SUBNETWORK, FIREWALL, INSTANCE] });
  },
});

const subnetwork = compute({
  token: SUBNETWORK,
  path: (place, name) => `projects/${place.project}/regions/${place.region}/subnetworks/${name}`,
  checks: { region, ipCidrRange: ipv4Range, stackType: oneOf("IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY") },
  defaults: { privateIpGoogleAccess: false, stackType: "IPV4_ONLY", purpose: "PRIVATE" },
  replaces: [
    "network",
    "description",
    "region",
    "params",
    "reservedInternalRange",
    "externalIpv6Prefix",
    "internalIpv6Prefix",
    "resolveSubnetMask",
  ],
  // A range may only grow in place: fewer prefix bits around the same addresses.
  replacesWhen: (before, after) => (prefixBits(after) > prefixBits(before) ? ["ipCidrRange"] : []),
  computed: ({ inputs }) => ({
    subnetworkId: Number(numericId().slice(0, 15)),
    gatewayAddress: text(inputs, "ipCidrRange").replace(/\d+\/\d+$/, "1"),
    fingerprint: "",
  }),
  verify: (situation) => {
    required(situation, NETWORK, text(situation.inputs, "network"));
  },
  release: (record, records) => {
    refuseWhileUsed(records, { id: record.id, type: SUBNETWORK, by: [INSTANCE] });
  },
});

const firewall = compute({
  token: FIREWALL,
  path: ({ project }, name) => `projects/${project}/global/firewalls/${name}`,
  checks: {
    direction: oneOf("INGRESS", "EGRESS"),
    priority: between(0, 65535),
    "sourceRanges.*": ipv4Range,
    "destinationRanges.*": ipv4Range,
    "allows.*.protocol": form(/^(tcp|udp|icmp|esp|ah|sctp|ipip|all|\d{1,3})$/, 'a protocol such as "tcp"'),
    "allows.*.ports.*": form(/^\d{1,5}(-\d{1,5})?$/, 'a port or a range such as "8000-8999"'),
  },
  defaults: { direction: "INGRESS", priority: 1000 },
  replaces: ["direction", "params"],
  computed: () => ({ enableLogging: false }),
  verify: (situation) => {
    required(situation, NETWORK, text(situation.inputs, "network"));
    const { inputs } = situation;
    if (items(inputs, "allows").length > 0 === items(inputs, "denies").length > 0) {
      throw new CloudError(400, `Firewall "${text(inputs, "name")}" needs either "allows" or "denies", and not both.`);
    }
  },
});

const address = compute({
  token: ADDRESS,
  path: (place, name) => `projects/${place.project}/regions/${place.region}/addresses/${name}`,
  checks: {
    region,
    addressType: oneOf("INTERNAL", "EXTERNAL"),
    networkTier: oneOf("PREMIUM", "STANDARD"),
    ipVersion: oneOf("IPV4", "IPV6"),
  },
  defaults: { addressType: "EXTERNAL", networkTier: "PREMIUM" },
  replaces: [
    "address",
    "addressType",
    "description",
    "ipCollection",
    "ipVersion",
    "ipv6EndpointType",
    "network",
    "networkTier",
    "prefixLength",
    "purpose",
    "region",
    "subnetwork",
  ],
  computed: ({ records, inputs }) => ({
    address: text(inputs, "address") || freeAddress(records),
    addressId: numericId(),
    users: [],
  }),
  release: (record, records) => {
    const ip = text(record.outputs, "address");
    const user = records.list(INSTANCE).find((instance) => natAddresses(instance.inputs).includes(ip));
    if (user !== undefined)
      throw new CloudError(400, `The address "${record.id}" is in use by "${user.id}"; delete that first.`);
  },
});

export const networkTypes: readonly ResourceType[] = [network, subnetwork, firewall, address];

function refuseWhileUsed(records: Records, used: { id: string; type: string; by: readonly string[] }): void {
  const name = used.id.split("/").at(-1) ?? "";
  const key = used.type === NETWORK ? "network" : "subnetwork";
  const user = used.by
    .flatMap((type) => records.list(type))
    .find((record) =>
      [text(record.inputs, key), ...items(record.inputs, "networkInterfaces").map((nic) => text(nic, key))].some(
        (reference) => path(reference) === used.id || reference === name,
      ),
    );
  if (user !== undefined) throw new CloudError(400, `"${used.id}" is in use by "${user.id}"; delete that first.`);
}

function freeAddress(records: Records): string {
  const taken = new Set(records.list(ADDRESS).map((record) => text(record.outputs, "address")));
  const hosts = Array.from({ length: 253 }, (_, index) => `${ADDRESS_PREFIX}${index + 1}`);
  const free = hosts.find((candidate) => !taken.has(candidate));
  if (free === undefined)
    throw new CloudError(403, "QUOTA_EXCEEDED: the sandbox has no address left; delete one first.");
  return free;
}

function prefixBits(inputs: Properties): number {
  return Number(text(inputs, "ipCidrRange").split("/")[1] ?? 0);
}
