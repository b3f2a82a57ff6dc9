import { join } from "node:path";
import type { Document } from "yaml";

import { CSV_PATH, MONEY_CSV_PATH, type StatusAnswer } from "../../console/page/api";
import { readCustomer } from "../../infra/customer";
import { ConsoleVisit } from "../console-visit";
import { Door } from "../door";
import { diagnostics } from "../pulumi-output";
import type { PulumiRun } from "../pulumi-runner";
import { STACK, type Session } from "../session";
import { changedLines, resourceCounts } from "./diff-lines";
import { runGoldenMatrix } from "./golden-matrix";
import type { Reporter } from "./reporter";

/** The topic whose subscription the demo lets Shopify lose. */
const LOST_TOPIC = "ORDERS_PAID";

const HOOK_HOST = "hooks.demo-store.example";

/** The Sync Console: where it is, what Cloudflare calls its Worker, and someone whom the intake file lets in. */
export const CONSOLE = {
  host: "sync.demo-store.example",
  script: `${STACK}-erpnext-sync-console`,
  email: "ops@agency.example",
} as const;

/** How many of the schedule's minutes a first scan of a shop this small may take. */
const SCAN_STEPS = 5;

/** The demo's story, a function a chapter. */
export class Chapters {
  constructor(
    private readonly session: Session,
    private readonly reporter: Reporter,
  ) {}

  async preview(): Promise<void> {
    const { world } = this.session;
    this.reporter.chapter(`Preview of ${STACK}: what would be made`);
    world.log.clear();
    const { run, seconds } = await this.timed(() => this.session.preview());
    const { create = 0 } = resourceCounts(run.stdout);
    this.reporter.fact(`${create} resources would be created`, run.code === 0 && create > 0, seconds);
    this.explain(run);
    this.reporter.fact(
      `no request that writes was made anywhere (${world.log.entries.length} reads and checks)`,
      world.log.writes().length === 0,
    );
  }

  async up(): Promise<void> {
    this.reporter.chapter("pulumi up: from nothing to a server that answers");
    const { run, seconds } = await this.timed(() => this.session.up([], { onLine: this.watch }));
    const { created = 0 } = resourceCounts(run.stdout);
    this.reporter.fact(`${created} resources created`, run.code === 0, seconds);
    this.explain(run);
    const subscriptions = this.session.world.shopify.subscriptions();
    this.reporter.fact(
      `Shopify delivers ${subscriptions.length} topics to https://${HOOK_HOST}`,
      subscriptions.length === 5,
    );
    const again = await this.timed(() => this.session.up(["--expect-no-changes"]));
    this.reporter.fact("a second pulumi up changes nothing", again.run.code === 0, again.seconds);
    this.explain(again.run);
  }

  async diffs(): Promise<void> {
    this.reporter.chapter("The diff of a change tells the truth");
    await this.change("a setting: no Delivery Notes any more", (document) => {
      document.setIn(["sync", "deliveryNotes"], false);
    });
    await this.change("a topic: orders/cancelled is not delivered any more", (document) => {
      document.setIn(
        ["shopify", "topics"],
        ["orders/create", "orders/paid", "orders/fulfilled", "orders/partially_fulfilled"],
      );
    });
    this.session.editCustomer((document) => {
      document.setIn(["sync", "deliveryNotes"], true);
      document.deleteIn(["shopify", "topics"]);
    });
    const { run, seconds } = await this.timed(() => this.session.up());
    this.reporter.fact("both taken back", run.code === 0, seconds);
    this.explain(run);
  }

  async drift(): Promise<void> {
    const { shopify } = this.session.world;
    this.reporter.chapter("Shopify loses a subscription");
    shopify.loseSubscription(LOST_TOPIC);
    const refresh = await this.timed(() => this.session.run("refresh", ["--preview-only", "--expect-no-changes"]));
    this.reporter.fact(`pulumi refresh notices that ${LOST_TOPIC} is gone`, refresh.run.code !== 0, refresh.seconds);
    const taken = await this.timed(() => this.session.refresh());
    this.explain(taken.run);
    const up = await this.timed(() => this.session.up());
    const restored = shopify.subscriptions().some((subscription) => subscription.topic === LOST_TOPIC);
    this.reporter.fact("pulumi up restores it, and the connector knows it", up.run.code === 0 && restored, up.seconds);
    this.explain(up.run);
  }

  async matrix(): Promise<void> {
    const { world } = this.session;
    this.reporter.chapter("The golden matrix, through the real Caddy");
    const rows = await runGoldenMatrix({
      frappe: this.session.frappe(),
      shopify: world.shopify,
      door: new Door({ url: world.urls.hook, host: HOOK_HOST, rootCertificate: world.rootCertificate }),
      customer: readCustomer(STACK, join(this.session.workspace, "customers")),
      onRow: (row) => {
        this.reporter.progress(row.scenario);
      },
    });
    this.reporter.showMatrix(rows);
  }

  async console(): Promise<void> {
    const { world } = this.session;
    this.reporter.chapter("The Sync Console, in workerd: what arrived, and what did not");
    const started = Date.now();
    const browser = new ConsoleVisit(world, CONSOLE.host, world.access.signIn(CONSOLE.host, CONSOLE.email));
    const refunded = this.refund();
    const status = await this.firstScan(browser);
    this.reporter.fact("its first scan is whole", status.scan.complete, (Date.now() - started) / 1000);
    const page = await browser.get("/");
    this.reporter.fact("the page shows without its script, behind the login", page.status === 200);
    const { status: stranger } = await new ConsoleVisit(world, CONSOLE.host).get("/");
    this.reporter.fact("a visitor without a login is sent to sign in", stranger === 302);

    const { shopify, erpnext } = status.counts.orders;
    const booked = new Set(world.vm.erpnext?.documents("Sales Order").map((order) => order["shopify_order_id"])).size;
    const [there, here] = [shopify, erpnext].map((told) => (told.known ? told.value : undefined));
    const placed = world.shopify.shop().orders.stored.length;
    this.reporter.fact(
      `${String(there)} orders in Shopify, ${String(here)} in ERPNext`,
      there === placed && here === booked,
    );
    const gaps = Object.entries(status.gapCounts);
    const missing = gaps.reduce((sum, [, count]) => sum + count, 0);
    this.reporter.fact(
      `not synced, and why: ${gaps.map(([reason, count]) => `${count} ${reason}`).join(", ")}`,
      missing >= placed - booked && status.gapCounts["deleted-product"] === 2,
    );
    await this.showMoney(browser, refunded);
  }

  /** A merchant gives 5.00 of a booked and paid order back, which ERPNext is told nothing of. @returns the order's name */
  private refund(): string {
    const shop = this.session.world.shopify.shop();
    const booked = new Set(
      this.session.world.vm.erpnext?.documents("Sales Invoice").map((row) => row["shopify_order_id"]),
    );
    const paid = shop.orders.stored.find((order) => order.financial_status === "paid" && booked.has(String(order.id)));
    if (paid === undefined) throw new Error("the matrix left no order that is paid and booked");
    return shop.refundOrder(paid.id, { amount: 500 }).name;
  }

  /** The money by month, as the page's file has it, and what it says of the refunded order. */
  private async showMoney(browser: ConsoleVisit, refunded: string): Promise<void> {
    const { body } = await browser.get(MONEY_CSV_PATH);
    // The company is German: its spreadsheets take semicolons between fields and a comma for the decimals.
    const lines = body
      .replace(/[\uFEFF"]/g, "")
      .trimEnd()
      .split("\r\n");
    const [header = [], ...months] = lines.map((line) => line.split(";"));
    const sum = (column: string): number =>
      months.reduce((total, month) => total + Number((month[header.indexOf(column)] ?? "").replace(",", ".")), 0);
    const [there, here] = [sum("shopify_refunded"), sum("erpnext_refunded")];
    this.reporter.fact(
      `money by month, ${months.length} months: refunded ${there.toFixed(2)} in Shopify, ${here.toFixed(2)} in ERPNext`,
      months.length > 0 && there >= 5 && here === 0,
    );
    const list = await browser.get(CSV_PATH);
    const row = list.body.split("\r\n").find((line) => line.includes(refunded));
    this.reporter.fact(`the refunded order ${refunded} is listed`, row?.includes('"no-credit-note"') === true);
  }

  async destroy(): Promise<void> {
    const { world } = this.session;
    this.reporter.chapter("pulumi destroy: nothing is left");
    const { run, seconds } = await this.timed(() => this.session.destroy([], { onLine: this.watch }));
    const { deleted = 0 } = resourceCounts(run.stdout);
    this.reporter.fact(`${deleted} resources deleted`, run.code === 0, seconds);
    this.explain(run);
    await world.vm.settled();
    const leftovers = world.cloud.leftovers();
    const names = leftovers.map((record) => `${record.type} ${record.id}`);
    this.reporter.fact(`left in Google Cloud and Cloudflare: ${names.join(", ") || "nothing"}`, names.length === 0);
    const { length } = world.shopify.subscriptions();
    this.reporter.fact(
      `left in Shopify: ${length === 0 ? "no subscription" : `${length} subscriptions`}`,
      length === 0,
    );
    const state = await this.session.pulumi.must(["stack", "export", "--stack", STACK]);
    const { deployment } = JSON.parse(state.stdout) as { deployment: { resources?: unknown[] } };
    const remaining = deployment.resources?.length ?? 0;
    this.reporter.fact(`left in the state: ${remaining === 0 ? "nothing" : `${remaining} resources`}`, remaining === 0);
  }

  /** Lets minutes go by until the console has seen every order once. */
  private async firstScan(browser: ConsoleVisit): Promise<StatusAnswer> {
    for (let step = 1; ; step += 1) {
      await this.session.world.workers.fireCron(CONSOLE.script);
      const status = await browser.json<StatusAnswer>("/api/status");
      if (status.scan.complete || step === SCAN_STEPS) return status;
    }
  }

  private async change(what: string, edit: (document: Document) => void): Promise<void> {
    this.session.editCustomer(edit);
    const { run, seconds } = await this.timed(() => this.session.run("preview", ["--diff"]));
    const lines = changedLines(run.stdout);
    this.reporter.fact(what, run.code === 0 && lines.length > 0, seconds);
    this.reporter.text(lines.slice(0, 14).join("\n"));
    this.explain(run);
    const up = await this.timed(() => this.session.up());
    this.reporter.fact("applied", up.run.code === 0, up.seconds);
    this.explain(up.run);
  }

  private async timed(work: () => Promise<PulumiRun>): Promise<{ run: PulumiRun; seconds: number }> {
    const started = Date.now();
    const run = await work();
    return { run, seconds: (Date.now() - started) / 1000 };
  }

  private readonly watch = (line: string): void => {
    const resource = /^\s*[+-]\s+(\S+) (\S+) (creating|created|deleting|deleted)/.exec(line);
    if (resource !== null) {
      this.reporter.progress(`${resource[3] ?? ""} ${resource[2] ?? ""}`);
    }
  };

  /** Shows what the engine said when a command failed. */
  private explain(run: PulumiRun): void {
    if (run.code !== 0) {
      this.reporter.text(diagnostics(run).trimEnd());
    }
  }
}
