import { Command } from "commander";

import { UserError } from "../../../core/user-error";
import { act, customerCommand, runProgram, type CommandBody } from "./command";

let printed: { stdout: string; stderr: string };

beforeEach(() => {
  printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    jest.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  process.exitCode = undefined;
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

function run(argv: readonly string[], body: CommandBody<[string, { limit?: string }]>): Promise<void> {
  const command = customerCommand("look", "Looks.").option("--limit <n>").action(act(body));
  return runProgram(new Command("stack").addCommand(command), argv);
}

it("gives the body the customer and the options, and ends with 0 or 1 as it answers", async () => {
  const seen: unknown[] = [];
  await run(["look", "acme", "--limit", "3"], (_context, slug, options) => {
    seen.push(slug, options);
    return Promise.resolve(true);
  });
  expect([seen, process.exitCode]).toEqual([["acme", { limit: "3" }], 0]);
  await run(["look", "acme"], () => Promise.resolve(false));
  expect(process.exitCode).toBe(1);
});

it.each([
  ["an unknown command", ["lock", "acme"]],
  ["no customer", ["look"]],
  ["an unknown option", ["look", "acme", "--speed"]],
  ["too many arguments", ["look", "acme", "beta"]],
])("ends with 2 for %s and runs nothing", async (_what, argv) => {
  const body = jest.fn();
  await run(argv, body);
  expect([body.mock.calls, process.exitCode]).toEqual([[], 2]);
  expect(printed.stderr).toContain("error:");
});

it("ends with 0 when asked for help", async () => {
  await run(["look", "--help"], jest.fn());
  expect(process.exitCode).toBe(0);
  expect(printed.stdout).toContain("slug of the customer");
});

it("says one sentence for a failure, with --json also as a document, and a trace only with --verbose", async () => {
  const fail = (): Promise<boolean> =>
    Promise.reject(new UserError({ what: 'no "shpat_0123456789ab"', customer: "acme", next: "set one" }));
  await run(["look", "acme", "--json"], fail);
  const sentence = 'no "[secret]" for customer "acme": set one.';
  expect(process.exitCode).toBe(1);
  expect(printed.stderr).toBe(`${sentence}\n`);
  expect(JSON.parse(printed.stdout)).toEqual({ ok: false, error: sentence });
  await run(["look", "acme", "--verbose"], fail);
  expect(printed.stderr).toContain("\n    at ");
});

it("tells the body of the first Ctrl-C and leaves no listener behind", async () => {
  const before = process.listenerCount("SIGINT");
  await run(["look", "acme"], ({ signal }) => {
    process.emit("SIGINT");
    return Promise.resolve(signal.aborted);
  });
  expect([process.exitCode, process.listenerCount("SIGINT")]).toEqual([0, before]);
  expect(printed.stderr).toContain("stopping after what is under way");
});
