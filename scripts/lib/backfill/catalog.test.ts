import { FrappeError } from "../../../clients/frappe";
import { catalogOf, IMPORT_JOB, importCatalog, type CatalogSite, type CatalogWatch } from "./catalog";

type Job = Awaited<ReturnType<CatalogSite["job"]>>;

/** A site whose imports bring so many products each, and last for two looks. */
class FakeSite implements CatalogSite {
  readonly starts: number[] = [];
  #left = 0;

  constructor(
    private synced: number,
    private readonly shopify: number,
    private readonly brings: number[],
  ) {}

  counts = jest.fn(() => Promise.resolve({ shopify: this.shopify, synced: this.synced }));

  job = jest.fn((): Promise<Job> => {
    if (this.#left === 0) return Promise.resolve(undefined);
    this.#left -= 1;
    if (this.#left === 0) this.synced += this.brings.shift() ?? 0;
    return Promise.resolve("started");
  });

  start(): Promise<void> {
    this.starts.push(this.synced);
    this.#left = 2;
    return Promise.resolve();
  }

  /** An import that someone else began. */
  begun(): this {
    this.#left = 2;
    return this;
  }
}

function watch(changes: Partial<CatalogWatch> = {}): CatalogWatch {
  return {
    customer: "acme",
    signal: new AbortController().signal,
    intervalMs: 1,
    queuedLimitMs: 5_000,
    silenceLimitMs: 200,
    onProgress: () => undefined,
    ...changes,
  };
}

it.each<[string, FakeSite, { kind: string; synced: number; starts: number[] }]>([
  ["has nothing to do when all is there", new FakeSite(9, 9, []), { kind: "complete", synced: 9, starts: [] }],
  ["imports once", new FakeSite(0, 9, [9]), { kind: "complete", synced: 9, starts: [0] }],
  [
    "starts again after a job that was killed half way",
    new FakeSite(0, 9, [4, 5]),
    { kind: "complete", synced: 9, starts: [0, 4] },
  ],
  [
    "ends when a whole import brings nothing more",
    new FakeSite(0, 9, [8, 0]),
    { kind: "incomplete", synced: 8, starts: [0, 8] },
  ],
  ["follows one that is under way", new FakeSite(0, 9, [9]).begun(), { kind: "complete", synced: 9, starts: [] }],
])("%s", async (_title, site, { kind, synced, starts }) => {
  expect(await importCatalog(site, watch())).toEqual({ kind, shopify: 9, synced });
  expect(site.starts).toEqual(starts);
});

it("does not take a job for ended that a worker is just getting ready for", async () => {
  const site = new FakeSite(0, 9, []);
  const looks: Job[] = [undefined, undefined, undefined, "queued", undefined, "started"];
  site.job.mockImplementation(() => {
    const look = looks.shift();
    if (look === "started") site.counts.mockResolvedValue({ shopify: 9, synced: 9 });
    return Promise.resolve(look);
  });
  expect(await importCatalog(site, watch())).toEqual({ kind: "complete", shopify: 9, synced: 9 });
  expect(site.starts).toEqual([0]);
});

it("leaves a job to the server when the operator goes", async () => {
  const leaving = new AbortController();
  const site = new FakeSite(0, 9, [9]).begun();
  leaving.abort();
  expect(await importCatalog(site, watch({ signal: leaving.signal }))).toEqual({
    kind: "detached",
    shopify: 9,
    synced: 0,
  });
  expect(site.starts).toEqual([]);
});

it("says that no worker takes the job", async () => {
  const site = new FakeSite(0, 9, []);
  site.job.mockResolvedValue("queued");
  await expect(importCatalog(site, watch({ queuedLimitMs: 20 }))).rejects.toThrow(
    'no worker has taken the catalog import for 0 s for customer "acme": look at the workers',
  );
});

const gone = new FrappeError({ kind: "unreachable", status: 0 }, { what: "no answer", next: "wait" });

it("outlives a restart of ERPNext, and does not wait forever", async () => {
  const site = new FakeSite(0, 9, [9]);
  site.counts.mockRejectedValueOnce(gone).mockRejectedValueOnce(gone);
  expect(await importCatalog(site, watch())).toMatchObject({ kind: "complete" });
  site.counts.mockRejectedValue(gone);
  await expect(importCatalog(site, watch({ silenceLimitMs: 20 }))).rejects.toThrow("no answer");
});

it("takes what Frappe refuses for what it is", async () => {
  const site = new FakeSite(0, 9, [9]);
  const refused = new FrappeError({ kind: "unauthorized", status: 403 }, { what: "not allowed", next: "allow it" });
  site.counts.mockRejectedValue(refused);
  await expect(importCatalog(site, watch({ silenceLimitMs: 60_000 }))).rejects.toThrow("not allowed");
});

describe("catalogOf", () => {
  const site = (answers: { call?: unknown }) => {
    const [call, view, get] = [jest.fn().mockResolvedValue(answers.call), jest.fn(), jest.fn()];
    return { catalog: catalogOf({ call, view, get }, "acme"), call, view, get };
  };

  it("counts through the connector's page", async () => {
    const { catalog, call } = site({ call: { shopifyCount: 7, syncedCount: 3, erpnextCount: 9 } });
    expect(await catalog.counts()).toEqual({ shopify: 7, synced: 3 });
    expect(call).toHaveBeenCalledWith(
      "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products.get_product_count",
    );
  });

  it("refuses a connector that cannot count", async () => {
    const { catalog } = site({ call: { shopifyCount: null, syncedCount: 0 } });
    await expect(catalog.counts()).rejects.toThrow('the connector counts no products in Shopify for customer "acme"');
  });

  it.each<[Job, string[]]>([
    [undefined, []],
    ["queued", ["queued"]],
    ["started", ["queued", "started"]],
  ])("finds the job %s where %j are under way", async (job, states) => {
    const { catalog, view, get } = site({});
    const jobOf = (name: string) => ({ name, job_name: name, queue: "long" });
    const listed = {
      "RQ Job": ["another", ...(states.includes("queued") ? [IMPORT_JOB] : [])].map(jobOf),
      "RQ Worker": [{ current_job_id: states.includes("started") ? IMPORT_JOB : null }],
    };
    view.mockImplementation((doctype: keyof typeof listed) => Promise.resolve(listed[doctype]));
    get.mockImplementation((_doctype: string, name: string) => Promise.resolve(jobOf(name)));
    expect(await catalog.job()).toBe(job);
  });
});
