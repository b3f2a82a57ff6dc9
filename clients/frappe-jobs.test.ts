import type { FrappeApi } from "./frappe-api";
import { jobsUnderWay } from "./frappe-jobs";

const RUNNING = { name: "erp::1", job_name: "catalog", arguments: '{"a": 1}', queue: "long" };

function siteOf(workers: readonly Readonly<Record<string, unknown>>[]) {
  const view = jest.fn<ReturnType<FrappeApi["view"]>, Parameters<FrappeApi["view"]>>();
  // The first is one that a worker took between the two questions.
  view.mockResolvedValueOnce([RUNNING, { name: "erp::2", job_name: "another", queue: "long" }]);
  view.mockResolvedValueOnce(workers);
  const known = [RUNNING, { ...RUNNING, name: "erp::3", queue: "short" }];
  const get = (_doctype: string, name: string) => Promise.resolve(known.find((job) => job.name === name));
  return { view, get };
}

test("what waits is asked of the queue, and what runs of the workers", async () => {
  const site = siteOf([{ current_job_id: "erp::1" }, { current_job_id: "erp::3" }, { current_job_id: null }]);
  expect(await jobsUnderWay(site, "long")).toEqual([
    { id: "erp::1", name: "catalog", arguments: '{"a": 1}', status: "started" },
    { id: "erp::2", name: "another", arguments: "", status: "queued" },
  ]);
  const rest = { orderBy: "creation asc", length: 500 };
  const filters = [
    ["RQ Job", "queue", "=", "long"],
    ["RQ Job", "status", "=", "queued"],
  ];
  expect(site.view.mock.calls).toEqual([
    ["RQ Job", { ...rest, filters }],
    ["RQ Worker", { ...rest, filters: [] }],
  ]);
});

test("a job that has ended since its worker was asked is not listed", async () => {
  const site = siteOf([{ current_job_id: "erp::gone" }]);
  expect((await jobsUnderWay(site, "long")).map(({ status }) => status)).toEqual(["queued", "queued"]);
});
