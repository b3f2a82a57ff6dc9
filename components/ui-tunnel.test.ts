import { recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";
import { UiTunnel } from "./ui-tunnel";

const ACCOUNT = "a".repeat(32);
const ZONE = "b".repeat(32);
const TUNNEL_TOKEN = "canary-tunnel-token";
const CLIENT_SECRET = "canary-client-secret";

jest.mock("./testing/cloud-outputs", () => ({
  cloudOutputs: (type: string, inputs: Record<string, unknown>) =>
    type === "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken"
      ? { ...inputs, clientId: "id.access", clientSecret: "canary-client-secret", expiresAt: "2027-11-23T00:00:00Z" }
      : type === "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication"
        ? { ...inputs, aud: "ui-application-aud" }
        : inputs,
}));

const record = (allowed = ["ann@example.com", "@example.org"]) =>
  recordResources(
    () =>
      new UiTunnel("ui", {
        slug: "acme",
        uiHost: "erp.example.com",
        accountId: ACCOUNT,
        zoneId: ZONE,
        accessIssuer: "https://agency.cloudflareaccess.com",
        allowed,
      }),
    { answer: ({ inputs }) => ({ ...inputs, token: TUNNEL_TOKEN }) },
  );

const CHILDREN = [
  ["cloudflare:index/dnsRecord:DnsRecord", "ui-record"],
  ["cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication", "ui-application"],
  ["cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "ui-automation-policy"],
  ["cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "ui-people-policy"],
  ["cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken", "ui-automation-token"],
  ["cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared", "ui-tunnel"],
  ["cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig", "ui-rules"],
];

test("the tunnel, its rules, its name and its login, all children of the component", async () => {
  const { resources } = await record();
  const [component, ...children] = resources;
  expect([component?.type, component?.name]).toEqual(["erpnext:cloudflare:UiTunnel", "ui"]);
  expect(children.map(({ type, name }) => [type, name]).sort()).toEqual(CHILDREN);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:cloudflare:UiTunnel"]));
});

test("the rules pass the pages' host on to Frappe under its own name and answer 404 to every other", async () => {
  const { named } = await record();
  expect(named("ui-tunnel").inputs).toEqual({ accountId: ACCOUNT, name: "acme-ui", configSrc: "cloudflare" });
  expect(named("ui-rules").inputs).toEqual({
    accountId: ACCOUNT,
    tunnelId: "ui-tunnel-id",
    config: {
      ingresses: [
        {
          hostname: "erp.example.com",
          service: "http://frontend:8080",
          originRequest: {
            httpHostHeader: "erp.example.com",
            access: { required: true, teamName: "agency", audTags: ["ui-application-aud"] },
          },
        },
        { service: "http_status:404" },
      ],
    },
  });
});

test("the name is proxied and is published only after the login stands", async () => {
  const { named } = await record();
  expect(named("ui-record").inputs).toEqual({
    zoneId: ZONE,
    name: "erp.example.com",
    type: "CNAME",
    content: "ui-tunnel-id.cfargotunnel.com",
    proxied: true,
    ttl: 1,
    comment: "ERPNext's pages, through the tunnel",
  });
  expect(named("ui-record").dependencies).toContain(named("ui-application").urn);
});

test("the login asks the service token first, then the people, and lets no one else in", async () => {
  const { named } = await record();
  expect(named("ui-application").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-ui",
    type: "self_hosted",
    domain: "erp.example.com",
    sessionDuration: "24h",
    httpOnlyCookieAttribute: true,
    policies: [
      { id: "ui-automation-policy-id", precedence: 1 },
      { id: "ui-people-policy-id", precedence: 2 },
    ],
  });
  expect(named("ui-automation-token").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-automation",
    duration: "8760h",
  });
  expect(named("ui-automation-policy").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-ui-automation",
    decision: "non_identity",
    includes: [{ serviceToken: { tokenId: "ui-automation-token-id" } }],
  });
  expect(named("ui-people-policy").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-ui-people",
    decision: "allow",
    includes: [{ email: { email: "ann@example.com" } }, { emailDomain: { domain: "example.org" } }],
  });
});

test("the outputs are the tunnel's and the service token's, both secrets marked as such", async () => {
  const { result, resources, outputs, calls } = await record();
  const expected = {
    tunnelId: "ui-tunnel-id",
    accessClientId: "id.access",
    accessExpiresAt: "2027-11-23T00:00:00Z",
    uiUrl: "https://erp.example.com",
  };
  expect(calls).toEqual([
    {
      token: "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken",
      inputs: { accountId: ACCOUNT, tunnelId: "ui-tunnel-id" },
    },
  ]);
  expect(outputs.get(resources[0]!.urn)).toEqual({
    ...expected,
    tunnelToken: new Secret(TUNNEL_TOKEN),
    accessClientSecret: new Secret(CLIENT_SECRET),
  });
  const { tunnelId, tunnelToken, accessClientId, accessClientSecret, accessExpiresAt, uiUrl } = result;
  const fields = { tunnelId, tunnelToken, accessClientId, accessClientSecret, accessExpiresAt, uiUrl };
  expect(await valueOf(fields)).toEqual({ ...expected, tunnelToken: TUNNEL_TOKEN, accessClientSecret: CLIENT_SECRET });
});
