import { randomBytes, randomUUID } from "node:crypto";

import { emailAddress, form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import { TEAM_DOMAIN } from "../../access/team";
import type { Invoke, ResourceType, Situation } from "../resource-type";
import { items, pick, text } from "../values";
import type { Properties } from "../values";
import { cloudflare, hexId, requireOwn } from "./cloudflare-type";

export const ACCESS_APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
export const ACCESS_POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
export const SERVICE_TOKEN = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken";

const HOUR_MS = 3_600_000;
const duration = form(/^\d+(\.\d+)?(ns|us|µs|ms|s|m|h)(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))*$/, 'a duration such as "24h"');

/** Kinds of application that stand at a domain. */
const AT_A_DOMAIN = ["self_hosted", "ssh", "vnc", "rdp"];

const application = cloudflare({
  token: ACCESS_APPLICATION,
  checks: {
    type: oneOf(
      "self_hosted",
      "saas",
      "ssh",
      "vnc",
      "app_launcher",
      "warp",
      "biso",
      "bookmark",
      "dash_sso",
      "infrastructure",
      "rdp",
      "mcp",
      "mcp_portal",
      "proxy_endpoint",
    ),
    sessionDuration: duration,
    sameSiteCookieAttribute: oneOf("none", "lax", "strict"),
  },
  defaults: {
    appLauncherVisible: true,
    httpOnlyCookieAttribute: true,
    sessionDuration: "24h",
    autoRedirectToIdentity: false,
  },
  id: () => randomUUID(),
  computed: ({ inputs }) => ({ aud: randomBytes(32).toString("hex"), selfHostedDomains: domainsOf(inputs) }),
  volatile: ["selfHostedDomains"],
  verify: (situation) => {
    verifyApplication(situation);
  },
});

const policy = cloudflare({
  token: ACCESS_POLICY,
  checks: {
    decision: oneOf("allow", "deny", "non_identity", "bypass"),
    sessionDuration: duration,
    "includes.*.email.email": emailAddress,
    "includes.*.emailDomain.domain": form(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'a domain such as "example.com"'),
  },
  volatile: ["updatedAt"],
  id: () => randomUUID(),
  computed: ({ now }) => ({ appCount: 0, reusable: true, createdAt: now, updatedAt: now }),
  verify: (situation) => {
    const { inputs, name } = situation;
    if (items(inputs, "includes").length === 0)
      throw new CloudError(400, `The Access policy ${name} includes no one; give it a rule in "includes".`);
    for (const rule of [...items(inputs, "includes"), ...items(inputs, "requires"), ...items(inputs, "excludes")]) {
      const token = text(rule, "serviceToken.tokenId");
      if (token !== "") requireOwn(situation, SERVICE_TOKEN, token);
    }
  },
  release: (record, records) => {
    const user = records
      .list(ACCESS_APPLICATION)
      .find((app) => items(app.inputs, "policies").some((use) => text(use, "id") === record.id));
    if (user === undefined) return;
    throw new CloudError(
      409,
      `The Access policy "${text(record.inputs, "name")}" is in use by the application "${text(user.inputs, "name")}"; take it out first.`,
    );
  },
});

const serviceToken = cloudflare({
  token: SERVICE_TOKEN,
  checks: { duration },
  secrets: ["clientSecret"],
  // Cloudflare shows the secret when it makes it, and never again.
  toldOnce: ["clientSecret"],
  defaults: { duration: "8760h", enabled: true, clientSecretVersion: 1 },
  volatile: ["clientSecret", "expiresAt"],
  id: () => randomUUID(),
  computed: ({ inputs, previous, now }) => ({
    clientId: `${hexId()}.access`,
    clientSecret: isRotated(inputs, previous?.inputs)
      ? randomBytes(32).toString("hex")
      : text(previous?.outputs ?? {}, "clientSecret"),
    expiresAt: expiry(inputs, now),
  }),
  release: (record, records) => {
    const user = records
      .list(ACCESS_POLICY)
      .find((other) =>
        items(other.inputs, "includes").some((rule) => text(rule, "serviceToken.tokenId") === record.id),
      );
    if (user === undefined) return;
    throw new CloudError(
      409,
      `The service token "${text(record.inputs, "name")}" is in use by the policy "${text(user.inputs, "name")}"; take it out first.`,
    );
  },
});

export const accessTypes: readonly ResourceType[] = [application, policy, serviceToken];

/** Zero Trust of an account: its team domain is whom Access's tokens are from. */
export const zeroTrustOrganization: Invoke = {
  token: "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization",
  read: (args) => ({ ...args, name: "Sandbox", authDomain: TEAM_DOMAIN, isUiReadOnly: false }),
};

function verifyApplication(situation: Situation): void {
  const { inputs, name, records, id } = situation;
  const domains = domainsOf(inputs);
  if (AT_A_DOMAIN.includes(text(inputs, "type") || "self_hosted") && domains.length === 0) {
    throw new CloudError(400, `The Access application ${name} needs a "domain" or a destination.`);
  }
  for (const use of items(inputs, "policies"))
    if (text(use, "id") !== "") requireOwn(situation, ACCESS_POLICY, text(use, "id"));
  const taken = records
    .list({ type: ACCESS_APPLICATION, scope: text(inputs, "accountId") || text(inputs, "zoneId") })
    .find((record) => record.id !== id && domainsOf(record.inputs).some((domain) => domains.includes(domain)));
  if (taken !== undefined) {
    throw new CloudError(
      409,
      `The Access application "${text(taken.inputs, "name")}" is at "${domains.join('", "')}" already; delete it, or import it as ${taken.id}.`,
    );
  }
}

function domainsOf(inputs: Properties): string[] {
  const named = [
    text(inputs, "domain"),
    ...items(inputs, "destinations").map((destination) => text(destination, "uri")),
  ];
  return [...new Set(named.filter((domain) => domain !== ""))];
}

/** A token gets a secret when it is made, and a new one whenever its version changes. */
function isRotated(inputs: Properties, before: Properties | undefined): boolean {
  return (
    before === undefined || (pick(inputs, "clientSecretVersion") ?? 1) !== (pick(before, "clientSecretVersion") ?? 1)
  );
}

function expiry(inputs: Properties, now: string): string {
  const hours = Number(/^(\d+)h/.exec(text(inputs, "duration") || "8760h")?.[1] ?? 0);
  return new Date(Date.parse(now) + hours * HOUR_MS).toISOString();
}
