import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { send } from "../clients/node-http";
import { startCloud, type Cloud } from "./cloud";
import { startComputeApi } from "./compute-api";
import { freePort } from "./ports";
import { RequestLog } from "./request-log";

const INSTANCE = "gcp:compute/instance:Instance";

let dir: string;
let cloud: Cloud;
let api: { close(): Promise<void> };
let base: string;
const log = new RequestLog();

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "compute-api-"));
  cloud = await startCloud({ dir, log });
  const port = await freePort();
  api = await startComputeApi({ cloud, log, port });
  base = `http://127.0.0.1:${port}/projects/p/zones/z/instances/`;
  const inputs = { name: "acme-erpnext", labels: { customer: "acme" }, metadata: { "erpnext-digest": "sha256:1" } };
  cloud.plant({ provider: "gcp", type: INSTANCE, id: "acme", scope: "p", inputs, outputs: inputs });
});

afterAll(async () => {
  await api.close();
  await cloud.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(method: "GET" | "POST", path: string, body?: unknown) {
  const headers = { "Content-Type": "application/json" };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await send({ method, url: new URL(`${base}${path}`), headers, timeoutMs: 5_000, ...text });
  return {
    status: answer.status,
    body: JSON.parse(answer.text) as { metadata: { fingerprint: string; items: unknown } },
  };
}

test("shows an instance's metadata and keeps what is written over it", async () => {
  const { body } = await ask("GET", "acme-erpnext");
  expect(body.metadata.items).toEqual([{ key: "erpnext-digest", value: "sha256:1" }]);
  const items = [
    { key: "erpnext-digest", value: "sha256:1" },
    { key: "erpnext-request", value: "{}" },
  ];
  const written = await ask("POST", "acme-erpnext/setMetadata", { fingerprint: body.metadata.fingerprint, items });
  expect(written.status).toBe(200);
  expect(cloud.find(INSTANCE)?.inputs["metadata"]).toEqual({ "erpnext-digest": "sha256:1", "erpnext-request": "{}" });
  expect(log.writes().map(({ path }) => path)).toEqual(["setMetadata"]);
});

test("shows whose an instance is", async () => {
  expect((await ask("GET", "acme-erpnext")).body).toMatchObject({ labels: { customer: "acme" } });
});

test("refuses to write over what someone else wrote meanwhile", async () => {
  const before = cloud.find(INSTANCE)?.inputs["metadata"];
  const refused = await ask("POST", "acme-erpnext/setMetadata", { fingerprint: "stale", items: [] });
  expect(refused.status).toBe(412);
  expect(cloud.find(INSTANCE)?.inputs["metadata"]).toEqual(before);
});

test.each([
  ["GET", "missing"],
  ["POST", "missing/setMetadata"],
] as const)("%s of an instance that is not there: 404", async (method, path) => {
  expect((await ask(method, path, method === "POST" ? {} : undefined)).status).toBe(404);
});
