import { readShards, shardOf, shardOutput } from "./shards";
import { summarize } from "./test-summary";

test.each([
  [["--shard=2/3", "host/"], "2"],
  [["--selectProjects", "unit"], undefined],
])("of %j the shard is %j", (args, shard) => {
  expect(shardOf(args)).toBe(shard);
});

test("a shard hands its line on under a name of its own", () => {
  expect(shardOutput("2", "4 passed, 0 failed")).toBe("shard_2=4 passed, 0 failed\n");
});

describe("what the jobs came to", () => {
  const total = (jobs: object): string[] => {
    const reports = readShards(JSON.stringify(jobs));
    const { line, exitCode } = summarize(reports);
    return [line, String(exitCode), ...reports.flatMap(({ troubles }) => troubles)];
  };
  const shards = { shard_1: "10 passed, 0 failed", shard_2: "7 passed, 0 failed, 2 skipped" };
  const statics = { result: "success", outputs: {} };

  test("is one count", () => {
    expect(total({ static: statics, tests: { result: "success", outputs: shards } })).toEqual([
      "17 passed, 0 failed, 2 skipped",
      "0",
    ]);
  });

  test("is no success when a job failed, was cancelled, or a shard is silent", () => {
    const silent = { ...shards, shard_3: "" };
    expect(
      total({ static: { ...statics, result: "failure" }, tests: { result: "cancelled", outputs: silent } }),
    ).toEqual([
      "17 passed, 0 failed, 2 skipped",
      "1",
      'static ended with "failure"',
      'tests ended with "cancelled"',
      "shard_3 of tests has left no count",
    ]);
  });

  test("is no success when there are none", () => {
    expect(total({})).toEqual(["0 passed, 0 failed", "1"]);
  });
});
