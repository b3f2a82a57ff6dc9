import type { CloudRecord } from "../cloud/records";
import {
  accessSecret,
  type CloudView,
  dataDisk,
  imageLabels,
  pullRefusal,
  reaches,
  resolveAddress,
  serviceAccountOf,
  settings,
  tunnelOf,
} from "./cloud-view";

const EMAIL = "server@demo.iam.gserviceaccount.com";
const MEMBER = `serviceAccount:${EMAIL}`;
const DIGEST = `sha256:${"a".repeat(64)}`;
const REFERENCE = `registry.example/demo/erpnext:1.0@${DIGEST}`;

const SECRET_READER = "gcp:secretmanager/secretIamMember:SecretIamMember";
const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const IMAGE = "docker-build:index:Image";
const IMAGE_READER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
const TUNNEL = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const FIREWALL = "gcp:compute/firewall:Firewall";
const INSTANCE = "gcp:compute/instance:Instance";

function record(type: string, inputs: Record<string, unknown>, id = "id"): CloudRecord {
  return {
    provider: "gcp",
    type,
    id,
    scope: "",
    inputs: inputs as CloudRecord["inputs"],
    outputs: {},
    createdAt: "",
    updatedAt: "",
  };
}

function cloud(...records: readonly CloudRecord[]): CloudView {
  return { resources: (type) => records.filter((candidate) => candidate.type === type) };
}

test("a record's settings are what the cloud made of what was asked for", () => {
  expect(settings({ ...record("x", { a: 1, b: 1 }), outputs: { b: 2, c: 3 } })).toEqual({ a: 1, b: 2, c: 3 });
});

describe("accessSecret", () => {
  const SECRET = "projects/demo/secrets/demo-store-tunnel-token";
  const reader = (edit: Record<string, string> = {}) =>
    record(SECRET_READER, { secretId: SECRET, member: MEMBER, role: "roles/secretmanager.secretAccessor", ...edit });
  const version = (number: string, secretData: string, edit: Record<string, unknown> = {}) =>
    record(SECRET_VERSION, { secret: SECRET, version: number, secretData, ...edit });
  const access = (wanted: string, ...records: readonly CloudRecord[]) => {
    const { status, body } = accessSecret(cloud(...records), `/v1/${SECRET}/versions/${wanted}:access`, EMAIL);
    const { payload, error } = JSON.parse(String(body)) as {
      payload?: { data: string };
      error?: { code: number; message: string; status: string };
    };
    return { status, value: Buffer.from(payload?.data ?? "", "base64").toString(), error };
  };
  const denied = {
    code: 403,
    message: `Permission 'secretmanager.versions.access' denied for resource '${SECRET}/versions/1' (or it may not exist).`,
    status: "PERMISSION_DENIED",
  };

  test.each([
    ["latest", "newest"],
    ["10", "newest"],
    ["9", "older"],
  ])("gives version %s, by number and not by order", (wanted, expected) => {
    const versions = [version("10", "newest"), version("9", "older"), version("2", "oldest")];
    expect(access(wanted, reader(), ...versions)).toMatchObject({ status: 200, value: expected });
  });

  test.each([
    ["it may not be read", []],
    ["another account may", [reader({ member: "serviceAccount:other@demo.iam.gserviceaccount.com" })]],
    ["it may be seen and not read", [reader({ role: "roles/secretmanager.viewer" })]],
    ["another secret may be read", [reader({ secretId: "projects/demo/secrets/demo-store-api-secret" })]],
  ])("refuses where %s", (_title, readers) => {
    expect(access("1", ...readers, version("1", "value"))).toEqual({ status: 403, value: "", error: denied });
  });

  test.each([
    ["there is none", [], 404, "NOT_FOUND", "not found."],
    ["there is another", [version("2", "value")], 404, "NOT_FOUND", "not found."],
    [
      "there are only another secret's",
      [version("1", "value", { secret: "projects/demo/secrets/x-demo-store-tunnel-token" })],
      404,
      "NOT_FOUND",
      "not found.",
    ],
    [
      "it is disabled",
      [version("1", "value", { enabled: false })],
      400,
      "FAILED_PRECONDITION",
      "is in DISABLED state.",
    ],
  ])("refuses where of versions %s", (...row) => {
    const [, versions, code, status, words] = row;
    const message = `Secret Version [${SECRET}/versions/1] ${words}`;
    expect(access("1", reader(), ...versions).error).toEqual({ code, message, status });
  });
});

describe("pullRefusal", () => {
  const built = record(IMAGE, { digest: DIGEST });
  const byReference = record(IMAGE, { ref: `registry.example/demo/erpnext:1.0@${DIGEST}` });
  const pushed = record("registry:tag", { digest: DIGEST });
  const reader = record(IMAGE_READER, { member: MEMBER, role: "roles/artifactregistry.reader" });
  const refused = (...records: readonly CloudRecord[]) => pullRefusal(cloud(...records), REFERENCE, EMAIL);

  test.each([
    ["built here", built],
    ["built here, known by its reference", byReference],
    ["pushed elsewhere", pushed],
  ])("hands over an image that was %s", (_title, image) => {
    expect(refused(image, reader)).toBeUndefined();
  });

  test.each([
    ["nothing was pushed", [reader]],
    ["another digest was", [reader, record(IMAGE, { digest: `sha256:${"b".repeat(64)}` })]],
  ])("knows no manifest where %s", (_title, records) => {
    expect(refused(...records)).toBe(
      `Error response from daemon: manifest for ${REFERENCE} not found: manifest unknown: Failed to fetch "${DIGEST}"`,
    );
  });

  test("knows none by a reference without a digest, whatever there is", () => {
    expect(
      pullRefusal(cloud(built, byReference, pushed, reader), "registry.example/demo/erpnext:1.0", EMAIL),
    ).toContain("manifest unknown");
  });

  test.each([
    ["pulling is not allowed", []],
    [
      "another account may",
      [record(IMAGE_READER, { member: "serviceAccount:o@x", role: "roles/artifactregistry.reader" })],
    ],
    ["it may do something else", [record(IMAGE_READER, { member: MEMBER, role: "roles/artifactregistry.writer" })]],
  ])("denies where %s", (_title, readers) => {
    expect(refused(built, ...readers)).toBe(
      'Error response from daemon: Head "https://registry.example/demo/erpnext:1.0": denied: Permission "artifactregistry.repositories.downloadArtifacts" denied',
    );
  });
});

test("an image says by its label what it holds", () => {
  const labels = { "erpnext.apps": "erpnext@v15" };
  expect(imageLabels(cloud(record(IMAGE, { digest: DIGEST, labels })), DIGEST)).toEqual(labels);
  expect(imageLabels(cloud(), DIGEST)).toEqual({});
});

describe("tunnelOf", () => {
  const token = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64");

  test("gives the tunnel that a token is for", () => {
    expect(tunnelOf(cloud(record(TUNNEL, {}, "tunnel-1")), token({ a: "account", t: "tunnel-1", s: "secret" }))).toBe(
      "tunnel-1",
    );
  });

  test("refuses a token whose tunnel is gone", () => {
    expect(() => tunnelOf(cloud(record(TUNNEL, {}, "tunnel-2")), token({ t: "tunnel-1" }))).toThrow(
      "the tunnel token belongs to no tunnel",
    );
  });

  test("refuses what is no token", () => {
    expect(() => tunnelOf(cloud(), "no token")).toThrow(SyntaxError);
  });
});

describe("the instance", () => {
  test("names its data disk by the last part of its source", () => {
    const attachedDisks = [
      { deviceName: "other", source: "projects/p/zones/z/disks/other" },
      { deviceName: "data", source: "projects/p/zones/z/disks/demo-data" },
    ];
    expect(dataDisk(record(INSTANCE, { attachedDisks }))).toBe("demo-data");
  });

  test.each([[undefined], [[]], [[{ deviceName: "other", source: "x" }]]])(
    "has none with the disks %j",
    (attachedDisks) => {
      const inputs = attachedDisks === undefined ? {} : { attachedDisks };
      expect(dataDisk(record(INSTANCE, inputs))).toBeUndefined();
    },
  );

  test("is the account it was given, or none", () => {
    expect(serviceAccountOf(record(INSTANCE, { serviceAccount: { email: EMAIL } }))).toBe(EMAIL);
    expect(serviceAccountOf(record(INSTANCE, {}))).toBe("");
  });
});

describe("resolveAddress", () => {
  const a = { name: "hooks.demo.example", type: "A", content: "203.0.113.10", proxied: false };

  test("gives the address of a DNS-only record", () => {
    expect(resolveAddress(cloud(record(DNS_RECORD, a)), "hooks.demo.example")).toBe("203.0.113.10");
  });

  test.each([
    ["no record", []],
    ["another name", [{ ...a, name: "erp.demo.example" }]],
    ["a proxied one", [{ ...a, proxied: true }]],
    ["one of another kind", [{ ...a, type: "CNAME" }]],
  ])("does not resolve with %s", (_title, records) => {
    const view = cloud(...records.map((inputs) => record(DNS_RECORD, inputs)));
    const refused: unknown = thrownBy(() => resolveAddress(view, "hooks.demo.example"));
    expect(refused).toMatchObject({ code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND hooks.demo.example" });
  });
});

describe("reaches", () => {
  const instance = record(INSTANCE, {
    tags: ["demo-erpnext"],
    networkInterfaces: [{ accessConfigs: [{ natIp: "203.0.113.10" }] }],
  });
  const rule = {
    sourceRanges: ["0.0.0.0/0"],
    targetTags: ["demo-erpnext"],
    allows: [{ protocol: "tcp", ports: ["80", "443"] }],
  };
  const to = { address: "203.0.113.10", port: 443 };

  test("an open port at the server's own address", () => {
    expect(reaches(cloud(record(FIREWALL, rule)), instance, to)).toBe(true);
  });

  test.each([
    { what: "no rule", rules: [] },
    { what: "a rule for others' addresses", rules: [{ ...rule, sourceRanges: ["35.235.240.0/20"] }] },
    { what: "a rule for another tag", rules: [{ ...rule, targetTags: ["other"] }] },
    { what: "a rule for another port", rules: [{ ...rule, allows: [{ protocol: "tcp", ports: ["22"] }] }] },
    { what: "another address", target: { ...to, address: "203.0.113.11" } },
    { what: "a server without a public address", server: record(INSTANCE, { tags: ["demo-erpnext"] }) },
    { what: "a server without the tag", server: record(INSTANCE, { ...instance.inputs, tags: [] }) },
  ])("nothing with $what", ({ rules = [rule], server = instance, target = to }) => {
    expect(reaches(cloud(...rules.map((inputs) => record(FIREWALL, inputs))), server, target)).toBe(false);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
