import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

import type { SweepEntry } from "../../scripts/lib/expire/plan";
import type { Receipt } from "../../scripts/lib/teardown/receipt";
import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { oneLine, refusal, succeeded, useSession } from "./testing";

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
  const customers = join(holder.session.workspace, "customers");
  writeFileSync(join(customers, `${slug}.yaml`), edited);
  // What an intake that was given up has left: where to ask, and no stack.
  const entries = Object.entries(holder.session.world.stackConfig().plain);
  const config = Object.fromEntries(entries.map(([key, value]) => [key.includes(":") ? key : `erpnext:${key}`, value]));
  writeFileSync(join(customers, `Pulumi.${slug}.yaml`), stringify({ config }));
}

const DATE = /^expiresOn: \S+/m;

test("six customers: three expired, one soon, one running, one faulty", async () => {
  addCustomer("aged", [[DATE, "expiresOn: 2026-11-01"]]);
  addCustomer("ancient", [[DATE, "expiresOn: 2026-10-01"]]);
  addCustomer("nearly", [[DATE, "expiresOn: 2026-11-28"]]);
  addCustomer("young", [[DATE, "expiresOn: 2026-12-31"]]);
  addCustomer("wrong", [[/^environment: .*$/m, "environment: staging"]]);
  holder.session.editCustomer((document) => {
    document.set("expiresOn", "2026-11-25");
  });
  const listed = await expire(["--today", "2026-11-26"]);
  expect(listed.entries.map(({ slug, verdict }) => `${slug} ${verdict}`)).toEqual([
    "aged expired",
    "ancient expired",
    `${STACK} expired`,
    "nearly soon",
    "wrong faulty",
    "young running",
  ]);
  expect([listed.code, listed.swept]).toEqual([1, []]);
});

const NO_STACK = "there is no stack, so there was nothing to end; 8 of 23 kinds could not be looked at";

test("it ends the expired ones, goes on after one that fails, and takes one without a stack for no failure", async () => {
  const { session } = holder;
  const { cloud } = session.world;
  succeeded(await session.up());
  rmSync(join(session.workspace, "customers", "wrong.yaml"));
  const disk = { type: "gcp:compute/disk:Disk", id: "forgotten" };
  const labels = { customer: "ancient" };
  cloud.plant({
    ...disk,
    provider: "gcp",
    scope: "demo-store-erpnext",
    inputs: { name: "ancient-erpnext-data", labels },
    outputs: {},
  });
  const swept = await expire(["--today", "2026-11-26", "--apply"]);
  expect(swept.swept.slice(0, 2)).toEqual([
    { slug: "aged", ok: true, outcome: NO_STACK },
    {
      slug: "ancient",
      ok: false,
      outcome: "there is no stack, but something is left: ancient-erpnext-data (Google Cloud)",
    },
  ]);
  expect(swept.swept[2]).toMatchObject({ slug: STACK, ok: true });
  expect(swept.swept[2]?.outcome).toMatch(/^nothing is left, see .*teardown-demo-store-/);
  expect(swept.code).toBe(1);
  cloud.remove(disk);
  expect(cloud.leftovers()).toEqual([]);
});

test("a sweep in which none fails ends with 0, whichever of them have no stack", async () => {
  const again = await expire(["--today", "2026-11-26", "--apply"]);
  expect([again.swept.map(({ slug, ok }) => `${slug} ${ok}`), again.code]).toEqual([
    ["aged true", "ancient true", `${STACK} true`],
    0,
  ]);
});

const END_PRODUCTION = ["teardown", STACK, "--apply", "--confirm", STACK, "--receipt", receipts];

test("production is never swept, and ends by its name alone", async () => {
  const { session } = holder;
  const { cloud } = session.world;
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

  expect(refusal(await session.operator([...END_PRODUCTION, "--skip-backup"]))).toContain(
    `--skip-backup ${STACK} if you mean it`,
  );
  expect(oneLine(refusal(await session.operator(END_PRODUCTION)))).toContain(
    `run "gcloud compute instances update ${STACK}-erpnext --no-deletion-protection --zone=europe-west3-a`,
  );
  expect(cloud.leftovers()).toHaveLength(before);
});

test("a destroy past teardown refuses before it has deleted anything", async () => {
  const { session } = holder;
  const { cloud, shopify } = session.world;
  const before = [cloud.leftovers().length, shopify.subscriptions().length];
  expect(oneLine(refusal(await session.destroy()))).toContain(
    'destroy-guard" cannot be deleted because it is protected',
  );
  expect([cloud.leftovers().length, shopify.subscriptions().length]).toEqual(before);
  succeeded(await session.preview(["--expect-no-changes"]));
});

test("once its server is let go production ends, what is protected stays and is named, and a second time too", async () => {
  const { session } = holder;
  const { cloud, shopify } = session.world;
  const [instance] = cloud.resources("gcp:compute/instance:Instance");
  cloud.mutate(instance!, { inputs: { deletionProtection: false } });
  succeeded(await session.refresh());
  const labels = { customer: STACK };
  const snapshot = { type: "gcp:compute/snapshot:Snapshot", id: "s", scope: "demo-store-erpnext" };
  cloud.plant({ ...snapshot, provider: "gcp", inputs: { name: "daily-1", labels }, outputs: {} });
  const ended = JSON.parse(
    succeeded(await session.operator([...END_PRODUCTION, "--json"], { environment: GOOGLE })).stdout,
  ) as Receipt;
  expect(ended).toMatchObject({ ok: true, environment: "production", stackRemoved: false });
  expect(ended.lastBackup).toMatch(/-requested in gs:/);
  expect([...ended.kept].sort()).toEqual([
    "cloudflare:index/d1Database:D1Database console-database",
    "gcp:artifactregistry/repository:Repository image-repository",
    "gcp:compute/address:Address network-address",
    "gcp:compute/disk:Disk server-data",
    "gcp:storage/bucket:Bucket backups-bucket",
  ]);
  expect(ended.looks.flatMap(({ kept }) => kept)).toEqual(KEPT);
  expect(ended.looks.flatMap(({ found }) => found ?? ["not seen"])).toEqual([]);
  expect(cloud.resources("gcp:compute/instance:Instance")).toEqual([]);
  expect(shopify.subscriptions()).toEqual([]);

  const again = succeeded(await session.operator(END_PRODUCTION, { environment: GOOGLE }));
  expect(again.stdout).toContain("✓ Google Cloud: looked at: nothing left but what is kept on purpose");
  expect(again.stdout).toContain(`kept on purpose: disks of customer=${STACK} in demo-store-erpnext: ${KEPT[1] ?? ""}`);
  expect(cloud.resources("gcp:compute/disk:Disk")).toHaveLength(1);
});

/** What of a production customer survives it, in the order in which it is checked. */
const KEPT = [
  `${STACK}-erpnext-sync-console`,
  `${STACK}-erpnext-data`,
  "daily-1",
  `${STACK}-erpnext`,
  `demo-store-erpnext-${STACK}-backups`,
  `${STACK}-erpnext`,
];
