import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PROBED_APIS, probeApi } from "../clients/google-services";
import { send } from "../clients/node-http";
import { startCloud, type Cloud } from "./cloud";
import { cloudApiConfig, startCloudApi } from "./cloud-api";
import { freePort } from "./ports";
import { PubSub } from "./pubsub";
import { RequestLog } from "./request-log";
import type { Workers } from "./workers/workers";

const PROJECT = "acme-project";

let dir: string;
let cloud: Cloud;
let api: { close(): Promise<void> };
let url: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "cloud-api-"));
  const log = new RequestLog();
  cloud = await startCloud({ dir, log });
  const port = await freePort();
  api = await startCloudApi({ cloud, log, port, workers: undefined as unknown as Workers, pubsub: new PubSub(cloud) });
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  await api.close();
  await cloud.close();
  rmSync(dir, { recursive: true, force: true });
});

function enable(api: string): void {
  const type = "gcp:projects/service:Service";
  const id = `${PROJECT}/${api}.googleapis.com`;
  cloud.plant({ provider: "gcp", type, id, scope: PROJECT, inputs: {}, outputs: {} });
}

async function silent(): Promise<readonly string[]> {
  const probing = { send, project: PROJECT, token: "token", config: cloudApiConfig(url) };
  const states = await Promise.all(PROBED_APIS.map(async (api) => [api, (await probeApi(api, probing)).kind] as const));
  return states.filter(([, kind]) => kind === "not-yet").map(([api]) => api);
}

test("Google's APIs refuse a project that has them not enabled, and for a while after", async () => {
  const late = PROBED_APIS.filter((api) => api !== "monitoring");
  expect(await silent()).toEqual(late);
  cloud.apisAnswerAfterMs = 60_000;
  late.forEach(enable);
  expect(await silent()).toEqual(late);
  cloud.apisAnswerAfterMs = 0;
  expect(await silent()).toEqual([]);
});
