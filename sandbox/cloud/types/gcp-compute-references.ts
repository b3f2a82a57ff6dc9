import { form } from "../checks";
import { items, text } from "../values";
import type { Properties } from "../values";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const FIREWALL = "gcp:compute/firewall:Firewall";
export const ADDRESS = "gcp:compute/address:Address";
export const DISK = "gcp:compute/disk:Disk";
export const POLICY = "gcp:compute/resourcePolicy:ResourcePolicy";
export const ATTACHMENT = "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment";
export const INSTANCE = "gcp:compute/instance:Instance";

/** Addresses are handed out from TEST-NET-3 (RFC 5737), which no host on the Internet has. */
export const ADDRESS_PREFIX = "203.0.113.";

export const region = form(/^[a-z]+-[a-z]+\d+$/, 'a region such as "europe-west1"');
export const zone = form(/^[a-z]+-[a-z]+\d+-[a-z]$/, 'a zone such as "europe-west1-b"');

/** A selfLink without the API's address. */
export function path(reference: string): string {
  return reference.replace(/^https:\/\/[^/]+\/compute\/[^/]+\//, "");
}

/** The disks that an instance's inputs name. */
export function diskReferences(inputs: Properties): string[] {
  const boot = text(inputs, "bootDisk.source");
  return [
    ...items(inputs, "attachedDisks").map((attachedDisk) => text(attachedDisk, "source")),
    ...(boot === "" ? [] : [boot]),
  ];
}

/** The public addresses that an instance's inputs name. */
export function natAddresses(inputs: Properties): string[] {
  return items(inputs, "networkInterfaces").flatMap((nic) =>
    items(nic, "accessConfigs").map((access) => text(access, "natIp")),
  );
}
