import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { API_DRIVE_SCOPES } from "../../scripts/lib/validate/drive-api";
import { isTestId } from "../../scripts/lib/validate/order-payload";
import type { MatrixRow } from "../../scripts/lib/validate/matrix-row";
import type { ValidationReport } from "../../scripts/lib/validate/report";
import type { ServerScript } from "../erpnext";
import { printed } from "../pulumi-output";
import type { PulumiRun, RunOptions } from "../pulumi-runner";
import { STACK } from "../session";
import { credentialsOf, demoShopDomain, playbookScopes } from "../shopify";
import { succeeded, useWarmSession } from "./testing";

/** The image's patches; a test takes one away for a while. */
const patches = { statusAny: true, truncate: true, perOrderTry: true, booksApp: true };

const holder = useWarmSession({ patches });

const APP = "erpnext-sync";

function erpnext() {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("there is no ERPNext: the server is not up");
  return standIn;
}

function validate(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
  return holder.session.operator(["validate", STACK, ...args], options);
}

/** What a run reports. @throws Error with all that it printed, where that is no report */
async function report(args: readonly string[], options: RunOptions = {}): Promise<ValidationReport & { code: number }> {
  const run = await validate(["--apply", "--json", "--limit", "15", ...args], options);
  const found = JSON.parse(run.stdout || "{}") as Partial<ValidationReport>;
  if (found.rows === undefined) throw new Error(`no report:\n${printed(run)}`);
  return { ...(found as ValidationReport), code: run.code };
}

/** The rows that did not hold, each with its evidence. */
function notOk(rows: readonly MatrixRow[]): [string, string, string][] {
  return rows.filter(({ status }) => status !== "ok").map(({ id, status, evidence }) => [id, status, evidence]);
}

function evidenceOf(rows: readonly MatrixRow[], id: string): string {
  return rows.find((row) => row.id === id)?.evidence ?? "no such row";
}

/** How many documents of made-up orders are in force. */
function inForce(doctype: string): number {
  const docs = erpnext().documents(doctype, { docstatus: 1 });
  return docs.filter(({ shopify_order_id: id }) => typeof id === "string" && isTestId(id)).length;
}

test("without --apply it says what it would do, and does nothing", async () => {
  const { log } = holder.session.world;
  log.clear();
  const run = succeeded(await validate([]));
  expect(run.stdout).toContain("driven by deliveries");
  expect(run.stdout).toContain("the app lacks write_orders");
  expect(log.writes()).toEqual([]);
});

test("an image without the truncate patch fails the catalog row alone, with the product that does not fit", async () => {
  patches.truncate = false;
  const { rows, code } = await report(["--limit", "4"]);
  patches.truncate = true;
  expect(notOk(rows)).toEqual([
    ["catalog", "failed", expect.stringMatching(/^\d+ of \d+ products, .* not there after 4 s: "Handmade stoneware/)],
  ]);
  expect([rows.filter(({ status }) => status === "ok").length, code]).toEqual([rows.length - 1, 1]);
});

/** Kinds of order: a repeated delivery, goods in two parcels, one that the connector cannot book without our app. */
const KINDS = ["delivered-twice", "shipped-in-two-parcels", "tip"];

test("deliveries: every row and kind of order holds, and nothing stays in force", async () => {
  const directory = mkdtempSync(join(tmpdir(), "validate-"));
  const cancelledBefore = erpnext().documents("Payment Entry", { docstatus: 2 }).length;
  const { rows, tidied, ok, code } = await report([
    ...["--negative", "--report", directory],
    ...["--matrix", ...KINDS],
  ]);
  expect(notOk(rows)).toEqual([["tip", "skipped", expect.stringContaining('"erpnext.booksApp" is false')]]);
  expect([ok, code]).toEqual([true, 0]);
  expect(rows).toHaveLength(13 + KINDS.length);
  expect(evidenceOf(rows, "orders/paid")).toMatch(
    /^SI-Shopify-\d+, ACC-PAY-\S+ into "Demo Bank - DSG", HMAC valid \(log row \w+: Success\), answered HTTP 200$/,
  );
  expect(evidenceOf(rows, "history")).toMatch(/^archived order #\d+ \(58\d+\), SO-Shopify-\d+, log row/);
  expect(erpnext().documents("Shopify Setting")).toMatchObject([{ sync_old_orders: 0, sync_delivery_note: 1 }]);
  expect(tidied.left).toEqual([]);
  expect(["Sales Order", "Sales Invoice", "Delivery Note"].map(inForce)).toEqual([0, 0, 0]);
  expect(erpnext().documents("Payment Entry", { docstatus: 2 })).toHaveLength(cancelledBefore + 4);
  const files = readdirSync(directory).sort();
  expect(files).toEqual([expect.stringMatching(/^validate-demo-store-.*\.json$/), expect.stringMatching(/\.md$/)]);
  expect(readFileSync(join(directory, files[1] ?? ""), "utf8")).toContain("| Catalog pull | ");
  rmSync(directory, { recursive: true });
});

// Before anything that fails: with one event under way, what is tried again later would stand before this run's deliveries.
test("dead workers show as a job that no worker takes", async () => {
  erpnext().workers.kill();
  const { rows } = await report(["--limit", "5"]);
  erpnext().workers.start();
  await holder.session.world.vm.forwarded();
  expect(evidenceOf(rows, "orders/create")).toContain("Queued (no worker has taken the job) after 5 s");
  expect(rows.every(({ status }) => status !== "ok")).toBe(true);
});

test("api: Shopify makes, delivers and deletes the orders itself", async () => {
  const { shopify } = holder.session.world;
  const refused = await validate(["--drive", "api"]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("lacks the scopes write_orders")]);
  shopify.setScopes(APP, [...playbookScopes, ...API_DRIVE_SCOPES]);
  const orders = shopify.shop().orders.stored.length;
  const { rows, tidied, code, drive } = await report([]);
  shopify.setScopes(APP, playbookScopes);
  expect(notOk(rows)).toEqual([]);
  expect([drive, code, tidied.left]).toEqual(["api", 0, []]);
  expect(evidenceOf(rows, "orders/cancelled")).toContain("by orderCancel");
  expect(shopify.shop().orders.stored).toHaveLength(orders);
});

test("hand: it says what to click and notices that it was done", async () => {
  const shop = holder.session.world.shopify.shop();
  const variant = shop.state.products[0]!.variants[0]!.id;
  const acts: readonly [RegExp, (order: number) => unknown][] = [
    [
      /make an order .* of (\d) piece/,
      (pieces) => shop.createOrder({ lines: [{ variantId: variant, quantity: pieces }] }),
    ],
    [/open order #(\d+) and collect the payment/, (number) => shop.payOrder(idOf(number))],
    [
      /open order #(\d+) and fulfil/,
      (number) => {
        const [line] = shop.order(idOf(number)).line_items;
        shop.fulfillOrder(idOf(number), new Map([[line!.id, 1]]));
      },
    ],
    [/open order #(\d+) and cancel/, (number) => shop.cancelOrder(idOf(number))],
    [/open order #(\d+) and archive/, (number) => shop.archiveOrder(idOf(number))],
  ];
  const idOf = (number: number): number => shop.orders.stored.find((order) => order.order_number === number)!.id;
  const onError = (line: string): void => {
    acts.forEach(([what, act]) => {
      const [, number] = what.exec(line) ?? [];
      if (number !== undefined) act(Number(number));
    });
  };
  const { rows, tidied, code } = await report(["--drive", "hand"], { onError });
  expect(notOk(rows)).toEqual([]);
  expect(code).toBe(0);
  expect(tidied.left).toEqual([
    expect.stringMatching(/^Shopify order #\d+: delete or archive it/),
    expect.stringMatching(/^Shopify order/),
    expect.stringMatching(/^Shopify order/),
  ]);
});

test("an image without the status=any patch fails the historical row alone", async () => {
  patches.statusAny = false;
  const { rows, code } = await report([]);
  patches.statusAny = true;
  expect(notOk(rows)).toEqual([["history", "failed", expect.stringContaining('the patch status="any" is missing')]]);
  expect(code).toBe(1);
});

test("a cash account that is a group fails orders/paid alone, with the connector's own words", async () => {
  const { session } = holder;
  const setting = ["Shopify Setting", "Shopify Setting"] as const;
  await session.frappe().update(...setting, { cash_bank_account: "Bank Accounts - DSG" });
  const { rows } = await report([]);
  await session.frappe().update(...setting, { cash_bank_account: "Demo Bank - DSG" });
  expect(notOk(rows)).toEqual([
    ["orders/paid", "failed", expect.stringMatching(/log row \w+: Error .*Bank Accounts - DSG/)],
  ]);
});

/** Pieces that the Sales Order of a Delivery Note has. */
function piecesOrdered({ doc, tx }: Parameters<ServerScript["refusal"]>[0]): number {
  const [item] = doc["items"] as { against_sales_order: string }[];
  const [line] = tx.get("Sales Order", item?.against_sales_order ?? "")?.["items"] as { qty: number }[];
  return line?.qty ?? 0;
}

const REFUSALS: readonly (readonly [row: string, refusal: string, script: ServerScript])[] = [
  [
    "orders/fulfilled",
    "Whole orders leave through the other warehouse",
    {
      doctype: "Delivery Note",
      event: "Before Validate",
      refusal: (scripted) =>
        piecesOrdered(scripted) === 1 ? "Whole orders leave through the other warehouse" : undefined,
    },
  ],
  [
    "orders/partially_fulfilled",
    "Only whole orders are delivered",
    {
      doctype: "Delivery Note",
      event: "Before Validate",
      refusal: (scripted) => (piecesOrdered(scripted) > 1 ? "Only whole orders are delivered" : undefined),
    },
  ],
  [
    "orders/cancelled",
    "Administrator may not cancel orders",
    {
      doctype: "Sales Order",
      event: "Before Cancel",
      refusal: ({ user }) => (user === "Administrator" ? "Administrator may not cancel orders" : undefined),
    },
  ],
];

test.each(REFUSALS)(
  "what ERPNext refuses of %s fails that row alone, with its own words",
  async (row, refused, script) => {
    erpnext().setServerScripts([script]);
    const { rows, tidied, code } = await report([]);
    erpnext().setServerScripts([]);
    expect(notOk(rows)).toEqual([
      [row, "failed", expect.stringMatching(new RegExp(`log row \\w+: Error .*${refused}`))],
    ]);
    expect([rows.filter(({ status }) => status === "ok").length, code]).toEqual([rows.length - 1, 1]);
    expect([tidied.left, inForce("Sales Order")]).toEqual([[], 0]);
  },
);

test("a secret of another app fails whatever needs a delivery, and says that nothing was logged", async () => {
  const { session } = holder;
  const { custom, stranger } = credentialsOf(demoShopDomain);
  await session.setConfig({ shopifyApiSecret: stranger.secret }, "secret");
  const { rows } = await report(["--limit", "2"]);
  await session.setConfig({ shopifyApiSecret: custom.secret }, "secret");
  const wrong = notOk(rows);
  expect(wrong.map(([id, status]) => `${id} ${status}`)).toEqual([
    "orders/create failed",
    "orders/paid skipped",
    "orders/fulfilled skipped",
    "orders/partially_fulfilled failed",
    "orders/cancelled failed",
  ]);
  expect(wrong[0]?.[2]).toContain("its HMAC was refused, which leaves no trace there after 2 s, answered HTTP 401");
});

test("an ERPNext that restarts in the middle is waited for", async () => {
  let restarted: Promise<void> | undefined;
  const onError = (): void => {
    restarted ??= erpnext()
      .stop()
      .then(() => erpnext().start());
  };
  const { rows, code } = await report([], { onError });
  await restarted;
  expect([notOk(rows), code]).toEqual([[], 0]);
});

test("Ctrl-C ends it after the row that is under way, tidies up, and the next run is whole", async () => {
  const interrupt = new AbortController();
  const { rows, tidied } = await report([], {
    signal: interrupt.signal,
    onError: (line) => {
      if (line.includes("orders/create webhook")) interrupt.abort();
    },
  });
  expect(rows.map(({ status }) => status)).toEqual([
    ...rows.slice(0, 2).map(() => "ok"),
    ...Array<string>(5).fill("skipped"),
  ]);
  expect(evidenceOf(rows, "orders/paid")).toBe("interrupted before its turn");
  expect(tidied.left).toEqual([]);
  expect(inForce("Sales Order")).toBe(0);
});

test("a token that is revoked in the middle fails the rows that need Shopify and no other", async () => {
  const { shopify } = holder.session.world;
  const { token } = credentialsOf(demoShopDomain).custom;
  const { rows } = await report([], {
    onError: (line) => {
      if (line.includes("orders/cancelled webhook")) shopify.revokeToken(token);
    },
  });
  shopify.app(APP).tokens.push({ token });
  expect(notOk(rows)).toEqual([["history", "failed", expect.stringContaining("does not accept the app's token")]]);
});

test("a file that says production is refused", async () => {
  const { session } = holder;
  const file = readFileSync(session.customerFile());
  session.editCustomer((document) => {
    document.set("environment", "production");
    document.delete("expiresOn");
    document.deleteIn(["operations", "finalBackup"]);
    const digest = `sha256:${"b".repeat(64)}`;
    document.setIn(["erpnext", "baseImages"], { build: digest, base: digest });
  });
  const run = await validate(["--apply"]);
  // A test that is tried again runs after this one.
  writeFileSync(session.customerFile(), file);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('"environment" is "production" in the customer\'s file and "test" in the running stack');
});
