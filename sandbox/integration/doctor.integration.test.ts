import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConfigMap, OutputMap } from "@pulumi/pulumi/automation";

import { HISTORY_EVENT } from "../erpnext/fixtures";
import { webhookUrl } from "../../core/connector";
import { PROOFS } from "../../infra/proofs";
import { sign } from "../../scripts/lib/hmac/signature";
import { gatherers } from "../../scripts/lib/doctor/gather";
import { CHECKS } from "../../scripts/lib/doctor/checks";
import type { StandingProof } from "../../scripts/lib/doctor/proofs";
import { runDoctor } from "../../scripts/lib/doctor/run-doctor";
import { Terminal } from "../../scripts/lib/cli/terminal";
import { stateOf, type StackState } from "../../scripts/lib/cli/stack-state";
import { Door } from "../door";
import { STACK } from "../session";
import { demoCredentials, demoShopDomain } from "../shopify";
import { settings } from "../vm/cloud-view";
import { STACK_TRACE, succeeded, useSession } from "./testing";

const holder = useSession();

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly id: string; readonly state: string; readonly saw: string }[];
  readonly cures: readonly { readonly id: string; readonly did: string }[];
}

/** The stack as the CLI shows it, with what a test has set instead. */
async function readState(changed: Readonly<Record<string, string>>): Promise<StackState> {
  const { pulumi } = holder.session;
  const shown = ["--show-secrets", "--json", "--stack", STACK];
  const config = JSON.parse((await pulumi.must(["config", ...shown])).stdout) as ConfigMap;
  const outputs = JSON.parse((await pulumi.must(["stack", "output", ...shown])).stdout) as Record<string, unknown>;
  const secret = Object.entries(outputs).map(([name, value]) => [name, { value: value, secret: true }]);
  const state = stateOf(config, Object.fromEntries(secret) as OutputMap);
  return { ...state, config: { ...state.config, ...changed } };
}

interface Look {
  readonly only?: readonly string[];
  readonly fix?: boolean;
  /** Configuration that is other than the stack's. */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * What the doctor says with `--json`. It runs in this process: starting it would take longer than all of its looks. Node reads
 * further authorities when it starts, so the sandbox's certificate is not trusted here: doors are for {@link command}.
 */
async function doctor({ only, fix = false, config = {} }: Look = {}): Promise<Report> {
  const stdout = new PassThrough();
  const terminal = new Terminal({ json: true, stdout, stderr: new PassThrough() });
  const directory = dirname(holder.session.customerFile());
  const seen = { pending: [], found: [], superfluous: [], foreign: [], unlabelled: [] };
  // What a killed update leaves has a test of its own (killed-update).
  const lookForUnfinished = () => Promise.resolve({ seen, adopt: () => Promise.resolve("") });
  const means = {
    slug: STACK,
    directory,
    readState: () => readState(config),
    lookForUnfinished,
    now: () => new Date(),
  };
  // How fresh the console's scans are depends on how long this file has been running.
  const left = (id: string, group: string): boolean => ["doors", "server"].includes(group) || id === "console-scans";
  const checks = CHECKS.filter(({ id, group }) => only?.includes(id) ?? !left(id, group));
  const { signal } = new AbortController();
  const isWell = await runDoctor(terminal, gatherers(means), {
    customer: STACK,
    checks,
    fix,
    limitMs: 120_000,
    signal,
  });
  const report = JSON.parse((stdout.read() as Buffer).toString()) as Report;
  expect(report.ok).toBe(isWell);
  return report;
}

/** The same from the operator's command, doors and server included, and that its exit code says what it says. */
async function command(...args: readonly string[]): Promise<Report> {
  const run = await holder.session.operator(["doctor", STACK, "--json", ...args]);
  const report = JSON.parse(run.stdout) as Report;
  expect([run.code, report.ok]).toEqual(report.ok ? [0, true] : [1, false]);
  return report;
}

function ids({ checks }: Report, state: string): string[] {
  return checks.filter((one) => one.state === state).map(({ id }) => id);
}

function saw({ checks }: Report, id: string): string {
  return checks.find((one) => one.id === id)?.saw ?? "";
}

function erpnext() {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("there is no ERPNext: the server is not up");
  return standIn;
}

const CONSOLE = "demo-store-erpnext-sync-console";

/** The console's schedule runs once, as it would each minute. */
async function scan(): Promise<void> {
  // On a busy machine a run may give a side up, and leave what it knows as old as it was.
  do await holder.session.world.workers.fireCron(CONSOLE);
  while (ids(await doctor({ only: ["console-scans"] }), "bad").length > 0);
}

/** What lies outside of the sandbox or of one evening: names on the Internet, a custom app's secret, tomorrow's backup. */
const NOT_HERE = [
  "app-secret",
  "hook-dns",
  "hook-https",
  "closed-ports",
  "deliveries-taken",
  "deliveries-pubsub",
  "backup",
  "restore-proof",
  "token-age",
];

test("before there is a server it says so once, and what is known already is checked", async () => {
  const report = await command();
  expect(ids(report, "bad")).toEqual(["stack"]);
  expect(ids(report, "ok")).toEqual(
    expect.arrayContaining(["intake", "secrets", "shopify-token", "shop", "scopes", "all-orders", "currency"]),
  );
  expect(ids(report, "skipped")).toEqual(
    expect.arrayContaining([
      ...["subscriptions", "hook-health", "workers", "setting", "console-closed", "console-scans"],
    ]),
  );
  expect(ids(report, "unknown")).toEqual([]);
});

test("an update that was cut short is told as one, and what it made is checked", async () => {
  const { session } = holder;
  const type = "gcp:compute/disk:Disk";
  session.world.cloud.failNext({ type, operation: "create", message: "Quota exceeded.", status: 403 });
  expect((await session.up()).code).not.toBe(0);
  const report = await doctor();
  expect(ids(report, "bad")).toContain("stack");
  expect(ids(report, "bad")).not.toEqual(expect.arrayContaining(["workers", "setting", "subscriptions"]));
  expect(ids(report, "ok")).toContain("shopify-token");
  succeeded(await session.up());
});

describe("with a server that is up", () => {
  test("all is well but what the sandbox cannot have", async () => {
    await scan();
    const report = await command();
    expect(ids(report, "bad")).toEqual([]);
    expect(ids(report, "unknown")).toEqual([]);
    expect(ids(report, "warn")).toEqual(["delivery-notes"]);
    expect(ids(report, "skipped").sort()).toEqual([...NOT_HERE, "deliveries-arrive"].sort());
  });

  test("an order that arrived shows", async () => {
    const { shopify } = holder.session.world;
    const placed = shopify.shop().createOrder();
    await shopify.waitForDeliveries();
    await holder.session.world.vm.forwarded();
    expect(saw(await doctor({ only: ["deliveries-arrive"] }), "deliveries-arrive")).toContain(placed.name);
  });

  test("the command says it all in a report without a secret", async () => {
    const { code, stdout, stderr } = await holder.session.operator(["doctor", STACK]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+ well, 1 worth a look, \d+ not looked at$/m)]);
    expect(`${stdout}${stderr}`).not.toMatch(STACK_TRACE);
    for (const secret of Object.values(holder.session.world.stackConfig().secret)) {
      expect(`${stdout}${stderr}`).not.toContain(secret);
    }
  });

  test("--proofs says of each item of the first deployment how it stands, and what is left to be done by hand", async () => {
    const run = succeeded(await holder.session.operator(["doctor", STACK, "--proofs", "--json"]));
    const { ok, proofs } = JSON.parse(run.stdout) as { ok: boolean; proofs: readonly StandingProof[] };
    expect([ok, proofs.map(({ id }) => id)]).toEqual([true, PROOFS.map(({ id }) => id)]);
    const standing = new Map(proofs.map((one) => [one.id, one]));
    expect(standing.get("automation-roles")).toMatchObject({ state: "proven", check: "automation-user" });
    expect(standing.get("containers")).toMatchObject({
      state: "partly",
      saw: expect.stringContaining("workers serve short, default, long") as string,
      byHand: "the redis queue keeps a job over a restart",
    });
    expect(standing.get("macos")).toEqual({
      id: "macos",
      unproven: "macOS",
      state: "by-hand",
      proof: "`npm run setup` and `pulumi preview` on a Mac",
      byHand: "`npm run setup` and `pulumi preview` on a Mac",
    });
    // Its app has a static token, whose age there is none of.
    expect(standing.get("daily-tokens")).toMatchObject({ state: "not-proven", check: "token-age" });
    const fixing = await holder.session.operator(["doctor", STACK, "--proofs", "--fix"]);
    expect([fixing.code, fixing.stderr]).toEqual([2, expect.stringContaining("cannot be used with option '--fix'")]);
  });

  test("a check that there is not is a mistake in the command", async () => {
    const run = await holder.session.operator(["doctor", STACK, "--only", "worker"]);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("There is no check worker")]);
  });
});

/** A breakage, how it is repaired, and exactly the checks that turn bad. */
interface Breakage {
  readonly what: string;
  readonly break?: () => Promise<unknown>;
  readonly config?: Readonly<Record<string, string>>;
  readonly bad: readonly string[];
  readonly repair?: () => Promise<unknown>;
}

function done(work: () => void): () => Promise<unknown> {
  return () => {
    work();
    return Promise.resolve();
  };
}

function saved(fields: Record<string, unknown>): () => Promise<unknown> {
  return () => holder.session.frappe().update("Shopify Setting", "Shopify Setting", fields);
}

function account(name: string, fields: Record<string, unknown>): () => Promise<unknown> {
  return () => holder.session.frappe().update("Account", name, fields);
}

const BREAKAGES: readonly Breakage[] = [
  {
    what: "a lost subscription",
    break: done(() => {
      holder.session.world.shopify.loseSubscription("ORDERS_PAID");
    }),
    bad: ["subscriptions", "webhooks-table"],
    repair: async () => {
      succeeded(await holder.session.refresh());
      succeeded(await holder.session.up());
    },
  },
  {
    what: "an unknown token",
    config: { shopifyAdminToken: "shpat_00000000000000000000000000000000" },
    bad: ["shopify-token"],
  },
  {
    what: "a token of another app",
    config: { shopifyAdminToken: demoCredentials.stranger.token },
    bad: ["same-app", "subscriptions", "webhooks-table"],
  },
  {
    what: "a secret of another app",
    config: { shopifyApiSecret: demoCredentials.stranger.secret },
    bad: ["shared-secret"],
  },
  {
    what: "an account of payments that became a group",
    break: account("Demo Bank - DSG", { is_group: 1 }),
    bad: ["cash-account"],
    repair: account("Demo Bank - DSG", { is_group: 0 }),
  },
  {
    what: "a tax account that is out of use",
    break: account("Umsatzsteuer 19 % - DSG", { disabled: 1 }),
    bad: ["posting-accounts"],
    repair: account("Umsatzsteuer 19 % - DSG", { disabled: 0 }),
  },
  {
    what: "another account in the setting",
    break: saved({ cash_bank_account: "Cash - DSG" }),
    bad: ["setting"],
    repair: saved({ cash_bank_account: "Demo Bank - DSG" }),
  },
  {
    what: "a token that the connector cannot use",
    break: saved({ password: "shpat_11111111111111111111111111111111" }),
    bad: ["connector-token"],
    repair: saved({ password: demoCredentials.custom.token }),
  },
  {
    what: "workers that are gone",
    break: done(() => {
      erpnext().workers.kill();
    }),
    bad: ["workers"],
    repair: done(() => {
      erpnext().workers.start();
    }),
  },
];

test.each(BREAKAGES.map((breakage) => [breakage.what, breakage] as const))(
  "%s shows, and nothing else",
  async (_what, breakage) => {
    await breakage.break?.();
    const report = await doctor({ config: breakage.config ?? {} });
    await breakage.repair?.();
    expect(ids(report, "bad")).toEqual(breakage.bad);
  },
);

describe("the Sync Console", () => {
  const HOST = "sync.demo-store.example";
  const D1_DATABASE = "cloudflare:index/d1Database:D1Database";
  const look = (...only: readonly string[]) => doctor({ only });

  test("is seen to scan, and to have stopped", async () => {
    const { cloud, workers } = holder.session.world;
    await scan();
    const fresh = await look("console-closed", "console-scans");
    expect([ids(fresh, "ok"), saw(fresh, "console-scans")]).toEqual([
      ["console-closed", "console-scans"],
      expect.stringMatching(/^both sides were last compared \d minutes ago$/),
    ]);
    const aged = `UPDATE fact SET value = replace(value, '"asOf":"20', '"asOf":"19') WHERE name = 'health';`;
    await workers.query(cloud.find(D1_DATABASE)?.id ?? "", aged);
    const stopped = await look("console-scans");
    expect([ids(stopped, "bad"), saw(stopped, "console-scans")]).toEqual([
      ["console-scans"],
      expect.stringMatching(/^its schedule last ran \d+ hours ago; it should every 60 s$/),
    ]);
    await scan();
  });

  test("whose database the token may not read is unknown, and nothing is wrong with that", async () => {
    const fault = { type: D1_DATABASE, operation: "read", message: "Authentication error", status: 403 } as const;
    holder.session.world.cloud.failNext(fault);
    const report = await look("console-closed", "console-scans");
    expect([report.ok, ids(report, "unknown"), saw(report, "console-scans")]).toEqual([
      true,
      ["console-scans"],
      "Cloudflare refused the list of the account's D1 databases: Authentication error (code 10000); to see it, give the API token the permission Account / D1 / Edit",
    ]);
  });

  /** What Cloudflare holds for its host. */
  function held(type: string, key: string) {
    const found = holder.session.world.cloud.find(type, (record) => settings(record)[key] === HOST);
    if (found === undefined) throw new Error(`Cloudflare has no ${type} of ${HOST}`);
    return found;
  }

  test("tells its Worker's own refusal from a name behind which there is none", async () => {
    const { cloud } = holder.session.world;
    const application = held("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication", "domain");
    const domain = held("cloudflare:index/workersCustomDomain:WorkersCustomDomain", "hostname");
    cloud.remove(application);
    const alone = saw(await look("console-closed"), "console-closed");
    cloud.remove(domain);
    const gone = saw(await look("console-closed"), "console-closed");
    cloud.plant(application);
    cloud.plant(domain);
    expect([alone, gone]).toEqual([
      `the Worker itself refuses (HTTP 403): no Access application stands before ${HOST}, so no one can sign in`,
      `no Worker answers at ${HOST} (HTTP 530, error code: 1016)`,
    ]);
  });
});

test("a looping migration and a forgotten pause are cured, and the second look says so", async () => {
  const frappe = holder.session.frappe();
  await frappe.update("Scheduled Job Type", HISTORY_EVENT.name, { stopped: 1 });
  await frappe.update("Shopify Setting", "Shopify Setting", { is_old_data_migrated: 0 });
  await scan();
  const ill = await command();
  expect([ids(ill, "bad"), ids(ill, "warn")]).toEqual([
    ["old-data-migrated", "migration-loop"],
    ["hourly-history", "delivery-notes"],
  ]);
  const cured = await command("--fix");
  expect(cured.cures).toEqual([
    { id: "old-data-migrated", did: "set is_old_data_migrated to 1" },
    { id: "hourly-history", did: "let the hourly event go on" },
    { id: "migration-loop", did: "set is_old_data_migrated to 1 and took away 1 migration jobs" },
  ]);
  expect(ids(cured, "bad")).toEqual([]);
  await holder.session.world.vm.forwarded();
});

describe("hmac", () => {
  interface Judgement {
    readonly verdict: string;
    readonly certain: boolean;
    readonly evidence: readonly string[];
  }

  /** Stands in every body that is refused, and shows where one was left. */
  const MARK = "left-of-a-delivery-4711";
  /** Stands in the body of Shopify's own delivery, which the server keeps. */
  const KEPT_MARK = "kept-of-a-delivery-4712";
  /** The receivers look twice a second whether someone waits (deliveries/capture.py); a busy machine is later. */
  const RECEIVERS_LOOK_MS = 2_000;

  async function hmac(...args: readonly string[]): Promise<Judgement> {
    // The runner keeps Google's variables from a command, and this one is the sandbox's own.
    const environment = { GOOGLE_OAUTH_ACCESS_TOKEN: process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "" };
    const run = await holder.session.operator(["hmac", STACK, "--json", ...args], { environment });
    for (const mark of [MARK, KEPT_MARK]) expect(`${run.stdout}${run.stderr}`).not.toContain(mark);
    const judgement = JSON.parse(run.stdout) as Judgement;
    expect(run.code).toBe(judgement.verdict === "fine" ? 0 : 1);
    return judgement;
  }

  test("its own deliveries through the public door prove secret and body, and make nothing", async () => {
    const before = erpnext().logs().length;
    expect(await hmac("--self-test")).toMatchObject({
      verdict: "fine",
      evidence: [
        "signed with the stack's secret: HTTP 400",
        "signed with a made-up secret: HTTP 401",
        "the body arrived byte for byte",
      ],
    });
    expect(erpnext().logs()).toHaveLength(before);
  });

  test("a captured delivery is judged by the stack's secret", async () => {
    const file = join(holder.session.world.dir, "captured.json");
    const body = '{"id":5801}';
    writeFileSync(file, `${body}\n`);
    const signature = sign(Buffer.from(body), demoCredentials.custom.secret);
    expect((await hmac("--body", file, "--header", signature)).verdict).toBe("body-mutated");
    const foreign = sign(Buffer.from(body), demoCredentials.stranger.secret);
    expect((await hmac("--body", file, "--header", foreign)).verdict).toBe("wrong-secret");
  });

  /** Judges what is delivered once the server listens. */
  async function capture(deliver: () => Promise<unknown>): Promise<Judgement> {
    const judging = hmac("--capture", "120");
    const command = { hasEnded: false };
    const end = (): void => void (command.hasEnded = true);
    void judging.then(end, end);
    while (!command.hasEnded && !(await isCapturing())) await sleep(100);
    // Its own words where it ended before it listened.
    if (command.hasEnded) return judging;
    await sleep(RECEIVERS_LOOK_MS);
    const [judgement] = await Promise.all([judging, deliver()]);
    expect(await isCapturing()).toBe(false);
    return judgement;
  }

  const isCapturing = (): Promise<boolean> => holder.session.world.vm.isCapturing();

  /** As Shopify delivers, with what a test needs otherwise. @returns the status of the answer */
  async function deliver(body: string, { secret = demoCredentials.custom.secret, headers = {} } = {}): Promise<number> {
    const { urls, rootCertificate } = holder.session.world;
    const door = new Door({ url: urls.hook, host: "hooks.demo-store.example", rootCertificate });
    const { pathname } = new URL(webhookUrl("hooks.demo-store.example"));
    const signature = sign(Buffer.from(`{"note":"${MARK}"}`), secret);
    const shopify = {
      "X-Shopify-Topic": "orders/create",
      "X-Shopify-Hmac-Sha256": signature,
      "X-Shopify-Shop-Domain": demoShopDomain,
    };
    const content = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) };
    return (
      await door.request({ method: "POST", path: pathname, body, headers: { ...content, ...shopify, ...headers } })
    ).status;
  }

  test("the next delivery at the door is judged there, and handed on as it came", async () => {
    const { shopify } = holder.session.world;
    let id = 0;
    const judgement = await capture(async () => {
      ({ id } = shopify.shop().createOrder({ note: KEPT_MARK }));
      await shopify.waitForDeliveries();
    });
    expect([judgement.verdict, judgement.evidence.slice(1)]).toEqual([
      "fine",
      expect.arrayContaining([
        "x-shopify-topic: orders/create",
        "x-shopify-shop-domain: demo-store.myshopify.com",
        "the server's secret gives this very signature",
      ]),
    ]);
    await holder.session.world.vm.forwarded();
    expect(erpnext().documents("Sales Order", { shopify_order_id: String(id) })).toHaveLength(1);
  });

  test("at the door another app's secret is told from a body that was changed, and nothing that came is kept", async () => {
    const { world } = holder.session;
    const body = `{"note":"${MARK}"}`;
    const foreign = await capture(async () => {
      expect(await deliver(body, { secret: demoCredentials.stranger.secret })).toBe(401);
    });
    expect([foreign.verdict, foreign.certain, foreign.evidence[0]]).toEqual([
      "wrong-secret",
      false,
      expect.stringContaining(`the body has ${body.length} bytes, fingerprint `),
    ]);
    const zipped = await capture(() => deliver(`${body} `, { headers: { "Content-Encoding": "gzip" } }));
    expect([zipped.verdict, zipped.certain, zipped.evidence.at(-1)]).toEqual([
      "body-mutated",
      true,
      "the body came as gzip, which Shopify does not send",
    ]);
    const said = [foreign, zipped, world.vm.journal(), world.vm.caddyOutput()]
      .map((it) => JSON.stringify(it))
      .join("\n");
    for (const mark of [MARK, KEPT_MARK]) expect(said).not.toContain(mark);
    expect(filesWith(MARK)).toEqual([]);
    // Redis alone keeps what was delivered.
    expect(filesWith(KEPT_MARK).filter((file) => !/\/appendonlydir\/|\.rdb$/.test(file))).toEqual([]);
  });

  function filesWith(mark: string): readonly string[] {
    const machines = join(holder.session.world.dir, "machines");
    const found = spawnSync("grep", ["--recursive", "--files-with-matches", mark, machines]);
    return found.stdout.toString().split("\n").filter(Boolean);
  }

  test("a capture to which nothing comes ends by itself", async () => {
    expect(await hmac("--capture", "1")).toMatchObject({
      verdict: "unreadable",
      evidence: ["no delivery came within 1 s"],
    });
    expect(await isCapturing()).toBe(false);
  });
});

test("a server that is gone from the network is told by its door alone", async () => {
  const only = ["hook-health", "hook-closed", "server-steps"];
  const report = await doctor({ only, config: { hookUrl: "https://127.0.0.1:9" } });
  expect([ids(report, "bad"), ids(report, "skipped")]).toEqual([["hook-health"], ["hook-closed", "server-steps"]]);
});
