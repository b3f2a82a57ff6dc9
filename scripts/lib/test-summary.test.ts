import { readJestReport, readUnittestReport, slowestFiles, summarize, type Counts } from "./test-summary";

const jestOutput = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    numPassedTests: 10,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    testResults: [],
    ...changes,
  });

describe("jest's report", () => {
  test("without failures has no troubles", () => {
    const text = jestOutput({ numPendingTests: 2, numTodoTests: 1 });
    expect(readJestReport(text, 0)).toEqual({ counts: { passed: 10, failed: 0, skipped: 3 }, troubles: [] });
  });

  test("counts what failed", () => {
    expect(readJestReport(jestOutput({ numFailedTests: 2 }), 1)).toEqual({
      counts: { passed: 10, failed: 2, skipped: 0 },
      troubles: [],
    });
  });

  test("counts a suite that failed to run as one that failed", () => {
    expect(readJestReport(jestOutput({ numFailedTests: 1, numRuntimeErrorTestSuites: 2 }), 1)).toEqual({
      counts: { passed: 10, failed: 3, skipped: 0 },
      troubles: ["2 test suite(s) failed to run, each counted as one failed test"],
    });
  });

  test("an exit code that no test explains is a trouble", () => {
    expect(readJestReport(jestOutput(), 1).troubles).toEqual(["jest ended with exit code 1 although no test failed"]);
    expect(readJestReport(jestOutput(), null).troubles).toEqual(["jest ended with a signal although no test failed"]);
  });

  test.each([[undefined], [""], ['{"numPassedTests":10'], ["{}"], [jestOutput({ numPassedTests: "10" })]])(
    "%j is none",
    (text) => {
      expect(readJestReport(text, 0)).toEqual({
        counts: { passed: 0, failed: 1, skipped: 0 },
        troubles: ["jest ended with exit code 0 and without a report, counted as one failed test"],
      });
    },
  );
});

describe("the slowest files", () => {
  const took = (name: string, seconds: number) => ({
    name: `/repository/${name}`,
    startTime: 1_700_000_000_000,
    endTime: 1_700_000_000_000 + seconds * 1000,
  });

  test("come first, from the root, and no more than asked for", () => {
    const testResults = [took("a.test.ts", 0.04), took("sandbox/b.test.ts", 123.45), took("c.test.ts", 7)];
    expect(slowestFiles(jestOutput({ testResults }), "/repository", 2)).toEqual([
      " 123.5 s sandbox/b.test.ts",
      "   7.0 s c.test.ts",
    ]);
  });

  test("of a run without a report are unknown", () => {
    expect(slowestFiles(undefined, "/repository")).toEqual([]);
  });
});

describe("unittest's report", () => {
  const report = (ran: number, verdict: string): string =>
    `..\n----------\nRan ${ran} test${ran === 1 ? "" : "s"} in 0.012s\n\n${verdict}\n`;

  test.each<[string, number, Counts]>([
    [report(12, "OK"), 0, { passed: 12, failed: 0, skipped: 0 }],
    [report(1, "OK"), 0, { passed: 1, failed: 0, skipped: 0 }],
    [report(12, "OK (skipped=2)"), 0, { passed: 10, failed: 0, skipped: 2 }],
    [report(12, "OK (skipped=2, expected failures=1)"), 0, { passed: 10, failed: 0, skipped: 2 }],
    [report(12, "FAILED (failures=1, errors=2, skipped=3)"), 1, { passed: 6, failed: 3, skipped: 3 }],
    [report(12, "FAILED (unexpected successes=1)"), 1, { passed: 11, failed: 1, skipped: 0 }],
    [report(1, "FAILED (failures=3)"), 1, { passed: 0, failed: 3, skipped: 0 }],
  ])("%j", (stderr, code, counts) => {
    expect(readUnittestReport(stderr, code)).toEqual({ counts, troubles: [] });
  });

  test("a test's own output is not taken for the verdict", () => {
    const stderr = `FAILED (failures=9)\nOK\n${report(2, "OK")}`;
    expect(readUnittestReport(stderr, 0).counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
  });

  test.each([
    ["OK", 0],
    ["NO TESTS RAN", 5],
  ])("without a test is a trouble (%s)", (verdict, code) => {
    expect(readUnittestReport(report(0, verdict), code)).toEqual({
      counts: { passed: 0, failed: 0, skipped: 0 },
      troubles: ["python3 -m unittest found no test"],
    });
  });

  test("an exit code that no test explains is a trouble", () => {
    expect(readUnittestReport(report(2, "OK"), 3).troubles).toEqual([
      "python3 -m unittest ended with exit code 3 although no test failed",
    ]);
  });

  test("none at all counts as one that failed", () => {
    expect(readUnittestReport("SyntaxError: invalid syntax", null)).toEqual({
      counts: { passed: 0, failed: 1, skipped: 0 },
      troubles: ["python3 -m unittest ended with a signal and without a report, counted as one failed test"],
    });
  });
});

describe("the closing line", () => {
  const report = (counts: Partial<Counts>, ...troubles: string[]): Parameters<typeof summarize>[0][number] => ({
    counts: { passed: 0, failed: 0, skipped: 0, ...counts },
    troubles,
  });

  test("adds the runners up", () => {
    expect(summarize([report({ passed: 10 }), report({ passed: 5 })])).toEqual({
      line: "15 passed, 0 failed",
      exitCode: 0,
    });
  });

  test("names what was skipped", () => {
    expect(summarize([report({ passed: 10, skipped: 1 }), report({ passed: 1, skipped: 2 })])).toEqual({
      line: "11 passed, 0 failed, 3 skipped",
      exitCode: 0,
    });
  });

  test("one failure in any of them fails the run", () => {
    expect(summarize([report({ passed: 10 }), report({ passed: 1, failed: 1 })])).toEqual({
      line: "11 passed, 1 failed",
      exitCode: 1,
    });
  });

  test("a trouble fails the run even if every test passed", () => {
    expect(summarize([report({ passed: 10 }, "something else")])).toEqual({ line: "10 passed, 0 failed", exitCode: 1 });
  });

  test.each([[[]], [[report({})]], [[report({ skipped: 4 })]]])("no test that ran fails the run", (reports) => {
    expect(summarize(reports).exitCode).toBe(1);
  });
});
