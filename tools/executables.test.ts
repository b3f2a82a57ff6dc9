import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failure, findOnPath, isExecutable, lastLines, run, withPath } from "./executables";
import { fakeMachine, program } from "./testing/fake-programs";

describe("findOnPath", () => {
  test("takes the first executable file and passes over what cannot run", () => {
    const { root } = fakeMachine();
    const plain = join(root, "plain");
    mkdirSync(join(root, "directory", "tool"), { recursive: true });
    mkdirSync(plain);
    writeFileSync(join(plain, "tool"), "not executable", { mode: 0o644 });
    const first = program(join(root, "first", "tool"));
    program(join(root, "second", "tool"));
    const PATH = [plain, "directory", "first", "second"]
      .map((name) => (name === plain ? name : join(root, name)))
      .join(":");
    expect(findOnPath("tool", { PATH })).toBe(first);
    expect(findOnPath("other", { PATH })).toBeUndefined();
    expect(findOnPath("tool", {})).toBeUndefined();
  });

  test("leaves out node_modules/.bin, where npm puts launchers, and relative directories", () => {
    const { root } = fakeMachine();
    const bin = join(root, "node_modules", ".bin");
    program(join(bin, "tool"));
    expect(findOnPath("tool", { PATH: `${bin}:.` })).toBeUndefined();
  });
});

test("a link to an executable is one, a dangling link is not", () => {
  const { root } = fakeMachine();
  const target = program(join(root, "tool"));
  symlinkSync(target, join(root, "good"));
  symlinkSync(join(root, "gone"), join(root, "bad"));
  expect([isExecutable(join(root, "good")), isExecutable(join(root, "bad"))]).toEqual([true, false]);
});

test("withPath puts directories in front and leaves the environment as it was", () => {
  const env = { PATH: "/usr/bin", HOME: "/home/a" };
  expect(withPath(env, "/one", "/two")).toEqual({ PATH: "/one:/two:/usr/bin", HOME: "/home/a" });
  expect(withPath(env, "/one", "/usr/bin")).toEqual({ PATH: "/one:/usr/bin", HOME: "/home/a" });
  expect(withPath({}, "/one")).toEqual({ PATH: "/one" });
  expect(env.PATH).toBe("/usr/bin");
});

describe("run", () => {
  const options = { env: {}, timeoutMs: 10_000 };

  test("collects what a program prints and its exit code", async () => {
    const { root } = fakeMachine();
    const tool = program(join(root, "tool"), 'echo "out $1"; echo err >&2; exit 3');
    const result = await run(tool, ["a b"], options);
    expect(result).toEqual({ code: 3, stdout: "out a b\n", stderr: "err\n" });
    expect(failure(result)).toBe("err");
  });

  test("names what killed it", async () => {
    const { root } = fakeMachine();
    const result = await run(program(join(root, "tool"), "kill -KILL $$"), [], options);
    expect(result).toEqual({ code: undefined, stdout: "", stderr: "", trouble: "killed by SIGKILL" });
  });

  test("gives up after the time limit, even if a grandchild holds the pipes", async () => {
    const { root } = fakeMachine();
    const tool = program(join(root, "tool"), "/bin/sleep 20 &", "wait");
    const since = Date.now();
    const result = await run(tool, [], { env: {}, timeoutMs: 200 });
    expect(failure(result)).toBe("no answer within 0.2 s");
    expect(Date.now() - since).toBeLessThan(5000);
  });

  test("a program that cannot start is a result", async () => {
    const result = await run("/nowhere/tool", [], options);
    expect(failure(result)).toBe("spawn /nowhere/tool ENOENT");
  });

  test("without a word on stderr the exit code is the failure", async () => {
    const { root } = fakeMachine();
    expect(failure(await run(program(join(root, "tool"), "exit 9"), [], options))).toBe("exit code 9");
  });
});

test("lastLines drops blank lines", () => {
  expect(lastLines("a\n\nb\r\nc\n \n", 2)).toEqual(["b", "c"]);
});
