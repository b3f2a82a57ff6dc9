import * as http from "node:http";

import { startStubServer, type StubServer } from "../clients/testing/stub-server";
import { AccessTeam, LOGIN_COOKIE } from "./access/team";
import { AccessTokens } from "./access/tokens";
import type { CloudRecord } from "./cloud/records";
import { startEdge } from "./edge";
import { freePort } from "./ports";
import { RequestLog } from "./request-log";
import type { WorkerRequest, Workers } from "./workers/workers";

const HOST = "erp.demo.example";
const TOKEN = { "CF-Access-Client-Id": "id.access", "CF-Access-Client-Secret": "secret" };

type Kind = "dnsRecord:DnsRecord" | `zeroTrust${string}` | `workers${string}`;

function record(kind: Kind, id: string, inputs: CloudRecord["inputs"]): CloudRecord {
  const type = `cloudflare:index/${kind}`;
  return { provider: "cloudflare", type, id, scope: "", inputs, outputs: {}, createdAt: "", updatedAt: "" };
}

/** What the program makes at Cloudflare. */
const NAME = record("dnsRecord:DnsRecord", "name", { name: HOST, proxied: true, content: "tunnel-1.cfargotunnel.com" });
const RULES = record("zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig", "rules", {
  tunnelId: "tunnel-1",
  config: {
    ingresses: [
      { hostname: HOST, service: "http://frontend:8080", originRequest: { httpHostHeader: "site.demo.example" } },
      { service: "http_status:404" },
    ],
  },
});
const APPLICATION = record("zeroTrustAccessApplication:ZeroTrustAccessApplication", "application", {
  domain: HOST,
  policies: [
    { id: "automation", precedence: 1 },
    { id: "people", precedence: 2 },
  ],
});
const SERVICE_TOKEN = record("zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken", "token-1", {
  clientId: "id.access",
  clientSecret: "secret",
});
const AUTOMATION = record("zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "automation", {
  decision: "non_identity",
  includes: [{ serviceToken: { tokenId: "token-1" } }],
});
const EVERYTHING = [NAME, RULES, APPLICATION, SERVICE_TOKEN, AUTOMATION];

// Access makes keys of 2048 bits, which takes a busy machine a while.
jest.setTimeout(60_000);

let frontend: StubServer;
let records: readonly CloudRecord[];
let connected: string | undefined;
let log: RequestLog;
let port: number;
let access: AccessTeam;
/** What reached a Worker. */
let worked: (WorkerRequest & { readonly scriptName: string })[];
let edge: { close(): Promise<void> };

beforeEach(async () => {
  frontend = await startStubServer({ status: 201, headers: { "X-Frappe": "yes" }, body: { message: "pong" } });
  records = EVERYTHING;
  connected = "tunnel-1";
  log = new RequestLog();
  port = await freePort();
  const cloud = { resources: (type: string) => records.filter((candidate) => candidate.type === type) };
  access = new AccessTeam(cloud);
  worked = [];
  const fetch = (scriptName: string, request: WorkerRequest): Promise<Response> => {
    worked.push({ ...request, scriptName });
    return Promise.resolve(new Response("the page", { status: 203, headers: { "X-Page": "yes" } }));
  };
  edge = await startEdge({
    cloud,
    access,
    workers: { fetch } as unknown as Pick<Workers, "fetch">,
    log,
    port,
    frontendPort: Number(new URL(frontend.url).port),
    connectedTunnel: () => connected,
  });
});

afterEach(async () => {
  await edge.close();
  await frontend.close();
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function ask(headers: Record<string, string> = TOKEN, { host = HOST, body = "" } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method: "POST", path: "/api/method/ping?x=1", agent: false };
    const request = http.request({ ...options, headers: { ...headers, host } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The records with one of them replaced by nothing, or by itself with other settings. */
function change(target: CloudRecord, inputs?: CloudRecord["inputs"]): void {
  records = EVERYTHING.flatMap((candidate) => {
    if (candidate !== target) return [candidate];
    return inputs === undefined ? [] : [{ ...candidate, inputs: { ...candidate.inputs, ...inputs } }];
  });
}

describe("what passes Access", () => {
  test("goes down the tunnel as it is, under the name that the tunnel's rule gives it", async () => {
    const answer = await ask(TOKEN, { body: "body ö" });
    expect(answer).toMatchObject({ status: 201, body: '{"message":"pong"}' });
    expect(answer.headers["x-frappe"]).toBe("yes");
    expect(frontend.seen).toHaveLength(1);
    expect(frontend.seen[0]).toMatchObject({ method: "POST", path: "/api/method/ping?x=1", body: "body ö" });
    expect(frontend.seen[0]!.headers.host).toBe("site.demo.example");
  });

  test("keeps its own name where the rule gives none; a port in it does not matter", async () => {
    change(RULES, { config: { ingresses: [{ hostname: HOST, service: "http://frontend:8080" }] } });
    expect((await ask(TOKEN, { host: `${HOST}:8443` })).status).toBe(201);
    expect(frontend.seen[0]!.headers.host).toBe(HOST);
  });

  test("is not counted as writing here, because that is counted where it arrives", async () => {
    await ask();
    expect(log.entries).toEqual([
      { service: "edge", method: "POST", path: "/api/method/ping?x=1", write: false, status: 200 },
    ]);
  });
});

describe("Access", () => {
  const LOGIN = `https://sandbox.cloudflareaccess.com/cdn-cgi/access/login/${HOST}`;

  test.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["half a token", { "CF-Access-Client-Id": "id.access" }],
    ["a wrong secret", { ...TOKEN, "CF-Access-Client-Secret": "another" }],
    ["another token's id", { ...TOKEN, "CF-Access-Client-Id": "other.access" }],
  ])("sends %s to the login", async (_title, headers) => {
    const answer = await ask(headers);
    expect([answer.status, answer.headers.location, answer.body]).toEqual([302, LOGIN, ""]);
    expect(frontend.seen).toEqual([]);
    expect(log.entries.map(({ status }) => status)).toEqual([302]);
  });

  test.each<[string, CloudRecord, CloudRecord["inputs"] | undefined]>([
    ["was deleted", SERVICE_TOKEN, undefined],
    ["no policy names", AUTOMATION, { includes: [{ serviceToken: { tokenId: "token-2" } }] }],
    ["only a policy for people names", AUTOMATION, { decision: "allow" }],
    ["only a policy names that is not attached", APPLICATION, { policies: [{ id: "people", precedence: 2 }] }],
  ])("takes no token that %s", async (_title, target, inputs) => {
    change(target, inputs);
    expect((await ask()).status).toBe(302);
    expect(frontend.seen).toEqual([]);
  });

  test("a name without an application is open to everyone, as it really is", async () => {
    change(APPLICATION);
    expect((await ask({})).status).toBe(201);
  });
});

describe("what Cloudflare answers itself", () => {
  test.each([
    ["no record", undefined],
    ["a DNS-only record", { proxied: false }],
    ["another name's record", { name: "other.demo.example" }],
  ])("1016 with %s", async (_title, inputs) => {
    change(NAME, inputs);
    expect(await ask()).toMatchObject({ status: 530, body: "error code: 1016" });
  });

  test.each([undefined, "tunnel-2"])("1033 while cloudflared is connected to %s", async (tunnel) => {
    connected = tunnel;
    expect(await ask()).toMatchObject({ status: 530, body: "error code: 1033" });
    expect(frontend.seen).toEqual([]);
  });

  test.each<[string, CloudRecord["inputs"] | undefined]>([
    ["no rules", undefined],
    ["another tunnel's rules", { tunnelId: "tunnel-2" }],
    ["only the last rule for the name", { config: { ingresses: [{ service: "http_status:404" }] } }],
  ])("404 with %s", async (_title, inputs) => {
    change(RULES, inputs);
    expect(await ask()).toMatchObject({ status: 404, body: "" });
    expect(frontend.seen).toEqual([]);
  });

  test("502 while the frontend is not there", async () => {
    await frontend.close();
    expect(await ask()).toMatchObject({ status: 502, body: "error code: 502" });
  });
});

describe("a Worker", () => {
  const CONSOLE = "sync.demo.example";
  const PERSON = "ann@example.com";
  const DOMAIN = record("workersCustomDomain:WorkersCustomDomain", "domain", { hostname: CONSOLE, service: "console" });
  const PEOPLE = record("zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "people", {
    decision: "allow",
    includes: [{ email: { email: PERSON } }, { emailDomain: { domain: "example.org" } }],
  });
  const LOGIN = {
    ...record("zeroTrustAccessApplication:ZeroTrustAccessApplication", "login", {
      domain: CONSOLE,
      policies: [{ id: "people", precedence: 1 }],
    }),
    outputs: { aud: "audience" },
  };
  const SUBDOMAIN = record("workersScriptSubdomain:WorkersScriptSubdomain", "console", {
    scriptName: "console",
    enabled: false,
  });

  beforeEach(() => {
    records = [...EVERYTHING, DOMAIN, PEOPLE, LOGIN, SUBDOMAIN];
  });

  const withCookie = (token: string) => ask({ cookie: `other=1; ${LOGIN_COOKIE}=${token}` }, { host: CONSOLE });

  test.each([PERSON, "bea@example.org"])("is reached by %s after the login, with Access's own token", async (email) => {
    const token = access.signIn(CONSOLE, email);
    const answer = await ask(
      { cookie: `${LOGIN_COOKIE}=${token}`, "Cf-Access-Jwt-Assertion": "forged" },
      { host: CONSOLE, body: "body ö" },
    );
    expect(answer).toMatchObject({ status: 203, body: "the page", headers: { "x-page": "yes" } });
    expect(worked).toMatchObject([
      { scriptName: "console", method: "POST", url: `https://${CONSOLE}/api/method/ping?x=1` },
    ]);
    expect(worked[0]?.headers["cf-access-jwt-assertion"]).toBe(token);
    expect(worked[0]?.body?.toString("utf8")).toBe("body ö");
  });

  test("lets only those sign in whom a policy names", () => {
    expect(() => access.signIn(CONSOLE, "eve@example.net")).toThrow(
      `no policy of the Access application at ${CONSOLE} lets eve@example.net in`,
    );
  });

  test("is not reached without a login, by another application's, by a forged one or by one that has ended", async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { aud: ["audience"], email: PERSON, iss: access.tokens.issuer, type: "app", sub: "1" } as const;
    const tokens = [
      access.tokens.issue("other", { email: PERSON }),
      new AccessTokens(access.tokens.domain).issue("audience", { email: PERSON }),
      access.tokens.sign({ ...claims, iat: now - 20, nbf: now - 20, exp: now - 10 }),
      "no.token.atall",
    ];
    const answers = [await ask({}, { host: CONSOLE }), ...(await Promise.all(tokens.map(withCookie)))];
    const login = `https://sandbox.cloudflareaccess.com/cdn-cgi/access/login/${CONSOLE}`;
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(answers.map(() => [302, login]));
    expect(worked).toEqual([]);
  });

  test("a key that was replaced is good for a while, and the one before it is not", async () => {
    const token = access.signIn(CONSOLE, PERSON);
    access.tokens.rotate();
    expect((await withCookie(token)).status).toBe(203);
    expect(access.tokens.certs().keys).toHaveLength(2);
    access.tokens.rotate();
    expect((await withCookie(token)).status).toBe(302);
  });

  test("whose application is gone is open to everyone, and gets no token", async () => {
    records = records.filter((candidate) => candidate !== LOGIN);
    expect((await ask({ "Cf-Access-Jwt-Assertion": "forged" }, { host: CONSOLE })).status).toBe(203);
    expect(worked[0]?.headers).not.toHaveProperty("cf-access-jwt-assertion");
  });

  test("is at workers.dev only where that is on, and there past the login", async () => {
    const host = "console.agency.workers.dev";
    expect((await ask({}, { host })).status).toBe(530);
    records = records.map((candidate) =>
      candidate === SUBDOMAIN ? { ...SUBDOMAIN, inputs: { ...SUBDOMAIN.inputs, enabled: true } } : candidate,
    );
    expect((await ask({}, { host })).status).toBe(203);
  });
});

test("refuses, where cloudflared is to ask for a login and no application stands at the name", async () => {
  const ingress = { hostname: HOST, service: "http://frontend:8080", originRequest: { access: { required: true } } };
  const rules = { ...RULES, inputs: { ...RULES.inputs, config: { ingresses: [ingress] } } };
  records = [NAME, rules];
  expect((await ask()).status).toBe(403);
  expect(frontend.seen).toEqual([]);
});
