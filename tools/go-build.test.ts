import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureContext } from "./ensure-options";
import { findGo, fingerprint, goBuild, requiredVersion, type GoProgram } from "./go-build";
import { buildLines, fakeGo, fakeMachine, program, type FakeMachine } from "./testing/fake-programs";
import type { ToolError } from "./tool-error";

function goProgram(
  machine: FakeMachine,
  goMod = "module m\n\ngo 1.25.1\n\nrequire example.com/tool v1.2.3\n",
): GoProgram {
  const module = join(machine.root, `module-${goMod.length}`);
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, "go.mod"), goMod);
  writeFileSync(join(module, "go.sum"), "sum\n");
  return {
    title: "the tool 1.2.3",
    module,
    packagePath: "example.com/tool/cmd/tool",
    variables: { "a.V": "v1", "b.W": "2" },
  };
}

test("requiredVersion reads go.mod", () => {
  const { module } = goProgram(fakeMachine());
  expect(requiredVersion(module, "example.com/tool")).toBe("1.2.3");
  expect(() => requiredVersion(module, "example.com/other")).toThrow(
    `${module}/go.mod has no line that starts with "require example.com/other "`,
  );
});

test("the fingerprint changes with each ingredient and with nothing else", () => {
  const tool = goProgram(fakeMachine());
  const again = goProgram(fakeMachine());
  const prints = [
    fingerprint([tool], ["a"]),
    fingerprint([tool], ["b"]),
    fingerprint([{ ...tool, variables: {} }], ["a"]),
    fingerprint([{ ...tool, packagePath: "example.com/tool" }], ["a"]),
    fingerprint([goProgram(fakeMachine(), "module m\n\ngo 1.25.2\n")], ["a"]),
  ];
  expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(prints).size).toBe(prints.length);
  expect(fingerprint([again], ["a"])).toBe(prints[0]);
  writeFileSync(join(again.module, "go.sum"), "other\n");
  expect(fingerprint([again], ["a"])).not.toBe(prints[0]);
});

describe("findGo", () => {
  const install = "install Go 1.25.1 or newer, put it on PATH and try again.";

  async function finding(prepare: (machine: FakeMachine) => void): Promise<string> {
    const machine = fakeMachine();
    prepare(machine);
    const programs = [goProgram(machine), goProgram(machine, "module older\n\ngo 1.21\n")];
    const found = await findGo(programs, machine.env).catch((error: unknown) => (error as ToolError).message);
    return found.replace(machine.tools, "<tools>");
  }

  test.each([
    ["is new enough", { version: "go1.25.1" }],
    ["is newer", { version: "go1.27rc1" }],
    ["may fetch the toolchain", { version: "go1.21.0", toolchain: "auto" }],
    ["may fetch the toolchain after trying its own", { version: "go1.24.4", toolchain: "local+auto" }],
  ])("takes a Go that %s", async (_what, fake) => {
    expect(
      await finding((machine) => {
        fakeGo(machine, fake);
      }),
    ).toBe("<tools>/go");
  });

  test("says that there is none", async () => {
    expect(await finding(() => undefined)).toBe(`Go is not on PATH: ${install}`);
  });

  test("says that it is too old", async () => {
    const old = await finding((machine) => {
      fakeGo(machine, { version: "go1.24.9" });
    });
    expect(old).toBe(`Go 1.24.9 ("<tools>/go") is too old: ${install}`);
  });

  test("says that it does not work", async () => {
    const broken = await finding((machine) => {
      program(join(machine.tools, "go"), "echo 'no GOROOT' >&2; exit 2");
    });
    expect(broken).toBe(`Go does not work ("<tools>/go" does not say its version): ${install}`);
  });
});

describe("goBuild", () => {
  interface Built {
    readonly machine: FakeMachine;
    readonly tool: GoProgram;
    readonly target: string;
    readonly said: (readonly [string, boolean])[];
    readonly error: ToolError | undefined;
  }

  async function build(before: readonly string[], progressIntervalMs = 60_000): Promise<Built> {
    const machine = fakeMachine();
    fakeGo(machine, { before });
    const tool = goProgram(machine);
    const said: (readonly [string, boolean])[] = [];
    const context = ensureContext({
      env: { ...machine.env, GOOS: "plan9", GOARCH: "mips", GOPROXY: "https://proxy.example" },
      progressIntervalMs,
      onProgress: (line, transient) => said.push([line, transient]),
    });
    const target = join(machine.root, "tool");
    const go = join(machine.tools, "go");
    const error = await goBuild(tool, target, { go, context }).then(
      () => undefined,
      (reason: unknown) => reason as ToolError,
    );
    return { machine, tool, target, said, error };
  }

  test("builds only what go.sum knows, without traces of this machine, for this machine", async () => {
    const log = ['echo "$PWD $GOOS$GOARCH $GOWORK $CGO_ENABLED $GOPROXY" > "$target.env"'];
    const { machine, tool, target, said, error } = await build(log);
    expect(error).toBeUndefined();
    expect(buildLines(machine)).toEqual([
      `example.com/tool/cmd/tool build -mod=readonly -trimpath -ldflags -s -w -X a.V=v1 -X b.W=2 -o ${target} example.com/tool/cmd/tool`,
    ]);
    expect(readFileSync(`${target}.env`, "utf8")).toBe(`${tool.module}  off 0 https://proxy.example\n`);
    expect(said).toEqual([
      ["building the tool 1.2.3 from Go modules", false],
      ["building the tool 1.2.3 took 0 s", false],
    ]);
  });

  test("says how it gets on", async () => {
    const { said } = await build(
      ['echo "go: downloading a v1" >&2', 'echo "go: downloading b v1" >&2', "/bin/sleep 1"],
      300,
    );
    expect(said.filter(([, transient]) => transient)).toContainEqual([
      "building the tool 1.2.3: 1 s, 2 modules downloaded",
      true,
    ]);
  });

  test("a failure shows go's last lines, without the downloads", async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `echo "main.go:${index + 1}: no such thing" >&2`);
    const { error } = await build([...lines, 'echo "go: downloading a v1" >&2', "printf 'no line feed' >&2; exit 1"]);
    expect(error?.message).toBe(
      "the tool 1.2.3 cannot be built (go ended with exit code 1): fix what go says and try again.",
    );
    expect(error?.output).toHaveLength(12);
    expect(error?.output[0]).toBe("main.go:10: no such thing");
    expect(error?.output[11]).toBe("no line feed");
  });

  test("names the network when it is the network", async () => {
    const said = 'go: a@v1: Get "https://proxy.example/a/@v/v1.zip": dial tcp: lookup proxy.example: no such host';
    const { error } = await build([`echo '${said}' >&2; exit 1`]);
    expect(error?.message).toBe(
      "the tool 1.2.3 cannot be built because its Go modules cannot be downloaded (go ended with exit code 1): " +
        "allow the network access that go needs or set GOPROXY to a module proxy in reach, and try again.",
    );
    expect(error?.output).toEqual([said]);
  });

  test("names the signal that killed it", async () => {
    const { error } = await build(["kill -TERM $$"]);
    expect(error?.what).toBe("the tool 1.2.3 cannot be built (go was killed by SIGTERM)");
  });

  test("nothing is left to run when go cannot start", async () => {
    const machine = fakeMachine();
    const context = ensureContext({ env: machine.env });
    const attempt = goBuild(goProgram(machine), join(machine.root, "tool"), { go: join(machine.tools, "go"), context });
    await expect(attempt).rejects.toThrow(/^the tool 1\.2\.3 cannot be built \(spawn .*\/go ENOENT\): /);
  });
});
