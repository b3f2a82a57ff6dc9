import { ToolError } from "../../tools/tool-error";
import { ensureTools, type ToolSources } from "./tools";

const sources: ToolSources = {
  pulumi: (options) => {
    options.onProgress?.("building", false);
    return Promise.resolve({ version: "3.276.0", binary: "/cache/p/pulumi", directory: "/cache/p", origin: "built" });
  },
  caddy: () => Promise.resolve({ version: "2.6.2", binary: "/usr/bin/caddy", directory: "/usr/bin", origin: "path" }),
  compose: () =>
    Promise.resolve({ version: "2.40.3", binary: "/cache/c/docker-compose", directory: "/cache/c", origin: "built" }),
  actionlint: () =>
    Promise.resolve({ version: "1.7.12", binary: "/cache/a/actionlint", directory: "/cache/a", origin: "built" }),
};

async function ensure(
  changes: Partial<ToolSources> = {},
  mayBuildOptional = true,
): Promise<{ found: Awaited<ReturnType<typeof ensureTools>>; shown: string }> {
  let shown = "";
  const found = await ensureTools({
    sources: { ...sources, ...changes },
    stream: { write: (text) => (shown += text) },
    mayBuildOptional,
  });
  return { found, shown };
}

let path: string | undefined;
beforeEach(() => {
  path = process.env["PATH"];
  process.env["PATH"] = "/mine:/usr/bin";
});
afterEach(() => {
  process.env["PATH"] = path;
});

test("says what was found where and puts it on PATH", async () => {
  const { found, shown } = await ensure();
  expect(found.lines).toEqual([
    "Pulumi CLI 3.276.0, built from Go modules: /cache/p/pulumi",
    "Caddy 2.6.2, found on PATH: /usr/bin/caddy",
    "Docker Compose 2.40.3, built from Go modules: /cache/c/docker-compose",
    "actionlint 1.7.12, built from Go modules: /cache/a/actionlint",
  ]);
  expect(found.missing).toBe(0);
  expect(found.env["PATH"]).toBe("/cache/p:/cache/c:/cache/a:/mine:/usr/bin");
  expect(shown).toBe("building\n");
});

test("one that cannot be had does not keep the others from being found", async () => {
  const { found, shown } = await ensure({
    pulumi: () => Promise.reject(new ToolError("no CLI", "install it", ["output"])),
  });
  expect(found).toMatchObject({ missing: 1 });
  expect(found.lines.map((line) => line.split(",")[0])).toEqual([
    "Caddy 2.6.2",
    "Docker Compose 2.40.3",
    "actionlint 1.7.12",
  ]);
  expect(found.env["PATH"]).toBe("/cache/c:/cache/a:/mine:/usr/bin");
  expect(shown).toBe("no CLI: install it.\n  output\n");
});

test("what is optional is left out rather than built, and named; what is essential is missing", async () => {
  const builds: Record<string, boolean | undefined> = {};
  const refuse =
    (title: string): ToolSources["pulumi"] =>
    ({ mayBuild }) => {
      builds[title] = mayBuild;
      return Promise.reject(new ToolError(`no ${title}`, "install it"));
    };
  const none = { pulumi: refuse("pulumi"), compose: refuse("compose"), actionlint: refuse("actionlint") };
  const { found, shown } = await ensure(none, false);
  expect(found).toMatchObject({ missing: 1, leftOut: ["Docker Compose", "actionlint"] });
  expect(builds).toEqual({ pulumi: true, compose: false, actionlint: false });
  expect(shown).toContain("no compose: install it.\n");
  expect((await ensure(none)).found).toMatchObject({ missing: 3, leftOut: [] });
});

test("a defect is thrown, and the signals are given back", async () => {
  const before = process.listenerCount("SIGTERM");
  await expect(ensure({ caddy: () => Promise.reject(new TypeError("defect")) })).rejects.toThrow("defect");
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
