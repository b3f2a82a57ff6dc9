import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { startStubServer, type StubServer } from "../../../clients/testing/stub-server";
import { UserError } from "../../../components/shared/user-error";
import { adopt, isEmpty, lookForUnfinished } from "./adopt";
import type { Clouds } from "./clouds";
import type { RawDeployment } from "./unfinished";

const STACK = "urn:pulumi:acme::erpnext::";
const PROVIDER = `${STACK}pulumi:providers:gcp::gcp`;
const PARENT = `${STACK}erpnext:gcp:ServerMonitoring::monitoring`;

let directory: string;
let api: StubServer;
/** Rows by Monitoring's lists. */
let lists: Record<string, readonly object[]>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "adopt-test-"));
  lists = {};
  api = await startStubServer(({ path, method }) => {
    const list = path.split("?")[0]?.split("/").at(-1) ?? "";
    return { status: 200, body: method === "GET" ? { [list]: lists[list] ?? [], result: lists[list] ?? [] } : {} };
  });
});

afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await api.close();
});

function clouds(): Clouds {
  const at = { name: "the cloud", base: `${api.url}/`, token: "token" };
  return { google: () => Promise.resolve(at), cloudflare: at };
}

/** A project whose CLI prints this state, whatever it is asked. */
function projectWith(deployment: RawDeployment): Parameters<typeof lookForUnfinished>[0] {
  writeFileSync(join(directory, "state.json"), JSON.stringify({ version: 3, deployment }));
  const command = join(directory, "pulumi");
  writeFileSync(command, `#!/bin/sh\nexec cat ${join(directory, "state.json")}\n`);
  chmodSync(command, 0o755);
  const pulumiCommand = { command } as unknown as PulumiCommand;
  return { workDir: directory, pulumiCommand };
}

function known(type: string, id: string, inputs: Readonly<Record<string, unknown>>) {
  const urn = `${STACK}erpnext:gcp:ServerMonitoring$${type}::${id}`;
  return { urn, type, id, parent: PARENT, provider: `${PROVIDER}::1`, inputs };
}

const CHECK = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig";
const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";
const check = (id: string) => `projects/p/uptimeCheckConfigs/${id}`;
const alert = (id: string) => `projects/p/alertPolicies/${id}`;
const row = (name: string, displayName: string, customer = "acme") => ({ name, displayName, userLabels: { customer } });

const WHOLE: RawDeployment = {
  resources: [
    known(CHECK, check("2"), { project: "p", displayName: "acme: door" }),
    known(ALERT, alert("2"), { project: "p", displayName: "acme: down" }),
  ],
};

const look = (project: Parameters<typeof lookForUnfinished>[0], how: Partial<{ clouds: Clouds }> = {}) =>
  lookForUnfinished(project, { slug: "acme", clouds: clouds(), planned: false, ...how });

test("what an update made once more, under the name of what a killed one had made, is deleted; what refers goes first", async () => {
  const project = projectWith(WHOLE);
  lists["uptimeCheckConfigs"] = [
    row(check("1"), "acme: door"),
    row(check("2"), "acme: door"),
    row(check("3"), "acme: door", "other"),
  ];
  lists["alertPolicies"] = [row(alert("1"), "acme: down"), row(alert("2"), "acme: down")];
  const seen = await look(project);
  expect(seen.superfluous.map(({ id }) => id).sort()).toEqual([alert("1"), check("1")]);
  await adopt(project, { slug: "acme", clouds: clouds() }, seen);
  const deleted = api.seen.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  expect(deleted).toEqual([`/v3/${alert("1")}`, `/v3/${check("1")}`]);
});

test("a second Access policy of Cloudflare's is found by the id of its row", async () => {
  const type = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
  const project = projectWith({ resources: [known(type, "2", { accountId: "A", name: "acme-ui" })] });
  lists["policies"] = [
    { id: "1", name: "acme-ui" },
    { id: "2", name: "acme-ui" },
  ];
  const seen = await look(project);
  await adopt(project, { slug: "acme", clouds: clouds() }, seen);
  const deleted = api.seen.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  expect(deleted).toEqual(["/accounts/A/access/policies/1"]);
});

test("a whole stack without a login is in order, and it is said what was not asked", async () => {
  const google = () => Promise.reject(new UserError({ what: "there is no token", next: "log in" }));
  const seen = await look(projectWith(WHOLE), { clouds: { ...clouds(), google } });
  expect(isEmpty(seen)).toBe(true);
  expect(seen.unasked).toBe("there is no token");
});
