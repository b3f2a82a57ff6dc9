import { randomBytes, randomUUID } from "node:crypto";

import { form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { CloudRecord } from "../records";
import type { Invoke, ResourceType } from "../resource-type";
import { items, text } from "../values";
import { cloudflare, refuseTaken, requireOwn } from "./cloudflare-type";

export const TUNNEL = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
export const TUNNEL_CONFIG = "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig";

const uuid = form(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a UUID");

const tunnel = cloudflare({
  token: TUNNEL,
  checks: { configSrc: oneOf("local", "cloudflare") },
  replaces: ["configSrc"],
  secrets: ["tunnelSecret"],
  defaults: { configSrc: "local" },
  id: () => randomUUID(),
  computed: ({ inputs, now }) => ({
    accountTag: text(inputs, "accountId"),
    createdAt: now,
    status: "inactive",
    tunType: "cfd_tunnel",
    remoteConfig: inputs["configSrc"] === "cloudflare",
    connections: [],
    metadata: "{}",
    tunnelSecret: text(inputs, "tunnelSecret") || randomBytes(32).toString("base64"),
  }),
  verify: (situation) => {
    refuseTaken(TUNNEL, situation, "name");
  },
  release: (record) => {
    const connected = items(record.outputs, "connections").length;
    if (connected === 0) return;
    throw new CloudError(
      400,
      `The tunnel "${text(record.inputs, "name")}" has ${connected} active connections (1022); stop cloudflared first.`,
    );
  },
  owns: (record, other) => other.type === TUNNEL_CONFIG && text(other.inputs, "tunnelId") === record.id,
});

const tunnelConfig = cloudflare({
  token: TUNNEL_CONFIG,
  checks: { tunnelId: uuid, source: oneOf("local", "cloudflare") },
  replaces: ["tunnelId"],
  defaults: { source: "cloudflare" },
  // A tunnel has exactly one configuration: making it is writing it, and only the tunnel's deletion ends it.
  shared: true,
  staysOnDelete: () => true,
  id: ({ inputs }) => text(inputs, "tunnelId"),
  computed: ({ now, previous }) => ({ createdAt: now, version: Number(previous?.outputs["version"] ?? 0) + 1 }),
  volatile: ["version"],
  verify: (situation) => {
    const { inputs } = situation;
    requireOwn(situation, TUNNEL, text(inputs, "tunnelId"));
    const rules = items(inputs, "config.ingresses");
    const last = rules.at(-1);
    if (last !== undefined && text(last, "hostname") + text(last, "path") !== "") {
      throw new CloudError(
        400,
        `The last ingress rule of ${situation.name} must match everything (1056): take "hostname" and "path" from it.`,
      );
    }
    const early = rules.slice(0, -1).findIndex((rule) => text(rule, "hostname") + text(rule, "path") === "");
    if (early >= 0) {
      throw new CloudError(
        400,
        `Ingress rule ${early + 1} of ${situation.name} matches everything, so that later ones are never reached (1056).`,
      );
    }
  },
});

export const tunnelTypes: readonly ResourceType[] = [tunnel, tunnelConfig];

/** What cloudflared is started with: the account, the tunnel and its secret, as JSON in base64. */
export const tunnelToken: Invoke = {
  token: "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken",
  secrets: ["token"],
  read: (args, { records }) => {
    const record = records.get(TUNNEL, text(args, "tunnelId"));
    if (record?.scope !== text(args, "accountId")) {
      throw new CloudError(404, `Cloudflare knows no tunnel "${text(args, "tunnelId")}" in this account.`);
    }
    return { ...args, id: record.id, token: tokenOf(record) };
  },
};

function tokenOf(record: CloudRecord): string {
  const parts = { a: record.scope, t: record.id, s: text(record.outputs, "tunnelSecret") };
  return Buffer.from(JSON.stringify(parts)).toString("base64");
}
