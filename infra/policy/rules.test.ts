import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Secret, type RecordedResource } from "../../components/testing/record-resources";
import type { Customer } from "../../customers/schema";
import { demoCustomer, productionCustomer } from "../testing/demo-customer";
import { recordCustomer } from "../testing/record-customer";
import { LABELLED_TYPES } from "./belonging";
import { BUDGET, MOST_RESOURCES } from "./budget";
import { SECRET, UNKNOWN, type PolicyResource } from "./rule";
import { judgeResource, judgeStack, RULES } from "./rules";

interface Registered {
  readonly customer: Customer;
  readonly resources: readonly PolicyResource[];
}

let demo: Registered;
let production: Registered;
/** The same customer with an image that was pushed elsewhere. */
let readBack: Registered;

beforeAll(async () => {
  demo = await registered(demoCustomer());
  production = await registered(productionCustomer());
  readBack = await registered(
    demoCustomer((file) => {
      file.setIn(["erpnext", "build"], false);
    }),
  );
}, 60_000);

async function registered(customer: Customer): Promise<Registered> {
  const { resources } = await recordCustomer(customer);
  return { customer, resources: resources.map(asRuled) };
}

function asRuled({ type, name, inputs, protect }: RecordedResource): PolicyResource {
  return { type, name, protect, inputs: hidden(inputs) as Record<string, unknown> };
}

function hidden(value: unknown): unknown {
  if (value instanceof Secret) return SECRET;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(hidden);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]));
}

/** What the rules say of a resource of the production customer's, once its inputs are edited. */
function judged(name: string, inputs: Readonly<Record<string, unknown>>, options: Partial<PolicyResource> = {}) {
  const resource = production.resources.find((each) => each.name === name);
  if (resource === undefined) throw new Error(`there is no resource "${name}"`);
  const merged = { ...resource.inputs, ...inputs };
  const { metadata } = resource.inputs;
  if ("metadata" in inputs) merged["metadata"] = { ...(metadata as object), ...(inputs["metadata"] as object) };
  const edited = { ...resource, ...options, inputs: merged };
  return judgeResource(edited, production.customer).map(({ rule, message }) => `${rule}: ${message}`);
}

describe("what the program registers", () => {
  test.each([
    ["the documented example", () => demo],
    ["production", () => production],
    ["an image that was pushed elsewhere", () => readBack],
  ])("keeps every rule: %s", (_title, stack) => {
    const { resources, customer } = stack();
    expect(resources.length).toBeGreaterThan(90);
    expect(resources.flatMap((resource) => judgeResource(resource, customer))).toEqual([]);
    expect(judgeStack(resources.map(({ type }) => type))).toEqual([]);
  });

  test("of all that takes labels by the pinned SDK, the rule knows where", () => {
    const types = new Set(production.resources.map(({ type }) => type).filter((type) => type.startsWith("gcp:")));
    const found = [...types].flatMap((type) => {
      const field = labelsOf(type);
      return field === undefined ? [] : [[type, field] as const];
    });
    expect(found.length).toBeGreaterThan(5);
    expect(Object.fromEntries(found)).toEqual(LABELLED_TYPES);
  });

  test("breaks no rule where its values are not known yet", () => {
    const blind = production.resources.map((resource) => ({ ...resource, inputs: blinded(resource.inputs) }));
    expect(blind.flatMap((resource) => judgeResource(resource, production.customer))).toEqual([]);
  });
});

function blinded(inputs: PolicyResource["inputs"]): PolicyResource["inputs"] {
  return Object.fromEntries(Object.keys(inputs).map((key) => [key, UNKNOWN]));
}

/** The input of a type that holds the operator's own labels, read from the SDK's declarations. */
function labelsOf(type: string): "labels" | "userLabels" | undefined {
  const [, module = "", name = ""] = type.split(":");
  const folder = join(dirname(require.resolve("@pulumi/gcp")), dirname(module));
  // A file's name is the type's in lower case at its beginning, which is not always one letter alone: iammember.d.ts.
  const file = readdirSync(folder).find((entry) => entry.toLowerCase() === `${name.toLowerCase()}.d.ts`);
  if (file === undefined) throw new Error(`the SDK declares no ${type}`);
  const text = readFileSync(join(folder, file), "utf8");
  const args = text.slice(text.indexOf(`export interface ${name}Args {`));
  const inputs = args.slice(0, args.indexOf("\n}"));
  const fields = new Set([...inputs.matchAll(/^ {4}(labels|userLabels)\??:/gm)].map(([, field]) => field));
  // A notification channel's "labels" are its settings.
  return fields.has("userLabels") ? "userLabels" : fields.has("labels") ? "labels" : undefined;
}

test("every rule has a name of its own and says what it prevents", () => {
  const all = [...RULES, BUDGET];
  expect(new Set(all.map(({ name }) => name)).size).toBe(18);
  expect(all.filter(({ why }) => !/^[A-Z].{40,}\.$/.test(why)).map(({ name }) => name)).toEqual([]);
});

describe("no-public-ssh", () => {
  const allows = (protocol: string, ...ports: string[]) => ({ allows: [{ protocol, ports }] });
  const WORLD = { sourceRanges: ["0.0.0.0/0"] };
  const refusal = (whom: string) => [
    `no-public-ssh: "network-iap-ssh" opens port 22 to ${whom}: let only 35.235.240.0/20 in and connect with "gcloud compute ssh --tunnel-through-iap"`,
  ];

  test.each([
    ["the world", WORLD, '"0.0.0.0/0"'],
    ["an office too", { sourceRanges: ["35.235.240.0/20", "198.51.100.7/32"] }, '"198.51.100.7/32"'],
    ["a wider range than the proxy's", { sourceRanges: ["35.235.0.0/16"] }, '"35.235.0.0/16"'],
    ["no one named, which means everyone", { sourceRanges: [] }, "everyone"],
    ["a range of ports", { ...WORLD, ...allows("tcp", "20-30") }, '"0.0.0.0/0"'],
    ["every port of TCP", { ...WORLD, ...allows("TCP") }, '"0.0.0.0/0"'],
    ["TCP by its number", { ...WORLD, ...allows("6", "22") }, '"0.0.0.0/0"'],
    ["every protocol", { ...WORLD, allows: [{ protocol: "all" }] }, '"0.0.0.0/0"'],
    ["IPv6", { sourceRanges: ["::/0"] }, '"::/0"'],
    ["a tag", { sourceRanges: ["35.235.240.0/20"], sourceTags: ["bastion"] }, '"bastion"'],
  ])("refuses %s", (_title, inputs, whom) => {
    const told = judged("network-iap-ssh", inputs).filter((breach) => breach.startsWith("no-public-ssh"));
    expect(told).toEqual(refusal(whom));
  });

  test.each([
    ["the proxy's range", {}],
    ["the web's ports", { ...WORLD, ...allows("tcp", "80", "443") }],
    ["what goes out", { ...WORLD, direction: "EGRESS" }],
    ["sources that are not known yet", { sourceRanges: UNKNOWN }],
  ])("takes %s", (_title, inputs) => {
    expect(judged("network-iap-ssh", inputs)).toEqual([]);
  });

  test("refuses the newer kinds of firewall rule, which it cannot read", () => {
    const type = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule";
    expect(judged("network-iap-ssh", {}, { type })).toEqual([
      `no-public-ssh: "network-iap-ssh" is of type "${type}", which this rule cannot read: write a gcp:compute/firewall:Firewall instead`,
    ]);
  });
});

describe("records", () => {
  test("the hook host's never has the proxy, however its name is written", () => {
    const fault = `hook-unproxied: "hook-record" puts Cloudflare's proxy before the hook host "hooks.demo-store.example": set "proxied" to false`;
    expect(judged("hook-record", { proxied: true })).toEqual([fault]);
    expect(judged("hook-record", { proxied: true, name: "Hooks.Demo-Store.example." })).toEqual([fault]);
    expect(judged("hook-record", { proxied: UNKNOWN })).toEqual([]);
  });

  test.each(["erp.demo-store.example", "sync.demo-store.example"])("%s always has it", (name) => {
    const fault = [`pages-proxied: "ui-record" has no proxy of Cloudflare's before "${name}": set "proxied" to true`];
    expect(judged("ui-record", { name, proxied: false })).toEqual(fault);
    expect(judged("ui-record", { name, proxied: undefined })).toEqual(fault);
    expect(judged("ui-record", { name })).toEqual([]);
  });
});

describe("one-build-per-tag", () => {
  const HOST = "europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store-erpnext/demo-store/erpnext";

  test("refuses another build under the same tag", () => {
    expect(judged("image-erpnext", {}, { before: { tags: [`${HOST}:1.0`] } })).toEqual([
      `one-build-per-tag: "image-erpnext" would be built again under the tag "${HOST}:1.0", which the registry refuses: undo the change, or give "erpnext.imageTag" a new release`,
    ]);
  });

  test("is content with a new tag, with a first build, and with other resources", () => {
    expect(judged("image-erpnext", {}, { before: { tags: [`${HOST}:0.9`] } })).toEqual([]);
    expect(judged("image-erpnext", {})).toEqual([]);
    expect(judged("image-repository", {}, { before: {} })).toEqual([]);
  });
});

describe("pinned-image", () => {
  const HOST = "europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store-erpnext/demo-store/erpnext";
  const digest = `sha256:${"d".repeat(64)}`;

  test.each([
    ["latest", [`${HOST}:latest`], `"${HOST}:latest"`],
    ["a second tag", [`${HOST}:1.0`, `${HOST}:stable`], `"${HOST}:stable"`],
    ["none at all", [HOST], `"${HOST}"`],
  ])("refuses to push %s", (_title, tags, shown) => {
    expect(judged("image-erpnext", { tags })).toEqual([
      `pinned-image: "image-erpnext" is pushed as ${shown} and not under the tag "1.0" of the intake: use "erpnext.imageTag" alone`,
    ]);
  });

  test("refuses an image without a name, and one that is built on a tag alone", () => {
    expect(judged("image-erpnext", { tags: [] })).toEqual([
      'pinned-image: "image-erpnext" has no tag: name it in "tags"',
    ]);
    const context = { named: { "frappe/base": { location: "docker-image://docker.io/frappe/base:version-15" } } };
    expect(judged("image-apps", { context })).toEqual([
      'pinned-image: "image-apps" is built on "docker-image://docker.io/frappe/base:version-15" without a digest: pin it with "npm run pin-base-images"',
    ]);
  });

  test("refuses a registry in which a tag can move", () => {
    const fault = [
      'pinned-image: "image-repository" lets a tag be pushed a second time: set "dockerConfig.immutableTags" to true',
    ];
    expect(judged("image-repository", { dockerConfig: { immutableTags: false } })).toEqual(fault);
    expect(judged("image-repository", { dockerConfig: undefined })).toEqual(fault);
  });

  test.each([
    [`IMAGE_REF="${HOST}:1.0"`, `${HOST}:1.0`],
    [`IMAGE_REF="${HOST}:1.1@${digest}"`, `${HOST}:1.1@${digest}`],
    [`IMAGE_REF="${HOST}@${digest}"`, `${HOST}@${digest}`],
    ["PROJECT=x", ""],
  ])("refuses a server that runs %s", (line, shown) => {
    expect(judged("server-instance", { metadata: { "erpnext-env": `A="1"\n${line}\n` } })).toEqual([
      `pinned-image: "server-instance" runs "${shown}" and not the tag "1.0" by its digest: give IMAGE_REF as <name>:<tag>@sha256:<digest>`,
    ]);
  });

  test("waits for an environment that is not known yet", () => {
    expect(judged("server-instance", { metadata: { "erpnext-env": UNKNOWN } })).toEqual([]);
  });
});

describe("production-protected", () => {
  test.each(["server-data", "network-address", "image-repository", "backups-bucket"])(
    "refuses %s unprotected",
    (name) => {
      expect(judged(name, {}, { protect: false })).toEqual([
        `production-protected: "${name}" of a production customer is not protected: set the option "protect"`,
      ]);
    },
  );

  test("refuses an unprotected database of the Sync Console's", () => {
    const type = "cloudflare:index/d1Database:D1Database";
    expect(judged("ui-record", {}, { type })).toEqual([
      'production-protected: "ui-record" of a production customer is not protected: set the option "protect"',
    ]);
  });

  test("refuses a server that can be deleted and a bucket that goes with its content", () => {
    expect(judged("server-instance", { deletionProtection: false })).toEqual([
      'production-protected: "server-instance" of a production customer can be deleted: set "deletionProtection" to true',
    ]);
    expect(judged("backups-bucket", { forceDestroy: true })).toEqual([
      'production-protected: "backups-bucket" of a production customer would be deleted with all that is in it: set "forceDestroy" to false',
    ]);
  });
});

describe("metadata-without-secrets", () => {
  const env = (text: string) => `IMAGE_REF="x/demo-store/erpnext:1.0@sha256:${"d".repeat(64)}"\n${text}`;

  test.each(["shpat_0123456789abcdef", "https://user:hunter2@example.com", "-----BEGIN RSA PRIVATE KEY-----"])(
    "refuses %s, and does not say it again",
    (secret) => {
      expect(judged("server-instance", { metadata: { "erpnext-env": env(`TOKEN="${secret}"`) } })).toEqual([
        'metadata-without-secrets: "server-instance" has what looks like a credential in metadata["erpnext-env"]: put it into Secret Manager, which the server reads with its own identity',
      ]);
    },
  );

  test("refuses whatever the stack keeps secret, of any shape, also in a boot script", () => {
    const fault = (path: string) => [
      `metadata-without-secrets: "server-instance" has a secret of the stack in ${path}: put it into Secret Manager, which the server reads with its own identity`,
    ];
    expect(judged("server-instance", { metadata: { note: SECRET } })).toEqual(fault("metadata.note"));
    expect(judged("server-instance", { metadataStartupScript: SECRET })).toEqual(fault("metadataStartupScript"));
  });
});

describe("labelled", () => {
  const labels = { customer: "demo-store", environment: "production", "managed-by": "pulumi" };

  test.each([
    ["server-data", { labels: undefined }, "customer", "demo-store", "labels"],
    ["server-data", { labels: { ...labels, customer: "acme" } }, "customer", "demo-store", "labels"],
    [
      "monitoring-healthz",
      { userLabels: { ...labels, environment: "test" } },
      "environment",
      "production",
      "userLabels",
    ],
  ] as const)("refuses %s with %j", (...[name, inputs, key, value, field]) => {
    expect(judged(name, inputs)).toEqual([
      `labelled: "${name}" has no label "${key}" with the value "${value}": give it the customer's labels in "${field}"`,
    ]);
  });

  test("asks a test customer's resources for their last day", () => {
    const disk = demo.resources.find(({ name }) => name === "server-data")!;
    const own = { ...labels, environment: "test" };
    expect(judgeResource({ ...disk, inputs: { ...disk.inputs, labels: own } }, demo.customer)).toEqual([
      {
        rule: "labelled",
        message: `"server-data" has no label "expires-on" with the value "2030-12-31": give it the customer's labels in "labels"`,
      },
    ]);
  });
});

describe("intake-places", () => {
  test.each([
    ["server-data", { zone: "europe-west3-b" }, '"europe-west3-b" in zone: use "europe-west3-a"'],
    ["network-address", { region: "us-central1" }, '"us-central1" in region: use "europe-west3"'],
    ["backups-bucket", { location: "EU" }, '"EU" in location: use "europe-west3"'],
    ["server-data", { project: "acme-erpnext" }, '"acme-erpnext" in project: use "demo-store-erpnext"'],
    [
      "secrets-shopify-api-secret",
      { replication: { userManaged: { replicas: [{ location: "us-east1" }] } } },
      '"us-east1" in replication.userManaged.replicas[0].location: use "europe-west3"',
    ],
    [
      "server-daily-snapshots",
      { snapshotSchedulePolicy: { snapshotProperties: { storageLocations: "eu" } } },
      '"eu" in snapshotSchedulePolicy.snapshotProperties.storageLocations: use "europe-west3"',
    ],
    ["gcp", { region: "us-central1" }, '"us-central1" in region: use "europe-west3"'],
  ])("refuses %s with %j", (name, inputs, what) => {
    expect(judged(name, inputs)).toEqual([`intake-places: "${name}" has ${what}, as the intake says`]);
  });

  test("takes a place in capitals, as Google writes them, and leaves other clouds alone", () => {
    expect(judged("backups-bucket", { location: "EUROPE-WEST3" })).toEqual([]);
    expect(judged("ui-record", { zone: "demo-store.example" })).toEqual([]);
  });
});

describe("budget", () => {
  const types = (count: number) => Array.from({ length: count }, () => "gcp:projects/service:Service");

  test("counts what the program makes, and not Pulumi's own", () => {
    const providers = ["pulumi:pulumi:Stack", "pulumi:providers:gcp"];
    expect(judgeStack([...types(MOST_RESOURCES), ...providers])).toEqual([]);
    expect(judgeStack(types(MOST_RESOURCES + 1))).toEqual([
      {
        rule: "budget",
        message: "the stack has 161 resources: at most 160 are meant, or raise the limit in infra/policy/budget.ts",
      },
    ]);
  });

  test("allows one of what costs", () => {
    const disk = "gcp:compute/disk:Disk";
    expect(judgeStack([disk])).toEqual([]);
    expect(judgeStack([disk, disk])).toEqual([
      { rule: "budget", message: "the stack has 2 of gcp:compute/disk:Disk: a customer has one" },
    ]);
  });
});

describe("web-ports-only", () => {
  const WORLD = { sourceRanges: ["0.0.0.0/0"] };
  const refusal = (what: string, whom = '"0.0.0.0/0"') => [
    `web-ports-only: "network-web" opens ${what} to ${whom}: the server takes TCP 80 and 443 from the world and nothing else`,
  ];

  test.each([
    ["a database", { ...WORLD, allows: [{ protocol: "tcp", ports: ["443", "3306"] }] }, refusal("tcp 3306")],
    ["a queue", { ...WORLD, allows: [{ protocol: "TCP", ports: ["6379"] }] }, refusal("tcp 6379")],
    ["a range around the web's", { ...WORLD, allows: [{ protocol: "tcp", ports: ["80-90"] }] }, refusal("tcp 80-90")],
    ["HTTP/3", { ...WORLD, allows: [{ protocol: "udp", ports: ["443"] }] }, refusal("udp 443")],
    [
      "a database to no one named, which means everyone",
      { sourceRanges: undefined, allows: [{ protocol: "tcp", ports: ["3306"] }] },
      refusal("tcp 3306", "everyone"),
    ],
    [
      "a database to an office",
      { sourceRanges: ["198.51.100.7/32"], allows: [{ protocol: "tcp", ports: ["3306"] }] },
      refusal("tcp 3306", '"198.51.100.7/32"'),
    ],
  ])("refuses %s", (_title, inputs, fault) => {
    expect(judged("network-web", inputs)).toEqual(fault);
  });

  test.each([
    ["what is in the same network", { sourceRanges: ["10.10.0.0/24"], allows: [{ protocol: "tcp", ports: ["3306"] }] }],
    ["a ping", { ...WORLD, allows: [{ protocol: "icmp" }] }],
    ["ports that are not known yet", { ...WORLD, allows: [{ protocol: "tcp", ports: UNKNOWN }] }],
  ])("takes %s", (_title, inputs) => {
    expect(judged("network-web", inputs)).toEqual([]);
  });
});

describe("narrow-grants", () => {
  const fault = (what: string) => [`narrow-grants: "image-reader" grants ${what}`];
  const open = (who: string) =>
    fault(`"roles/artifactregistry.reader" to "${who}": name the service account that needs it`);
  const wide = (role: string) => fault(`"${role}": grant the one permission that is needed, on the one resource`);
  const policy = (role: string, member: string) => JSON.stringify({ bindings: [{ role, members: [member] }] });

  test.each([
    ["a bucket to everyone", { member: "allUsers" }, {}, open("allUsers")],
    ["a bucket to every Google account", { member: "allAuthenticatedUsers" }, {}, open("allAuthenticatedUsers")],
    [
      "it in a binding",
      { member: undefined, members: ["user:ann@example.com", "allUsers"] },
      { type: "gcp:storage/bucketIAMBinding:BucketIAMBinding" },
      open("allUsers"),
    ],
    [
      "it in a whole policy",
      { policyData: policy("roles/artifactregistry.reader", "allUsers") },
      { type: "gcp:storage/bucketIAMPolicy:BucketIAMPolicy" },
      open("allUsers"),
    ],
    [
      "it as an access control",
      { entity: "allUsers", member: undefined },
      { type: "gcp:storage/bucketAccessControl:BucketAccessControl" },
      open("allUsers"),
    ],
    ["a basic role", { role: "roles/owner" }, {}, wide("roles/owner")],
    ["whatever administers a service", { role: "roles/storage.admin" }, {}, wide("roles/storage.admin")],
    ["whatever administers objects", { role: "roles/storage.objectAdmin" }, {}, wide("roles/storage.objectAdmin")],
  ] as const)("refuses %s", (...[, inputs, options, said]) => {
    expect(judged("image-reader", inputs, options)).toEqual(said);
  });
});

test.each([
  ["publicAccessPrevention", "inherited", 'can be opened to the world: set "publicAccessPrevention" to "enforced"'],
  ["uniformBucketLevelAccess", false, 'can be opened object by object: set "uniformBucketLevelAccess" to true'],
  [
    "versioning",
    { enabled: false },
    'keeps nothing that is overwritten: set "versioning.enabled" or "retentionPolicy.isLocked" to true',
  ],
  [
    "versioning",
    undefined,
    'keeps nothing that is overwritten: set "versioning.enabled" or "retentionPolicy.isLocked" to true',
  ],
])("closed-buckets refuses a bucket with %s %j", (field, value, said) => {
  expect(judged("backups-bucket", { retentionPolicy: undefined, [field]: value })).toEqual([
    `closed-buckets: "backups-bucket" ${said}`,
  ]);
});

test.each([
  [{ "enable-oslogin": "FALSE" }, 'has metadata["enable-oslogin"] not on: set it to "TRUE"'],
  [{ "block-project-ssh-keys": undefined }, 'has metadata["block-project-ssh-keys"] not on: set it to "TRUE"'],
  [{ "serial-port-enable": "1" }, 'opens its serial console: set metadata["serial-port-enable"] to "FALSE"'],
  [{ "ssh-keys": "ann:ssh-ed25519 AAAA" }, 'lets in whom metadata["ssh-keys"] names: remove it, OS Login asks Google'],
])("os-login refuses a server with %j", (entries, said) => {
  expect(judged("server-instance", { metadata: entries })).toEqual([`os-login: "server-instance" ${said}`]);
});

describe("login-asks", () => {
  const past = 'lets everyone past the login ("bypass"): set "decision" to "allow" and name people';
  const anyone = (kind: string) =>
    `includes "${kind}", which is anyone: name the people, their domain, or this stack's own service token`;

  test.each([
    ["ui-people-policy", { decision: "bypass" }, past],
    ["ui-people-policy", { includes: [{ everyone: {} }] }, anyone("everyone")],
    ["ui-automation-policy", { includes: [{ anyValidServiceToken: {} }] }, anyone("anyValidServiceToken")],
    ["console-application", { policies: [{ name: "all", decision: "bypass", includes: [{ everyone: {} }] }] }, past],
    ["ui-application", { policies: [{ decision: "allow", includes: [{ everyone: {} }] }] }, anyone("everyone")],
  ])("refuses %s with %j", (name, inputs, said) => {
    expect(judged(name, inputs)).toEqual([`login-asks: "${name}" ${said}`]);
  });

  test("takes a policy that refuses everyone", () => {
    expect(judged("ui-people-policy", { decision: "deny", includes: [{ everyone: {} }] })).toEqual([]);
  });
});

test.each([
  [
    { service: "tcp://redis-queue:6379" },
    'leads to "tcp://redis-queue:6379": lead the tunnel to http://frontend:8080 alone',
  ],
  [
    { service: "http://frontend:8080", originRequest: { access: { required: false } } },
    'passes requests on without a login: set "originRequest.access.required" to true',
  ],
  [
    { service: "http://frontend:8080" },
    'passes requests on without a login: set "originRequest.access.required" to true',
  ],
  [{ service: "bastion" }, 'leads to "bastion": lead the tunnel to http://frontend:8080 alone'],
])("tunnel-to-pages refuses the rule %j", (rule, said) => {
  const config = { ingresses: [rule, { service: "http_status:404" }] };
  expect(judged("ui-rules", { config })).toEqual([`tunnel-to-pages: "ui-rules" ${said}`]);
});

test.each(["enabled", "previewsEnabled"])("no-workers-dev refuses a Worker with %s", (field) => {
  expect(judged("console-subdomain", { [field]: true })).toEqual([
    `no-workers-dev: "console-subdomain" publishes the Worker beside its login: set "${field}" to false`,
  ]);
});

describe("the queue of deliveries", () => {
  const inputs = (type: string, values: Record<string, unknown>): PolicyResource => ({
    type: `gcp:pubsub/${type}`,
    name: "deliveries",
    inputs: values,
    protect: false,
  });
  const kept = { messageRetentionDuration: "2678400s", expirationPolicy: { ttl: "" }, retainAckedMessages: true };
  const grant = { role: "roles/pubsub.publisher" };
  const shopify = "serviceAccount:delivery@shopify-pubsub-webhooks.iam.gserviceaccount.com";
  const policy = (member: string) => JSON.stringify({ bindings: [{ ...grant, members: [shopify, member] }] });

  test.each([
    ["topicIAMMember:TopicIAMMember", { ...grant, member: shopify }, undefined],
    [
      "topicIAMMember:TopicIAMMember",
      { ...grant, member: "user:eve@example.com" },
      /lets "user:eve@example.com" publish/,
    ],
    ["topicIAMBinding:TopicIAMBinding", { ...grant, members: [shopify, "group:all@example.com"] }, /lets "group:all/],
    ["topicIAMPolicy:TopicIAMPolicy", { policyData: policy("user:eve@example.com") }, /lets "user:eve/],
    ["topic:Topic", { messageRetentionDuration: "86400s" }, /31 days/],
    ["subscription:Subscription", kept, undefined],
    ["subscription:Subscription", { ...kept, expirationPolicy: undefined }, /"expirationPolicy.ttl" to ""/],
    ["subscription:Subscription", { ...kept, retainAckedMessages: false }, /"retainAckedMessages" to true/],
  ])("%s with %j", (type, values, fault) => {
    const messages = judgeResource(inputs(type, values), production.customer)
      .filter(({ rule }) => rule === "safe-queue")
      .map(({ message }) => message);
    expect(messages).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
  });
});
