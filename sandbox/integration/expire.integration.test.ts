import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { SweepEntry } from "../../scripts/lib/expire/plan";
import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { refusal, succeeded, useSession } from "./testing";

const holder = useSession();

/** The runner lets no credential of the operator's own through. */
const GOOGLE = { GOOGLE_OAUTH_ACCESS_TOKEN: "sandbox-google-access-token" };

const receipts = mkdtempSync(join(tmpdir(), "receipts-"));

afterAll(() => {
  rmSync(receipts, { recursive: true });
});

interface Sweep {
  readonly ok: boolean;
  readonly entries: readonly SweepEntry[];
  readonly swept: readonly { readonly slug: string; readonly ok: boolean; readonly outcome: string }[];
}

async function expire(args: readonly string[]): Promise<Sweep & { code: number }> {
  const run = await holder.session.operator(["expire", "--json", "--receipt", receipts, ...args], {
    environment: GOOGLE,
  });
  try {
    return { ...(JSON.parse(run.stdout) as Sweep), code: run.code };
  } catch {
    throw new Error(`no report:\n${printed(run)}`);
  }
}

/** A further customer, made of the example by changing some of its text. */
function addCustomer(slug: string, changes: readonly (readonly [RegExp | string, string])[]): void {
  const text = readFileSync(holder.session.customerFile(), "utf8");
  const own = [[/^slug: .*$/m, `slug: ${slug}`], ...changes] as const;
  const edited = own.reduce((all, [from, to]) => all.replace(from, to), text);
  writeFileSync(join(holder.session.workspace, "customers", `${slug}.yaml`), edited);
}

const DATE = /^expiresOn: \S+/m;

test("five customers: two expired, one soon, one running, one faulty", async () => {
  addCustomer("aged", [[DATE, "expiresOn: 2026-11-01"]]);
  addCustomer("nearly", [[DATE, "expiresOn: 2026-11-28"]]);
  addCustomer("young", [[DATE, "expiresOn: 2026-12-31"]]);
  addCustomer("wrong", [[/^environment: .*$/m, "environment: staging"]]);
  holder.session.editCustomer((document) => {
    document.set("expiresOn", "2026-11-25");
  });
  const listed = await expire(["--today", "2026-11-26"]);
  expect(listed.entries.map(({ slug, verdict }) => `${slug} ${verdict}`)).toEqual([
    "aged expired",
    `${STACK} expired`,
    "nearly soon",
    "wrong faulty",
    "young running",
  ]);
  expect([listed.code, listed.swept]).toEqual([1, []]);
});

test("it ends the expired ones, goes on after one that fails, and leaves a receipt", async () => {
  const { session } = holder;
  const { cloud } = session.world;
  succeeded(await session.up());
  rmSync(join(session.workspace, "customers", "wrong.yaml"));
  // The stack "aged" was never up: nothing at Shopify can be asked about it, which is no proof.
  const swept = await expire(["--today", "2026-11-26", "--apply"]);
  expect(swept.swept.map(({ slug, ok }) => [slug, ok])).toEqual([
    ["aged", false],
    [STACK, true],
  ]);
  expect(swept.swept[1]?.outcome).toMatch(/^nothing is left, see .*teardown-demo-store-/);
  expect(swept.code).toBe(1);
  expect(cloud.leftovers()).toEqual([]);
});

test("production is never swept, and ends by its name alone; what is protected stays", async () => {
  const { session } = holder;
  const { cloud, shopify } = session.world;
  const config = session.world.stackConfig();
  await session.pulumi.run(["stack", "init", STACK]);
  await session.setConfig(config.plain, "plain");
  await session.setConfig(config.secret, "secret");
  session.editCustomer((document) => {
    const digest = `sha256:${"b".repeat(64)}`;
    document.set("environment", "production");
    document.delete("expiresOn");
    document.setIn(["erpnext", "baseImages"], { build: digest, base: digest });
    document.setIn(["operations", "finalBackup"], true);
  });
  succeeded(await session.up());
  const swept = await expire(["--today", "2099-01-01"]);
  expect(swept.entries.find(({ slug }) => slug === STACK)?.verdict).toBe("production");

  const before = cloud.leftovers().length;
  for (const args of [[], ["--confirm", "demo"]]) {
    const refused = await session.operator(["teardown", STACK, "--apply", "--receipt", receipts, ...args]);
    expect(refusal(refused)).toContain(`run the command with --confirm ${STACK}`);
  }
  expect(cloud.leftovers()).toHaveLength(before);

  const apply = ["teardown", STACK, "--apply", "--confirm", STACK, "--receipt", receipts];
  const held = refusal(await session.operator(apply));
  const urns = [...held.matchAll(/pulumi state unprotect '([^']+)'/g)].map(([, urn]) => urn ?? "");
  expect(urns.map((urn) => urn.split("::").at(-1)).sort()).toEqual(["image-repository", "network-address"]);
  expect(held).toContain("switch off the deletion protection of server-instance");
  expect(cloud.leftovers()).toHaveLength(before);

  const [instance] = cloud.resources("gcp:compute/instance:Instance");
  cloud.mutate(instance!, { inputs: { deletionProtection: false } });
  succeeded(await session.refresh());
  for (const urn of urns) await session.pulumi.must(["state", "unprotect", urn, "--yes", "--stack", STACK]);
  const ended = await session.operator(apply);
  expect([ended.code, ended.stdout]).toEqual([1, expect.stringContaining("kept: gcp:compute/disk:Disk server-data")]);
  const costly = cloud.leftovers().filter(({ type }) => !type.startsWith("gcp:storage/bucketObject"));
  expect(costly.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["gcp:compute/disk:Disk", "gcp:storage/bucket:Bucket"]),
  );
  expect(cloud.resources("gcp:compute/instance:Instance")).toEqual([]);
  expect(shopify.subscriptions()).toEqual([]);
});
