import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { startStubServer, type StubServer } from "../../../clients/testing/stub-server";
import { findAtCloudflare } from "./cloudflare";
import type { Clouds } from "./clouds";
import { findAtGoogle, isGoogles } from "./google";
import type { Unfinished } from "./unfinished";

let api: StubServer;
/** Answers by path and query; 404 where there is none. */
let answers: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  answers = {};
  api = await startStubServer(({ path }) => {
    const body = answers[path];
    return body === undefined ? { status: 404, body: { error: { message: "not found" } } } : { status: 200, body };
  });
});

afterEach(async () => {
  await api.close();
});

function clouds(): Clouds {
  const at = (name: string) => ({ name, base: `${api.url}/`, token: "token" });
  return { google: () => Promise.resolve(at("Google's compute")), cloudflare: at("Cloudflare") };
}

function unfinished(type: string, inputs: Unfinished["inputs"]): Unfinished {
  return { urn: "urn", type, name: "x", parent: "parent", provider: "provider", inputs };
}

const place = { project: "p", region: "europe-west3", zone: "europe-west3-a", location: "europe-west3" };

/** The address at Google and the id that an import takes, by type and inputs. */
const ADDRESSED: [string, Unfinished["inputs"], string, string?][] = [
  ["gcp:compute/network:Network", { name: "n" }, "projects/p/global/networks/n"],
  ["gcp:compute/subnetwork:Subnetwork", { name: "n" }, "projects/p/regions/europe-west3/subnetworks/n"],
  ["gcp:compute/firewall:Firewall", { name: "n" }, "projects/p/global/firewalls/n"],
  ["gcp:compute/address:Address", { name: "n" }, "projects/p/regions/europe-west3/addresses/n"],
  ["gcp:compute/resourcePolicy:ResourcePolicy", { name: "n" }, "projects/p/regions/europe-west3/resourcePolicies/n"],
  ["gcp:compute/disk:Disk", { name: "n" }, "projects/p/zones/europe-west3-a/disks/n"],
  ["gcp:compute/instance:Instance", { name: "n" }, "projects/p/zones/europe-west3-a/instances/n"],
  ["gcp:serviceaccount/account:Account", { accountId: "a" }, "projects/p/serviceAccounts/a@p.iam.gserviceaccount.com"],
  [
    "gcp:artifactregistry/repository:Repository",
    { repositoryId: "r" },
    "projects/p/locations/europe-west3/repositories/r",
  ],
  ["gcp:secretmanager/secret:Secret", { secretId: "s" }, "projects/p/secrets/s"],
  ["gcp:pubsub/topic:Topic", { name: "t" }, "projects/p/topics/t"],
  ["gcp:pubsub/subscription:Subscription", { name: "s" }, "projects/p/subscriptions/s"],
  ["gcp:storage/bucket:Bucket", { name: "bucket" }, "b/bucket", "bucket"],
];

test.each(ADDRESSED)("%s is found at its own address", async (...row) => {
  const [type, inputs, path, id = path] = row;
  answers = { [`/${path}`]: { name: "n", labels: { customer: "acme" } } };
  const what = unfinished(type, { ...place, ...inputs, labels: {} });
  expect(await findAtGoogle(what, clouds())).toEqual([{ id, labels: { customer: "acme" } }]);
  answers = {};
  expect(await findAtGoogle(what, clouds())).toEqual([]);
});

/** Made twice they are the same one, or go with what they belong to. */
const REPEATABLE = /^projects\/(service|serviceIdentity|iammember)$|(IamMember|IAMMember|IAMPolicy|secretVersion)$/;

test("whatever a customer's stack has of Google's is looked for, but for what may be made twice", () => {
  const root = join(__dirname, "../../..");
  const sources = ["components", "infra"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const used = sources.flatMap((source) => [
    ...source.matchAll(/import \{[^}]*\} from "@pulumi\/gcp\/([a-z]+\/([A-Za-z]+))"/g),
  ]);
  const missed = used
    .filter(([, path = "", name = ""]) => !REPEATABLE.test(path) && !name.startsWith("get"))
    .map(([, path = "", name = ""]) => `gcp:${path}:${name.slice(0, 1).toUpperCase()}${name.slice(1)}`)
    .filter((type) => !isGoogles(type));
  expect(missed).toEqual([]);
});

test("a disk's snapshot schedule is found in the disk", async () => {
  const type = "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment";
  const what = unfinished(type, { ...place, disk: "d", name: "daily" });
  const disk = (policy: string) => ({ "/projects/p/zones/europe-west3-a/disks/d": { resourcePolicies: [policy] } });
  answers = disk("https://x/regions/europe-west3/resourcePolicies/daily");
  expect(await findAtGoogle(what, clouds())).toEqual([{ id: "projects/p/zones/europe-west3-a/disks/d/daily" }]);
  answers = disk("https://x/regions/europe-west3/resourcePolicies/other");
  expect(await findAtGoogle(what, clouds())).toEqual([]);
});

test("what Google names is found by our display name, as often as it is there", async () => {
  const row = (name: string, displayName: string, customer: string) => ({
    name,
    displayName,
    userLabels: { customer },
  });
  answers = {
    "/v3/projects/p/uptimeCheckConfigs": {
      uptimeCheckConfigs: [row("projects/p/uptimeCheckConfigs/1", "acme: door", "acme"), row("o", "other", "acme")],
      nextPageToken: "2",
    },
    "/v3/projects/p/uptimeCheckConfigs?pageToken=2": {
      uptimeCheckConfigs: [row("projects/p/uptimeCheckConfigs/2", "acme: door", "acme")],
    },
  };
  const what = unfinished("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", {
    ...place,
    displayName: "acme: door",
  });
  expect((await findAtGoogle(what, clouds())).map(({ id }) => id)).toEqual([
    "projects/p/uptimeCheckConfigs/1",
    "projects/p/uptimeCheckConfigs/2",
  ]);
});

test("a refusal of Google's is told in its words", async () => {
  api.script({ status: 403, body: { error: { message: "Permission denied" } } });
  await expect(
    findAtGoogle(unfinished("gcp:compute/network:Network", { ...place, name: "n" }), clouds()),
  ).rejects.toThrow(`Google's compute answered HTTP 403, "Permission denied"`);
});

const page = "page=1&per_page=100";

const LISTED: [string, Unfinished["inputs"], string, object, string][] = [
  [
    "zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    { name: "acme-ui" },
    `cfd_tunnel?is_deleted=false&${page}`,
    { name: "acme-ui" },
    "A/1",
  ],
  [
    "zeroTrustAccessApplication:ZeroTrustAccessApplication",
    { name: "acme-ui" },
    `access/apps?${page}`,
    { name: "acme-ui" },
    "accounts/A/1",
  ],
  [
    "zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
    { name: "acme-ui" },
    `access/policies?${page}`,
    { name: "acme-ui" },
    "A/1",
  ],
  [
    "zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    { name: "t" },
    `access/service_tokens?${page}`,
    { name: "t" },
    "accounts/A/1",
  ],
  ["d1Database:D1Database", { name: "d" }, `d1/database?${page}`, { name: "d", uuid: "1" }, "A/1"],
  [
    "workersCustomDomain:WorkersCustomDomain",
    { hostname: "h", service: "w" },
    `workers/domains?hostname=h&${page}`,
    { hostname: "h", service: "w" },
    "A/1",
  ],
];

test.each(LISTED)("Cloudflare's %s is found in its list", async (...each) => {
  const [type, inputs, path, row, id] = each;
  const others = [{ id: "2", name: "acme-ui-2", hostname: "h", service: "someone-elses" }];
  answers = { [`/accounts/A/${path}`]: { success: true, result: [...others, { id: "1", ...row }] } };
  const what = unfinished(`cloudflare:index/${type}`, { accountId: "A", ...inputs });
  expect(await findAtCloudflare(what, clouds())).toEqual([{ id }]);
});

test("a DNS record is found by name and type", async () => {
  const rows = [
    { id: "1", name: "h.example", type: "AAAA" },
    { id: "2", name: "h.example", type: "A" },
  ];
  answers = { [`/zones/Z/dns_records?name=h.example&${page}`]: { success: true, result: rows } };
  const what = unfinished("cloudflare:index/dnsRecord:DnsRecord", { zoneId: "Z", name: "h.example", type: "A" });
  expect(await findAtCloudflare(what, clouds())).toEqual([{ id: "Z/2" }]);
});
