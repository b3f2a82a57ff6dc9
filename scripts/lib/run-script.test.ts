import { UserError } from "../../core/user-error";
import { EXIT, runScript } from "./run-script";

const ARGV = process.argv;
let written: string[];

beforeEach(() => {
  written = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  process.argv = ["node", "script.ts"];
  process.exitCode = undefined;
});

afterEach(() => {
  jest.restoreAllMocks();
  process.argv = ARGV;
  process.exitCode = undefined;
});

const fails = (error: unknown) => () => {
  throw error;
};

test("the exit codes of every script", () => {
  expect(EXIT).toEqual({ done: 0, failed: 1, usage: 2 });
});

test("a script that ends well says nothing and leaves the exit code alone", async () => {
  await runScript(() => Promise.resolve());
  expect(written).toEqual([]);
  expect(process.exitCode).toBeUndefined();
});

test("what it throws becomes one sentence without a trace, and exit code 1", async () => {
  await runScript(fails(new UserError({ what: '"host" is "x"', customer: "acme", next: "set it" })));
  expect(written).toEqual(['"host" is "x" for customer "acme": set it.\n']);
  expect(process.exitCode).toBe(1);
});

test("with --verbose there is the trace", async () => {
  process.argv = [...process.argv, "--verbose"];
  const defect = new TypeError("a defect");
  await runScript(fails(defect));
  expect(written).toEqual([`${String(defect.stack)}\n`]);
  expect(written[0]).toContain("run-script.test.ts");
});

test.each([false, true])("with a trace or without (%s), what looks like a credential is masked", async (verbose) => {
  if (verbose) process.argv = [...process.argv, "--verbose"];
  await runScript(fails(new Error("refused shpat_0123456789abcdef and ya29.abcdefghijkl")));
  expect(written.join("")).toContain("refused [secret] and [secret]");
  expect(written.join("")).not.toMatch(/shpat_|ya29/);
  expect(process.exitCode).toBe(1);
});

test("something thrown that is no error is shown as it is", async () => {
  await runScript(fails("a text"));
  expect(written).toEqual(["a text\n"]);
});
