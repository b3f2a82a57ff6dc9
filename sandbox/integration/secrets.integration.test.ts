import { mkdtempSync, readdirSync, readFileSync, statSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

import { consoleApiKey } from "../../components/shared/console-user";
import { STACK } from "../session";
import { settings } from "../vm/cloud-view";
import type { PulumiRun } from "../pulumi-runner";
import { printed } from "../pulumi-output";
import { exportedState, succeeded, useSession } from "./testing";

/** Every secret of a stack, with a value that stands nowhere else and that no mask would know by its form. */
const CANARIES = {
  shopifyAdminToken: "canary-shopify-admin-token-1f0c",
  shopifyApiSecret: "canary-shopify-api-secret-2b7d",
  automationApiKey: "canaryautomationkey3e91",
  automationApiSecret: "canary-automation-secret-4a55",
  databaseRootPassword: "canary-database-password-5d20",
  administratorPassword: "canary-administrator-password-6c83",
  "cloudflare:apiToken": "canary-cloudflare-token-7f19-abcdefghijk",
};

const holder = useSession();

/** What each place showed. */
const seen = new Map<string, string>();

function note(place: string, text: string): void {
  seen.set(place, text);
}

function noteRun(name: string, run: PulumiRun): void {
  note(`output of ${name}`, printed(succeeded(run)));
}

/** What the CLI, the program and its plugins write to the temporary directory, while it is there. */
function watchTemporaryFiles(directory: string): FSWatcher {
  return watch(directory, { recursive: true }, (_event, name) => {
    const file = join(directory, name ?? "");
    try {
      const text = statSync(file).isFile() ? readFileSync(file, "latin1") : "";
      if (text !== "") note(`temporary file ${name ?? ""}`, `${seen.get(`temporary file ${name ?? ""}`) ?? ""}${text}`);
    } catch {
      // It is gone already.
    }
  });
}

/** What Secret Manager held. */
const payloads: string[] = [];

/** Secrets that are made on the way: what cloudflared, the automation and the builder get in by. */
const made = new Map<string, string>();

beforeAll(async () => {
  const { session } = holder;
  const { cloud, shopify, vm, log } = session.world;
  const app = shopify.app("erpnext-sync");
  app.tokens = [{ token: CANARIES.shopifyAdminToken }];
  app.secrets = [CANARIES.shopifyApiSecret];
  const temporary = mkdtempSync(join(session.workspace, "tmp-"));
  Object.assign(session.pulumi.environment, { TMPDIR: temporary });
  const watcher = watchTemporaryFiles(temporary);
  await session.setConfig(CANARIES, "secret");

  noteRun("up", await session.up(["--diff"]));
  const versions = cloud.resources("gcp:secretmanager/secretVersion:SecretVersion").map(settings);
  payloads.push(...versions.map((version) => String(version["secretData"])));
  const record = (type: string): Record<string, unknown> => settings(cloud.resources(type)[0] as never);
  const token = record("cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken");
  made.set("Access client secret", String(token["clientSecret"]));
  const tunnelToken = versions.find((version) => String(version["secret"]).endsWith("/demo-store-tunnel-token"));
  made.set("tunnel token", String(tunnelToken?.["secretData"]));
  made.set("the Sync Console's key", consoleApiKey(CANARIES.automationApiSecret).apiSecret);
  made.set("registry token", "sandbox-access-token");
  noteRun("refresh", await session.refresh(["--diff"]));
  session.editCustomer((document) => {
    document.setIn(["sync", "deliveryNotes"], false);
    document.setIn(["erpnext", "imageTag"], "1.1");
  });
  noteRun("preview --diff", await session.preview(["--diff"]));
  noteRun("preview --json", await session.preview(["--json"]));
  noteRun("stack output", await session.pulumi.must(["stack", "output", "--json", "--stack", STACK]));
  noteRun("config", await session.pulumi.must(["config", "--json", "--stack", STACK]));

  const state = await exportedState(session);
  note("exported state", state.text);
  const commands = state.resources.filter(({ type }) => type === "command:local:Command");
  expect(commands).not.toEqual([]);
  note("inputs of commands", JSON.stringify(commands.map(({ inputs }) => inputs)));

  shopify.shop().createOrder();
  await shopify.waitForDeliveries();
  await vm.forwarded();
  expect(shopify.deliveries().map((delivery) => delivery.state)).toEqual(["delivered"]);
  note("metadata of the server", JSON.stringify(vm.instance));
  note("Caddy's output", vm.caddyOutput());

  noteRun("destroy", await session.destroy(["--diff"]));
  watcher.close();
  note("request log", JSON.stringify(log.entries));
  for (const directory of [join(session.workspace, "customers"), session.pulumi.stateDirectory, temporary]) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      note(`file ${entry.name}`, readFileSync(file, "utf8"));
    }
  }
});

/** A secret as it is, and as text that carries it would hold it. */
function formsOf(secret: string): string[] {
  // The last characters of base64 depend on what follows, and the first on where in a triple it begins.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from(`${"x".repeat(shift)}${secret}`)
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), ...shifted];
}

test("every place was looked at", () => {
  expect([...seen.values()].filter((text) => text.trim() === "")).toEqual([]);
  expect(seen.get("Caddy's output")).toContain("hooks.demo-store.example");
  expect([...seen.keys()].filter((place) => place.startsWith("file Pulumi.demo-store.yaml"))).toHaveLength(1);
});

test.each([
  ...Object.entries(CANARIES),
  ...["Access client secret", "tunnel token", "registry token", "the Sync Console's key"].map(
    (name): [string, string] => [name, ""],
  ),
])("%s is shown nowhere", (name, canary) => {
  const secret = canary === "" ? made.get(name) : canary;
  expect(secret).toMatch(/^.{16,}$/);
  const places = [...seen].filter(([, text]) => formsOf(secret!).some((form) => text.includes(form)));
  expect(places.map(([place]) => place)).toEqual([]);
});

test("the server gets them all the same, from Secret Manager", () => {
  const servers = Object.entries(CANARIES).filter(([name]) => !name.startsWith("cloudflare:"));
  expect(payloads).toEqual(expect.arrayContaining(servers.map(([, canary]) => canary)));
  expect(payloads).toHaveLength(7);
});
