import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureContext } from "../ensure-options";
import { builtPackages, fakeGo, fakeMachine, program, type FakeMachine } from "../testing/fake-programs";
import type { ToolError } from "../tool-error";
import { CADDY_ARCHIVES, releasedCaddy } from "./release";
import { CADDY_VERSION, ensureCaddy, type Caddy } from ".";

const PACKAGE = "github.com/caddyserver/caddy/v2/cmd/caddy";
const fetched = jest.spyOn(globalThis, "fetch");

beforeEach(() => {
  fetched.mockReset();
  fetched.mockRejectedValue(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND github.com") }));
});

async function ensure(machine: FakeMachine): Promise<{ caddy?: Caddy; error?: ToolError; said: string[] }> {
  const said: string[] = [];
  const { env, cacheDirectory } = machine;
  const onProgress = (line: string): unknown =>
    said.push(line.replaceAll(machine.root, "<root>").replace(/\d+ s$/, "N s"));
  try {
    return { caddy: await ensureCaddy({ env, cacheDirectory, onProgress }), said };
  } catch (error) {
    return { error: error as ToolError, said };
  }
}

describe("on PATH", () => {
  test.each([
    ["2.6.2", "2.6.2"],
    ["v2.11.4 h1:abc=", "2.11.4"],
  ])("one that says %j is taken", async (says, version) => {
    const machine = fakeMachine();
    program(join(machine.tools, "caddy"), `echo "${says}"`);
    const { caddy, said } = await ensure(machine);
    expect(caddy).toEqual({ binary: join(machine.tools, "caddy"), version, directory: machine.tools, origin: "path" });
    expect(said).toEqual([]);
  });

  test.each([
    ["echo 2.6.1", '"<root>/tools/caddy" is version 2.6.1, not 2.6.2 or a newer 2.x'],
    ["echo v3.0.0", '"<root>/tools/caddy" is version 3.0.0, not 2.6.2 or a newer 2.x'],
    ["exit 1", '"<root>/tools/caddy" does not work: exit code 1'],
    ["echo unknown", '"<root>/tools/caddy" does not work: it does not say its version'],
  ])("one that does %j is passed over", async (says, reason) => {
    const machine = fakeMachine();
    program(join(machine.tools, "caddy"), says);
    fakeGo(machine);
    const { caddy, said } = await ensure(machine);
    expect(caddy?.origin).toBe("built");
    expect(said).toEqual([
      `passed over: ${reason}`,
      "building Caddy 2.11.4 from Go modules",
      "building Caddy 2.11.4 took N s",
    ]);
  });
});

describe("a build", () => {
  test("is kept", async () => {
    const machine = fakeMachine();
    fakeGo(machine);
    const { caddy } = await ensure(machine);
    expect(caddy?.directory).toMatch(/\/cache\/caddy-2\.11\.4-[0-9a-f]{16}$/);
    expect(caddy).toEqual({
      binary: join(caddy!.directory, "caddy"),
      version: "2.11.4",
      directory: caddy!.directory,
      origin: "built",
    });
    expect(readdirSync(caddy!.directory)).toEqual(["caddy"]);
    expect(await ensure(machine)).toEqual({ caddy, said: [] });
    expect(builtPackages(machine)).toEqual([PACKAGE]);
    expect(readFileSync(join(machine.root, "builds.log"), "utf8")).toContain(
      "-X github.com/caddyserver/caddy/v2.CustomVersion=v2.11.4 ",
    );
  });

  test("whose result is not what was wanted is not kept, and the release is tried", async () => {
    const machine = fakeMachine();
    fakeGo(machine, { builds: { caddy: "echo v2.11.3" } });
    const { error, said } = await ensure(machine);
    expect(said).toContain("passed over: Caddy 2.11.4 was made but does not work: it says to be version 2.11.3");
    expect(error?.what).toContain("there is no Caddy to run (caddy is not on PATH; ");
    expect(readdirSync(machine.cacheDirectory)).toEqual([]);
  });
});

describe("the official release", () => {
  /** An archive as the release's, whose `caddy` does what `says` says. */
  function release(machine: FakeMachine, says: string): { archive: { name: string; sha512: string }; content: Buffer } {
    const source = join(machine.root, "source");
    mkdirSync(source);
    program(join(source, "caddy"), says);
    program(join(source, "LICENSE"));
    spawnSync("/bin/tar", ["-czf", join(machine.root, "a.tar.gz"), "-C", source, "caddy", "LICENSE"], {
      env: { PATH: "/usr/bin:/bin" },
    });
    const content = readFileSync(join(machine.root, "a.tar.gz"));
    return { archive: { name: "a.tar.gz", sha512: createHash("sha512").update(content).digest("hex") }, content };
  }

  const answer = (content: Buffer): Response => new Response(new Uint8Array(content));

  function contextOf(machine: FakeMachine): ReturnType<typeof ensureContext> {
    return ensureContext({ env: { ...machine.env, PATH: "/usr/bin:/bin" }, cacheDirectory: machine.cacheDirectory });
  }

  test("is downloaded once, and only Caddy is unpacked", async () => {
    const machine = fakeMachine();
    const { archive, content } = release(machine, "echo v2.11.4");
    fetched.mockResolvedValueOnce(answer(content));
    const outcome = await releasedCaddy(contextOf(machine), archive);
    const directory = join(machine.cacheDirectory, `caddy-2.11.4-release-${archive.sha512.slice(0, 16)}`);
    expect(outcome).toEqual({
      tool: { binary: join(directory, "caddy"), version: "2.11.4", directory, origin: "downloaded" },
    });
    expect(readdirSync(directory)).toEqual(["caddy"]);
    expect(await releasedCaddy(contextOf(machine), archive)).toEqual(outcome);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls[0]?.[0]).toBe("https://github.com/caddyserver/caddy/releases/download/v2.11.4/a.tar.gz");
  });

  test("with another checksum is refused", async () => {
    const machine = fakeMachine();
    const { archive, content } = release(machine, "echo v2.11.4");
    const tampered = Buffer.concat([content, Buffer.from("x")]);
    fetched.mockResolvedValueOnce(answer(tampered));
    const found = createHash("sha512").update(tampered).digest("hex");
    await expect(releasedCaddy(contextOf(machine), archive)).rejects.toThrow(
      `"a.tar.gz" is not the official release (its SHA-512 is ${found}): try again where the release site is in reach.`,
    );
    expect(readdirSync(machine.cacheDirectory)).toEqual([]);
  });

  test("of another version than it should be is not kept", async () => {
    const machine = fakeMachine();
    const { archive, content } = release(machine, "echo v2.11.5");
    fetched.mockResolvedValueOnce(answer(content));
    await expect(releasedCaddy(contextOf(machine), archive)).rejects.toThrow("it says to be version 2.11.5");
    expect(readdirSync(machine.cacheDirectory)).toEqual([]);
  });

  test("that is not an archive is refused", async () => {
    const machine = fakeMachine();
    const content = Buffer.from("no archive");
    fetched.mockResolvedValueOnce(answer(content));
    const archive = { name: "a.tar.gz", sha512: createHash("sha512").update(content).digest("hex") };
    await expect(releasedCaddy(contextOf(machine), archive)).rejects.toThrow(
      /^the release of Caddy cannot be unpacked \(.+\): install tar/,
    );
  });

  test("says the status of a site that has it not", async () => {
    const machine = fakeMachine();
    fetched.mockResolvedValueOnce(new Response("", { status: 404 }));
    await expect(releasedCaddy(contextOf(machine), { name: "b.tar.gz", sha512: "" })).rejects.toThrow(
      '"https://github.com/caddyserver/caddy/releases/download/v2.11.4/b.tar.gz" cannot be downloaded (status 404)',
    );
  });

  test("is pinned at the version that go.mod pins, with whole checksums", () => {
    for (const { name, sha512 } of Object.values(CADDY_ARCHIVES)) {
      expect(name).toMatch(new RegExp(`^caddy_${CADDY_VERSION}_linux_(amd64|arm64)\\.tar\\.gz$`));
      expect(sha512).toMatch(/^[0-9a-f]{128}$/);
    }
    expect(Object.keys(CADDY_ARCHIVES)).toEqual(["linux-x64", "linux-arm64"]);
  });
});

test("without any, every reason is given with the ways out", async () => {
  const { error, said } = await ensure(fakeMachine());
  const archive = CADDY_ARCHIVES[`${process.platform}-${process.arch}`]!.name;
  expect(said).toEqual(["passed over: Go is not on PATH", "downloading Caddy 2.11.4"]);
  expect(error?.message).toBe(
    "there is no Caddy to run (caddy is not on PATH; Go is not on PATH; " +
      `"https://github.com/caddyserver/caddy/releases/download/v2.11.4/${archive}" cannot be downloaded (getaddrinfo ENOTFOUND github.com)): ` +
      "install Go 1.25.1 or newer, put it on PATH and try again, or install Caddy 2.6.2 or a newer 2.x and put it on PATH.",
  );
});
