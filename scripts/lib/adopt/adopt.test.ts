import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { startStubServer, type StubServer } from "../../../clients/testing/stub-server";
import { UserError } from "../../../core/user-error";
import { adopt, isEmpty, lookForUnfinished } from "./adopt";
import type { Clouds } from "./clouds";
import type { RawDeployment, RawStep } from "./unfinished";

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

/** A project whose CLI prints this state and this plan, whatever it is asked. */
function projectWith(
  deployment: RawDeployment,
  steps: readonly RawStep[] = [],
): Parameters<typeof lookForUnfinished>[0] {
  writeFileSync(join(directory, "state.json"), JSON.stringify({ version: 3, deployment, steps }));
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

const look = (
  project: Parameters<typeof lookForUnfinished>[0],
  how: Partial<{ clouds: Clouds; planned: boolean }> = {},
) => lookForUnfinished(project, { slug: "acme", clouds: clouds(), planned: false, ...how });

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

const POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
const TOKEN = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken";
const deletedPaths = () => api.seen.filter(({ method }) => method === "DELETE").map(({ path }) => path);

test.each([
  [POLICY, "policies", "A/1"],
  [TOKEN, "service_tokens", "accounts/A/1"],
])("a second %s, which may have been made by hand, is told and stays", async (type, list, id) => {
  const project = projectWith({ resources: [known(type, "2", { accountId: "A", name: "acme-ui" })] });
  lists[list] = [
    { id: "1", name: "acme-ui" },
    { id: "2", name: "acme-ui" },
  ];
  const seen = await look(project);
  expect([seen.superfluous, seen.unlabelled.map((one) => one.id), isEmpty(seen)]).toEqual([[], [id], true]);
  await adopt(project, { slug: "acme", clouds: clouds() }, seen);
  expect(deletedPaths()).toEqual([]);
});

test.each([
  ["the one that a killed update has begun is deleted", { isBegun: true, ids: ["1"], isDeleted: true }],
  ["both of two stay", { isBegun: true, ids: ["1", "2"], isDeleted: false }],
  ["one that no update has begun stays", { isBegun: false, ids: ["1"], isDeleted: false }],
])("of service tokens whose secret is lost %s", async (_which, { isBegun, ids, isDeleted }) => {
  const token = known(TOKEN, "", { accountId: "A", name: "acme-ui" });
  const resources = [
    { urn: PARENT, type: "erpnext:gcp:ServerMonitoring" },
    { urn: PROVIDER, type: "pulumi:providers:gcp", id: "1" },
  ];
  const pending_operations = isBegun ? [{ type: "creating", resource: token }] : [];
  const other = known(CHECK, check("2"), { project: "p", displayName: "acme: door" });
  const deployment = { resources: [...resources, other], pending_operations };
  const project = projectWith(deployment, [{ op: "create", newState: token }]);
  lists["service_tokens"] = ids.map((id) => ({ id, name: "acme-ui" }));
  const seen = await look(project, { planned: true });
  await adopt(project, { slug: "acme", clouds: clouds() }, seen);
  expect(deletedPaths()).toEqual(isDeleted ? ["/accounts/A/access/service_tokens/1"] : []);
  expect(seen.unlabelled).toHaveLength(isDeleted ? 0 : ids.length);
});

test("a whole stack without a login is in order, and it is said what was not asked", async () => {
  const google = () => Promise.reject(new UserError({ what: "there is no token", next: "log in" }));
  const seen = await look(projectWith(WHOLE), { clouds: { ...clouds(), google } });
  expect(isEmpty(seen)).toBe(true);
  expect(seen.unasked).toBe("there is no token");
});
