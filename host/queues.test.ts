import { describeWithRq, Queues } from "./test/queues";
import { until } from "./test/until";

const SITE = "erp.acme.example";

/** Real workers, on machines that are busy. */
jest.setTimeout(90_000);

describeWithRq("host/bench/queues.py", (directory) => {
  let queues: Queues;

  beforeEach(async () => {
    queues = new Queues(directory);
    await queues.start();
    queues.state = {
      DocType: { "Shopify Setting": 1, "Ecommerce Integration Log": 1 },
      singles: { "System Settings": { time_zone: "Europe/Berlin" }, "Shopify Setting": { is_old_data_migrated: 0 } },
      "Ecommerce Integration Log": {
        newer: { creation: "2026-11-26 10:00:00.123456" },
        older: { creation: "2026-07-01 10:00:00" },
      },
    };
  });
  afterEach(() => {
    queues.stop();
  });

  const flag = (): unknown =>
    (queues.state["singles"]?.["Shopify Setting"] as Record<string, unknown>)["is_old_data_migrated"];

  const facts = (): Record<string, unknown> =>
    (queues.ask() as { facts: { queues: Record<string, unknown> } }).facts.queues;

  it("leaves no value of the app's secret in the setting's history, and all other changes", () => {
    const row = (changed: string, of = "Shopify Setting") => ({
      ref_doctype: of,
      docname: of,
      data: JSON.stringify({ changed: [[changed, "shpss_before", "shpss_after"]] }),
    });
    const Version = { secret: row("shared_secret"), other: row("company"), elsewhere: row("shared_secret", "Zenoti") };
    queues.state = { ...queues.state, Version };
    queues.ask();
    expect(Object.keys(queues.state["Version"] ?? {})).toEqual(["other", "elsewhere"]);
  });

  it("takes the old migration's jobs away wherever they stand, sets its flag, and leaves every other job", async () => {
    queues.scene("fill", SITE);
    await queues.work("long");
    await until("a job runs", () => queues.jobs().some((job) => / started /.test(job)));
    const others = [
      "long queued _migrate_items_to_ecommerce_item other.example",
      `long scheduled sync_sales_order ${SITE}`,
      `short queued _migrate_items_to_ecommerce_item ${SITE}`,
      `short queued sync_sales_order ${SITE}`,
    ];
    expect(queues.jobs()).toEqual(
      [
        ...others,
        `default queued _migrate_items_to_ecommerce_item ${SITE}`,
        `long scheduled _migrate_items_to_ecommerce_item ${SITE}`,
        `long started _migrate_items_to_ecommerce_item ${SITE}`,
        `short queued migrate_from_old_connector ${SITE}`,
      ].sort(),
    );
    expect(facts()).toMatchObject({
      oldMigrationJobs: 4,
      oldMigrationsCured: 4,
      workers: { short: 0, default: 0, long: 1 },
    });
    expect(flag()).toBe(1);
    expect(queues.workers()).toBe(1);
    const stays = others.filter((job) => !job.endsWith("other.example"));
    expect(queues.jobs().filter((job) => !job.endsWith("other.example"))).toEqual(stays);
    expect(facts()).toMatchObject({ oldMigrationJobs: 0, oldMigrationsCured: 0 });
  });

  it("takes away what failed before, and changes nothing where there is nothing", async () => {
    expect(facts()).toMatchObject({ oldMigrationJobs: 0, failedJobs: 0, oldestQueuedSeconds: null });
    expect(flag()).toBe(0);
    queues.scene("fill", SITE);
    await queues.work("short");
    await until("two jobs failed", () => queues.jobs().filter((job) => / failed /.test(job)).length === 2);
    expect(queues.jobs()).toContain(`short failed migrate_from_old_connector ${SITE}`);
    expect(facts()).toMatchObject({ oldMigrationsCured: 4 });
    expect(queues.jobs().filter((job) => / failed /.test(job))).toEqual([
      `short failed _migrate_items_to_ecommerce_item ${SITE}`,
    ]);
    expect(facts()).toMatchObject({ failedJobs: 1 });
  });

  it("tells who serves what, what waits how long, and when Shopify's last delivery came", async () => {
    await queues.work("short", "default");
    await queues.work("long");
    expect(queues.ask()).toEqual({
      facts: {
        queues: {
          workers: { short: 1, default: 1, long: 1 },
          queued: { short: 0, default: 0, long: 0 },
          oldestQueuedSeconds: null,
          waits: { short: null, default: null, long: null },
          failedJobs: 0,
          oldMigrationJobs: 0,
          oldMigrationsCured: 0,
        },
        connector: { lastDeliveryAt: "2026-11-26T09:00:00Z" },
      },
      faults: [],
    });
    queues.state = { DocType: {} };
    expect(queues.ask()).toMatchObject({ facts: { connector: { lastDeliveryAt: null } } });
  });

  it("says which queue has no worker, and nothing of how long jobs wait there", () => {
    queues.scene("put", "short", SITE);
    queues.scene("age", "short", "3600", "0");
    expect(queues.ask()).toMatchObject({
      facts: { queues: { queued: { short: 1 } } },
      faults: ["No worker serves default, long, short: docker compose logs queue-short queue-long"],
    });
    expect(Math.abs(Number(facts()["oldestQueuedSeconds"]) - 3600)).toBeLessThan(30);
  });

  it.each([
    {
      what: "longer than a quarter of an hour",
      job: 3600,
      worker: 1200,
      faults: [/^A job waits in the queue short for 12\d\d s /],
    },
    { what: "long, but its worker is young", job: 3600, worker: 300, faults: [] },
    { what: "not long", job: 300, worker: 1200, faults: [] },
  ])("says that a job waits beside a live worker: $what", async ({ job, worker, faults }) => {
    // A worker of each queue, of which none takes a job any more.
    await queues.work("short", "default", "long");
    queues.stopWorkers();
    queues.scene("put", "short", SITE);
    queues.scene("age", "short", String(job), String(worker));
    expect(queues.ask()).toMatchObject({
      facts: { queues: { queued: { short: 1 } } },
      faults: faults.map((fault) => expect.stringMatching(fault) as unknown),
    });
  });
});
