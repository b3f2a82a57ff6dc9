import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Receipt } from "../../scripts/lib/teardown/receipt";
import { printed } from "../pulumi-output";
import type { RunOptions } from "../pulumi-runner";
import { STACK } from "../session";
import { demoCredentials } from "../shopify";
import { eventually, exportedState, succeeded, useWarmSession } from "./testing";

const holder = useWarmSession();

/** The runner lets no credential of the operator's own through. */
const GOOGLE = { GOOGLE_OAUTH_ACCESS_TOKEN: "sandbox-google-access-token" };

const receipts = mkdtempSync(join(tmpdir(), "receipts-"));

afterAll(() => {
  rmSync(receipts, { recursive: true });
});

const PROJECT = "demo-store-erpnext";

/** What a teardown's receipt says. @throws Error with all that it printed, where there is none */
async function teardown(args: readonly string[] = [], options: RunOptions = {}): Promise<Receipt & { code: number }> {
  const run = await holder.session.operator(["teardown", STACK, "--apply", "--json", "--receipt", receipts, ...args], {
    ...options,
    environment: { ...GOOGLE, ...options.environment },
  });
  try {
    return { ...(JSON.parse(run.stdout) as Receipt), code: run.code };
  } catch {
    throw new Error(`no receipt:\n${printed(run)}`);
  }
}

/** What a receipt says is left, each with where. */
function left({ looks }: Receipt): string[] {
  return looks.flatMap(({ place, found = ["not seen"] }) => found.map((name) => `${place} ${name}`));
}

test("without --apply it says what would go and leaves everything", async () => {
  const { session } = holder;
  session.editCustomer((document) => {
    document.setIn(["operations", "finalBackup"], true);
  });
  succeeded(await session.up());
  const { length } = session.world.cloud.leftovers();
  const run = succeeded(await session.operator(["teardown", STACK]));
  expect(run.stdout).toContain("1 x gcp:compute/instance:Instance");
  expect(run.stdout).toContain("A last backup is made first.");
  expect(session.world.cloud.leftovers()).toHaveLength(length);
});

test("interrupted in the middle, it goes on, and finds what was planted in each place", async () => {
  const { session } = holder;
  const { cloud, shopify } = session.world;
  const stored: string[] = [];
  const stopWatching = cloud.on("change", ({ operation, record }) => {
    if (operation === "create" && record.type === "gcp:storage/bucketObject:BucketObject") stored.push(record.id);
  });
  const interrupt = new AbortController();
  const stop = cloud.on("change", ({ operation }) => {
    if (operation === "delete") interrupt.abort();
  });
  const cut = await session.operator(["teardown", STACK, "--apply", "--skip-backup", "--receipt", receipts], {
    signal: interrupt.signal,
  });
  stop();
  expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining("interrupted after")]);
  expect((await exportedState(session)).resources.length).toBeGreaterThan(0);

  const [subscription] = shopify.subscriptions();
  const labels = { customer: STACK };
  const at = { scope: PROJECT, outputs: {}, provider: "gcp" as const };
  cloud.plant({ ...at, type: "gcp:compute/snapshot:Snapshot", id: "s", inputs: { name: "old-snapshot", labels } });
  cloud.plant({ ...at, type: "gcp:compute/firewall:Firewall", id: "f", inputs: { name: `${STACK}-erpnext-test` } });
  cloud.plant({
    ...at,
    type: "gcp:secretmanager/secret:Secret",
    id: "x",
    inputs: { secretId: `${STACK}-old`, labels },
  });
  cloud.plant({
    ...at,
    type: "gcp:compute/disk:Disk",
    id: "d",
    inputs: { name: "foreign", labels: { customer: "beta" } },
  });
  const account = { ...at, provider: "cloudflare" as const, scope: "9a7806061c88ada191ed06f989cc3dac" };
  const tunnel = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
  cloud.plant({ ...account, type: tunnel, id: "t", inputs: { name: `${STACK}-old` } });
  const worker = "cloudflare:index/workersScript:WorkersScript";
  cloud.plant({ ...account, type: worker, id: "w", inputs: { scriptName: `${STACK}-erpnext-sync-console` } });
  cloud.plant({ ...account, type: worker, id: "d-w", inputs: { scriptName: "shop" } });
  const database = "cloudflare:index/d1Database:D1Database";
  cloud.plant({ ...account, type: database, id: "b", inputs: { name: `${STACK}-erpnext-sync-console` } });
  const record = { type: "TXT", name: "hooks.demo-store.example", content: "x" };
  const zone = { ...account, scope: "023e105f4ecef8ad9ca31a8372d0c353" };
  cloud.plant({ ...zone, type: "cloudflare:index/dnsRecord:DnsRecord", id: "r", inputs: record });

  const receipt = await teardown();
  stopWatching();
  expect([stored, receipt.lastBackup]).toEqual([[], "none was made in this run"]);
  expect(left(receipt)).toEqual([
    "Cloudflare TXT hooks.demo-store.example",
    `Cloudflare ${STACK}-old`,
    `Cloudflare ${STACK}-erpnext-sync-console`,
    `Cloudflare ${STACK}-erpnext-sync-console`,
    "Google Cloud old-snapshot",
    `Google Cloud ${STACK}-erpnext-test`,
    `Google Cloud ${STACK}-old`,
  ]);
  expect([receipt.code, receipt.ok, receipt.stackRemoved]).toEqual([1, false, true]);
  expect(subscription === undefined || shopify.subscriptions().every(({ id }) => id !== subscription.id)).toBe(true);
  expect(shopify.subscriptions()).toEqual([]);
  expect(readdirSync(receipts).filter((name) => name.endsWith(".md"))).toHaveLength(1);
});

describe("once more, with the stack gone", () => {
  const environment = { CLOUDFLARE_API_TOKEN: "a-token-of-the-operators" };
  const elsewhere = ["--receipt", join(receipts, "elsewhere")];

  test("what is left is found, and what cannot be seen any more is said, with the way to see it", async () => {
    const found = await teardown([], { environment });
    expect([found.stackWasThere, found.code]).toEqual([false, 1]);
    expect(left(found)).toEqual(
      expect.arrayContaining(["Shopify not seen", `Cloudflare ${STACK}-old`, "Google Cloud old-snapshot"]),
    );
    const blind = await holder.session.operator(["teardown", STACK, ...elsewhere], { environment: GOOGLE });
    expect([blind.code, blind.stdout]).toEqual([
      1,
      expect.stringContaining("Shopify: could not be looked at: the stack's credentials of the app went with it"),
    ]);
    expect(blind.stdout).toContain("set SHOPIFY_ADMIN_TOKEN, or uninstall the app");
    expect(blind.stdout).toContain("Cloudflare: could not be looked at: there is no API token of Cloudflare");
    expect(blind.stdout).toContain('set CLOUDFLARE_API_TOKEN to a token with "Account / D1 / Read", or look at');
    expect(blind.stdout).toContain("Google Cloud: left: snapshots of customer=demo-store in demo-store-erpnext: old-");
  });

  test("it ends well once nothing is left, because the receipt stands for what cannot be seen any more", async () => {
    const { cloud } = holder.session.world;
    for (const { type, id } of cloud.leftovers()) if (!id.startsWith("d")) cloud.remove({ type, id });
    const proven = await teardown([], { environment });
    expect([left(proven), proven.ok, proven.code]).toEqual([["Shopify not seen"], true, 0]);
    const { looks } = proven;
    expect(looks.find(({ place }) => place === "Shopify")?.provenAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    const unproven = await teardown(elsewhere, { environment });
    expect([left(unproven), unproven.ok, unproven.code]).toEqual([["Shopify not seen"], false, 1]);
  });

  test("with all credentials in the environment it needs no receipt, and without --apply it looks too", async () => {
    const { session } = holder;
    const { custom } = demoCredentials;
    const given = { ...GOOGLE, ...environment, SHOPIFY_ADMIN_TOKEN: custom.token };
    const seen = await session.operator(["teardown", STACK, ...elsewhere], { environment: given });
    expect([seen.code, seen.stdout.split("\n").slice(2)]).toEqual([
      0,
      [
        "✓ Shopify: looked at: nothing left",
        "✓ Cloudflare: looked at: nothing left",
        "✓ Google Cloud: looked at: nothing left",
        "",
      ],
    ]);
    expect(printed(seen)).not.toContain(custom.token);
  });
});

test("a whole teardown leaves nothing, names its backup, and takes the files when asked", async () => {
  const { session } = holder;
  const { world } = session;
  await session.pulumi.must(["stack", "init", STACK]);
  const config = world.stackConfig();
  await session.setConfig(config.plain, "plain");
  await session.setConfig(config.secret, "secret");
  succeeded(await session.up());
  const receipt = await teardown(["--delete-files"]);
  expect(left(receipt)).toEqual([]);
  expect([receipt.code, receipt.ok, receipt.stackRemoved]).toEqual([0, true, true]);
  expect(receipt.lastBackup).toMatch(/-requested in gs:\/\/demo-store-erpnext-demo-store-backups$/);
  expect(receipt.deleted.length).toBeGreaterThan(30);
  // What was planted for someone else is still there.
  await eventually(() => (world.cloud.leftovers().length <= 2 ? true : undefined));
  expect(existsSync(session.customerFile())).toBe(false);
});
