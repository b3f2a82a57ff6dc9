import { statSync } from "node:fs";
import { join } from "node:path";

import type { CloudChange } from "./index";
import { ACCOUNT, gcpSamples } from "./testing/customer-resources";
import type { Made } from "./testing/customer-resources";
import { secret } from "./testing/plugin-client";
import type { Inputs, Known, PluginClient } from "./testing/plugin-client";
import { CONFIG, RunningCloud } from "./testing/running-cloud";
import { fromWire } from "./values";

const SERVICE = "gcp:projects/service:Service";
const NETWORK = "gcp:compute/network:Network";
const ADDRESS = "gcp:compute/address:Address";
const INSTANCE = "gcp:compute/instance:Instance";
const TUNNEL = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
const TOKEN = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken";
const TUNNEL_TOKEN = "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken";

let running: RunningCloud;
let gcp: PluginClient;
let cloudflare: PluginClient;

beforeEach(async () => {
  running = await RunningCloud.start();
  gcp = await running.connect("gcp");
  cloudflare = await running.connect("cloudflare");
  await gcp.create(SERVICE, "compute", { service: "compute.googleapis.com" });
});

afterEach(async () => {
  await running.end();
});

const addressInputs: Inputs = { name: "acme", region: "europe-west1", labels: { part: "door" } };
const tunnelInputs: Inputs = { accountId: ACCOUNT, name: "acme", configSrc: "cloudflare" };

/** The whole of a customer's Google Cloud resources, by logical name. */
async function customer(): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  const made: Made = (name) => ({ ...fromWire(known.get(name)!.outputs).plain, id: known.get(name)!.id });
  for (const sample of gcpSamples)
    known.set(sample.name, await gcp.create(sample.type, sample.name, sample.inputs(made)));
  return known;
}

describe("drift", () => {
  it("is seen by a refresh, and undone by an update", async () => {
    const known = await gcp.create(ADDRESS, "address", addressInputs);
    running.cloud.mutate({ type: ADDRESS, id: known.id }, { inputs: { labels: { part: "by hand" } } });
    expect((await gcp.diff(known, addressInputs)).changes).toBe(false);
    const read = (await gcp.read(known))!;
    expect(read.inputs.plain["labels"]).toEqual({ part: "by hand" });
    expect(read.outputs.plain["effectiveLabels"]).toMatchObject({ part: "by hand" });
    expect((await gcp.diff(read.known, addressInputs)).detailed).toEqual({ "labels.part": 4 });
    await gcp.update(read.known, addressInputs);
    expect(running.cloud.find(ADDRESS)?.inputs["labels"]).toEqual({ part: "door" });
  });

  it("is seen where a hand set what the program does not", async () => {
    const known = await gcp.create(NETWORK, "network", { name: "acme" });
    running.cloud.mutate({ type: NETWORK, id: known.id }, { inputs: { mtu: 1500 } });
    const read = (await gcp.read(known))!;
    expect((await gcp.diff(read.known, { name: "acme" })).detailed).toEqual({ mtu: 2 });
  });

  it("is seen where a hand took something away, or deleted all of it", async () => {
    const known = await gcp.create(ADDRESS, "address", addressInputs);
    running.cloud.mutate({ type: ADDRESS, id: known.id }, { inputs: { labels: null } });
    const read = (await gcp.read(known))!;
    expect((await gcp.diff(read.known, addressInputs)).detailed).toEqual({ labels: 0 });
    running.cloud.remove({ type: ADDRESS, id: known.id });
    expect(await gcp.read(known)).toBeUndefined();
    await expect(gcp.update(known, addressInputs)).rejects.toThrow(/does not exist any more; run "pulumi refresh"/);
    await gcp.delete(known);
  });

  it("keeps what only the engine knows", async () => {
    const known = (await customer()).get("server")!;
    expect((await gcp.read(known))?.inputs.plain["allowStoppingForUpdate"]).toBe(true);
    expect(running.cloud.find(INSTANCE)?.inputs).not.toHaveProperty("allowStoppingForUpdate");
  });
});

describe("identity", () => {
  it("lets an import name a resource by its id or its name alone", async () => {
    const known = await gcp.create(NETWORK, "network", { name: "acme", mtu: 1500 });
    for (const id of [known.id, "acme"]) {
      const read = await gcp.read({ type: NETWORK, name: "network", id });
      expect(read?.known.id).toBe("projects/acme-project/global/networks/acme");
      expect(read?.inputs.plain).toEqual({ name: "acme", mtu: 1500 });
    }
  });

  it("makes up a name from the logical one, and never gives out an address twice", async () => {
    const first = await gcp.create(ADDRESS, "first", {});
    const second = await gcp.create(ADDRESS, "second", {});
    expect(first.plain["name"]).toMatch(/^first-[0-9a-f]{7}$/);
    expect([first.plain["address"], second.plain["address"]]).toEqual(["203.0.113.1", "203.0.113.2"]);
  });

  it("deletes first where a given name stays, and last where the name changes", async () => {
    const known = await gcp.create(ADDRESS, "address", addressInputs);
    expect((await gcp.diff(known, { ...addressInputs, description: "other" })).first).toBe(true);
    expect((await gcp.diff(known, { ...addressInputs, name: "other" })).first).toBe(false);
  });

  it("keeps apart what two stacks configure at the same time", async () => {
    const other = await running.connect("gcp", { ...CONFIG.gcp, project: "other-project" });
    await other.create(SERVICE, "compute", { service: "compute.googleapis.com" });
    const [mine, theirs] = await Promise.all([
      gcp.create(NETWORK, "network", { name: "acme" }),
      other.create(NETWORK, "network", { name: "acme" }),
    ]);
    expect([mine.id, theirs.id]).toEqual([
      "projects/acme-project/global/networks/acme",
      "projects/other-project/global/networks/acme",
    ]);
    expect(mine.plain["selfLink"]).toBe(
      "https://www.googleapis.com/compute/v1/projects/acme-project/global/networks/acme",
    );
  });

  it("lets a connection that said nothing speak for the latest that did", async () => {
    const silent = running.dial("gcp");
    expect((await silent.create(NETWORK, "network", { name: "acme" })).id).toBe(
      "projects/acme-project/global/networks/acme",
    );
  });
});

describe("secrets", () => {
  const SECRET = "gcp:secretmanager/secret:Secret";
  const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";

  it("come back as secrets, whether they came so or the cloud made them", async () => {
    await gcp.create(SERVICE, "secretmanager", { service: "secretmanager.googleapis.com" });
    const holder = await gcp.create(SECRET, "secret", { secretId: "acme", replication: { auto: {} } });
    const version = await gcp.create(VERSION, "version", { secret: holder.id, secretData: secret("payload") });
    expect(version.marked.secrets).toContainEqual(["secretData"]);
    expect(version.plain["secretData"]).toBe("payload");
    const read = (await gcp.read(version))!;
    expect([read.inputs.secrets, read.outputs.secrets]).toEqual([[["secretData"]], [["secretData"]]]);
    const token = await cloudflare.create(TOKEN, "token", { accountId: ACCOUNT, name: "acme" });
    expect(token.marked.secrets).toEqual([["clientSecret"]]);
    expect(token.plain["clientId"]).toMatch(/^[0-9a-f]{32}\.access$/);
  });

  it("keep their place deep inside other inputs", async () => {
    const script = await cloudflare.create("cloudflare:index/workersScript:WorkersScript", "script", {
      accountId: ACCOUNT,
      scriptName: "console",
      content: "x",
      bindings: [
        { name: "A", type: "plain_text", text: "open" },
        { name: "B", type: "secret_text", text: secret("hush") },
      ],
    });
    expect(script.marked.secrets).toEqual([["bindings", 1, "text"]]);
    expect((await cloudflare.read(script))?.outputs.secrets).toEqual([["bindings", 1, "text"]]);
  });

  it("of a service token are told once: a read keeps the engine's, an import gets none, a new version another", async () => {
    const inputs = { accountId: ACCOUNT, name: "acme" };
    const token = await cloudflare.create(TOKEN, "token", inputs);
    expect((await cloudflare.read(token))?.outputs.plain["clientSecret"]).toBe(token.plain["clientSecret"]);
    expect((await cloudflare.read({ type: TOKEN, name: "token", id: token.id }))?.outputs.plain).not.toHaveProperty(
      "clientSecret",
    );
    const renamed = await cloudflare.update(token, { ...inputs, name: "other" });
    expect(renamed.plain["clientSecret"]).toBe(token.plain["clientSecret"]);
    const rotated = await cloudflare.update(renamed, { ...inputs, name: "other", clientSecretVersion: 2 });
    expect(rotated.plain["clientSecret"]).toMatch(/^[0-9a-f]{64}$/);
    expect(rotated.plain["clientSecret"]).not.toBe(token.plain["clientSecret"]);
  });

  it("of a tunnel make its token", async () => {
    const tunnel = await cloudflare.create(TUNNEL, "tunnel", tunnelInputs);
    const { plain, secrets } = await cloudflare.invoke(TUNNEL_TOKEN, { accountId: ACCOUNT, tunnelId: tunnel.id });
    expect(secrets).toEqual([["token"]]);
    expect(JSON.parse(Buffer.from(plain["token"] as string, "base64").toString())).toEqual({
      a: ACCOUNT,
      t: tunnel.id,
      s: tunnel.plain["tunnelSecret"],
    });
    await expect(cloudflare.invoke(TUNNEL_TOKEN, { accountId: ACCOUNT, tunnelId: "no" })).rejects.toThrow(
      /knows no tunnel "no"/,
    );
  });
});

describe("faults", () => {
  it("fail as often as asked, before anything has happened", async () => {
    running.cloud.failNext({
      type: NETWORK,
      operation: "create",
      times: 2,
      message: "Quota 'NETWORKS' exceeded.",
      status: 403,
    });
    await gcp.previewCreate(NETWORK, "network", { name: "acme" });
    await gcp.create(ADDRESS, "address", addressInputs);
    await expect(gcp.create(NETWORK, "network", { name: "acme" })).rejects.toThrow("Quota 'NETWORKS' exceeded.");
    await expect(gcp.create(NETWORK, "network", { name: "acme" })).rejects.toThrow("Quota 'NETWORKS' exceeded.");
    expect(running.cloud.resources(NETWORK)).toEqual([]);
    await gcp.create(NETWORK, "network", { name: "acme" });
  });

  it("may lose the answer after it has happened", async () => {
    running.cloud.failNext({ operation: "create", when: "after", message: "connection reset" });
    await expect(gcp.create(NETWORK, "network", { name: "acme" })).rejects.toThrow("connection reset");
    expect(running.cloud.resources(NETWORK)).toHaveLength(1);
    await expect(gcp.create(NETWORK, "network", { name: "acme" })).rejects.toThrow(/Error 409: .+ already exists/);
  });

  it("may only be slow, and end when the cloud closes", async () => {
    running.cloud.failNext({ operation: "create", delayMs: 150 });
    const before = Date.now();
    await gcp.create(NETWORK, "network", { name: "acme" });
    expect(Date.now() - before).toBeGreaterThanOrEqual(140);
    running.cloud.failNext({ operation: "create", delayMs: 600_000 });
    const waiting = gcp.create(NETWORK, "network", { name: "other" });
    const outcome = expect(waiting).rejects.toThrow();
    await running.restart();
    await outcome;
    expect(running.cloud.resources(NETWORK)).toHaveLength(1);
  });

  it("meet deletes, reads, updates and data sources too", async () => {
    const known = await gcp.create(NETWORK, "network", { name: "acme" });
    for (const operation of ["delete", "read", "update"] as const)
      running.cloud.failNext({ operation, message: `no ${operation}` });
    running.cloud.failNext({
      operation: "invoke",
      type: "gcp:organizations/getClientConfig:getClientConfig",
      message: "no invoke",
    });
    await expect(gcp.delete(known)).rejects.toThrow("no delete");
    await expect(gcp.read(known)).rejects.toThrow("no read");
    await expect(gcp.update(known, { name: "acme", mtu: 1500 })).rejects.toThrow("no update");
    await expect(gcp.invoke("gcp:organizations/getClientConfig:getClientConfig", {})).rejects.toThrow("no invoke");
  });
});

describe("the cloud", () => {
  it("comes back from its file, which only its owner may read", async () => {
    await customer();
    const before = running.cloud.resources();
    expect(statSync(join(running.dir, "cloud.json")).mode & 0o777).toBe(0o600);
    await running.restart();
    expect(running.cloud.resources()).toEqual(before);
    gcp = await running.connect("gcp");
    expect((await gcp.read({ type: NETWORK, name: "network", id: "acme" }))?.inputs.plain["name"]).toBe("acme");
  });

  it("tells of every change, in order", async () => {
    const changes: CloudChange[] = [];
    const stop = running.cloud.on("change", (change) => {
      changes.push(change);
    });
    const known = await gcp.create(ADDRESS, "address", addressInputs);
    await gcp.update(known, { ...addressInputs, labels: {} });
    await gcp.delete(known);
    stop();
    await gcp.create(ADDRESS, "address", addressInputs);
    expect(
      changes.map(({ operation, record, previous }) => [
        operation,
        record.id,
        record.inputs["labels"],
        previous?.inputs["labels"],
      ]),
    ).toEqual([
      ["create", known.id, { part: "door" }, undefined],
      ["update", known.id, {}, { part: "door" }],
      ["delete", known.id, {}, undefined],
    ]);
  });

  it("counts who asked what, and what of it could change something", async () => {
    running.log.clear();
    await gcp.previewCreate(ADDRESS, "address", addressInputs);
    const known = await gcp.create(ADDRESS, "address", addressInputs);
    await gcp.diff(known, addressInputs);
    await gcp.read(known);
    await gcp.delete(known);
    expect(
      running.log.entries.map(({ service, method, path, write, status }) => [service, method, path, write, status]),
    ).toEqual([
      ["gcp", "Check", ADDRESS, false, 200],
      ["gcp", "Create", ADDRESS, false, 200],
      ["gcp", "Check", ADDRESS, false, 200],
      ["gcp", "Create", ADDRESS, true, 200],
      ["gcp", "Check", ADDRESS, false, 200],
      ["gcp", "Diff", ADDRESS, false, 200],
      ["gcp", "Read", ADDRESS, false, 200],
      ["gcp", "Delete", ADDRESS, true, 200],
    ]);
  });

  it("is empty once only enabled APIs are left", async () => {
    const known = await gcp.create(NETWORK, "network", { name: "acme" });
    expect(running.cloud.leftovers().map((record) => record.id)).toEqual([known.id]);
    await gcp.delete(known);
    expect([running.cloud.isEmpty(), running.cloud.resources().length]).toEqual([true, 1]);
  });

  it("counts a delete that sends nothing as no write, and ends a tunnel's rules with the tunnel", async () => {
    const tunnel = await cloudflare.create(TUNNEL, "tunnel", tunnelInputs);
    const rules = await cloudflare.create(
      "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
      "rules",
      {
        accountId: ACCOUNT,
        tunnelId: tunnel.id,
        config: { ingresses: [{ service: "http_status:404" }] },
      },
    );
    running.log.clear();
    await cloudflare.delete(rules);
    expect([running.log.writes(), running.cloud.leftovers()]).toEqual([
      [],
      [expect.objectContaining({ id: tunnel.id }), expect.objectContaining({ id: tunnel.id })],
    ]);
    await cloudflare.delete(tunnel);
    expect(running.cloud.isEmpty()).toBe(true);
  });

  it("says where a hand reaches for something that is not there", () => {
    expect(() => running.cloud.mutate({ type: NETWORK, id: "no" }, {})).toThrow(
      `The sandbox's cloud holds no ${NETWORK} "no".`,
    );
    expect(() => {
      running.cloud.pushImage("No Image", "sha256:0");
    }).toThrow('"No Image" is no image reference; write "<host>/<path>:<tag>".');
  });
});
