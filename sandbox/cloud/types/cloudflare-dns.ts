import { isIPv4, isIPv6 } from "node:net";

import { form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { text } from "../values";
import type { Properties } from "../values";
import { cloudflare, hexId } from "./cloudflare-type";

export const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/** Cloudflare's value for "automatic", which every proxied record has. */
const AUTOMATIC = 1;

const ADDRESS_TYPES = ["A", "AAAA", "CNAME"];

const dnsRecord = cloudflare({
  token: DNS_RECORD,
  checks: {
    type: oneOf(
      "A",
      "AAAA",
      "CNAME",
      "MX",
      "NS",
      "OPENPGPKEY",
      "PTR",
      "TXT",
      "CAA",
      "CERT",
      "DNSKEY",
      "DS",
      "HTTPS",
      "LOC",
      "NAPTR",
      "SMIMEA",
      "SRV",
      "SSHFP",
      "SVCB",
      "TLSA",
      "URI",
    ),
    ttl: (value) =>
      value === AUTOMATIC || (typeof value === "number" && value >= 30 && value <= 86_400)
        ? undefined
        : `must be 1 (automatic) or 30 to 86400 seconds, not ${JSON.stringify(value)}`,
    name: form(
      /^(@|\*|(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*)$/,
      "a host name",
    ),
  },
  replaces: ["type"],
  defaults: { proxied: false, tags: [], settings: {} },
  volatile: ["modifiedOn", "proxiable"],
  id: hexId,
  computed: ({ inputs, now }) => ({
    createdOn: now,
    modifiedOn: now,
    meta: "{}",
    proxiable: ADDRESS_TYPES.includes(text(inputs, "type")),
  }),
  verify: (situation) => {
    const fault = contentFault(situation.inputs);
    if (fault !== undefined) throw new CloudError(400, `The DNS record "${text(situation.inputs, "name")}" ${fault}.`);
    refuseConflict(situation);
  },
});

export const dnsTypes: readonly ResourceType[] = [dnsRecord];

function contentFault(inputs: Properties): string | undefined {
  const type = text(inputs, "type");
  const content = text(inputs, "content");
  if (type === "A" && !isIPv4(content)) return `of type A needs an IPv4 address, not "${content}"`;
  if (type === "AAAA" && !isIPv6(content)) return `of type AAAA needs an IPv6 address, not "${content}"`;
  if (type === "CNAME" && !/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.?$/.test(content))
    return `of type CNAME needs a host name, not "${content}"`;
  if (inputs["proxied"] !== true) return undefined;
  if (!ADDRESS_TYPES.includes(type)) return `of type ${type} cannot be proxied`;
  if (inputs["ttl"] !== AUTOMATIC) return `is proxied, so its "ttl" must be 1 (automatic), not ${text(inputs, "ttl")}`;
  return undefined;
}

/** A name has either one CNAME or any number of addresses, and no record twice. */
function refuseConflict({ records, inputs, id }: Situation): void {
  const name = text(inputs, "name").toLowerCase();
  const others = records
    .list({ type: DNS_RECORD, scope: text(inputs, "zoneId") })
    .filter((record) => record.id !== id && text(record.inputs, "name").toLowerCase() === name);
  const type = text(inputs, "type");
  const clash = others.find((record) => {
    const other = text(record.inputs, "type");
    const bothAddresses = ADDRESS_TYPES.includes(type) && ADDRESS_TYPES.includes(other);
    const identical = other === type && text(record.inputs, "content") === text(inputs, "content");
    return identical || (bothAddresses && (type === "CNAME" || other === "CNAME"));
  });
  if (clash === undefined) return;
  throw new CloudError(
    400,
    `A ${text(clash.inputs, "type")} record with the name "${name}" exists already (81053); delete it, or import it as ${clash.id}.`,
  );
}
