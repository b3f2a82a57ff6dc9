import type { FrappeApi } from "./frappe-api";
import { jobsUnderWay } from "./frappe-jobs";

test("a queue's running and waiting jobs are asked for apart, by filters that name the doctype", async () => {
  const list = jest.fn<ReturnType<FrappeApi["list"]>, Parameters<FrappeApi["list"]>>();
  const taken = { name: "erp::1", job_name: "catalog", arguments: '{"a": 1}' };
  list.mockResolvedValueOnce([taken, { name: "erp::2", job_name: "another" }]);
  // One that a worker took between the two questions.
  list.mockResolvedValueOnce([taken]);
  expect(await jobsUnderWay({ list }, "long")).toEqual([
    { id: "erp::1", name: "catalog", arguments: '{"a": 1}', status: "started" },
    { id: "erp::2", name: "another", arguments: "", status: "queued" },
  ]);
  expect(list.mock.calls).toEqual(
    ["queued", "started"].map((status) => [
      "RQ Job",
      {
        fields: ["*"],
        filters: [
          ["RQ Job", "queue", "=", "long"],
          ["RQ Job", "status", "=", status],
        ],
        orderBy: "creation asc",
      },
    ]),
  );
});
