import type { FrappeApi } from "./frappe-api";
import { jobsUnderWay } from "./frappe-jobs";

test("a queue's running and waiting jobs are asked for apart, by filters that name the doctype", async () => {
  const view = jest.fn<ReturnType<FrappeApi["view"]>, Parameters<FrappeApi["view"]>>();
  const taken = { name: "erp::1", job_name: "catalog", arguments: '{"a": 1}' };
  view.mockResolvedValueOnce([taken, { name: "erp::2", job_name: "another" }]);
  // One that a worker took between the two questions.
  view.mockResolvedValueOnce([taken]);
  expect(await jobsUnderWay({ view }, "long")).toEqual([
    { id: "erp::1", name: "catalog", arguments: '{"a": 1}', status: "started" },
    { id: "erp::2", name: "another", arguments: "", status: "queued" },
  ]);
  expect(view.mock.calls).toEqual(
    ["queued", "started"].map((status) => [
      "RQ Job",
      {
        filters: [
          ["RQ Job", "queue", "=", "long"],
          ["RQ Job", "status", "=", status],
        ],
        orderBy: "creation asc",
        length: 500,
      },
    ]),
  );
});
