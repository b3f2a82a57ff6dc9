import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Where values come from: Pulumi's configuration is read in infra/ alone, the environment in scripts/, tools/ and sandbox/
 * alone. Everything else gets its values handed in, so that the same arguments always give the same resources.
 */
const ROOT = join(__dirname, "..");

/** What runs in a stack's program or in its dynamic providers. */
const PROGRAM = ["components", "clients", "customers", "infra"] as const;

const CONFIG =
  /@pulumi\/pulumi\/(?:runtime\/)?config"|\bpulumi\.Config\b|\bnew Config\(|\b(?:allConfig|getConfig)\(|PULUMI_CONFIG\b/;
const ENVIRONMENT = /\bprocess\s*(?:\.\s*env|\[\s*["'`]env)\b|\benv\b[^;]*\}\s*=\s*process\b|from "(?:node:)?process"/;

/** The program's own sources; tests and their helpers may do what they like. */
function sources(room: (typeof PROGRAM)[number]): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|cjs)$/.test(entry.name) && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split("/").includes("testing"))
    .sort();
}

/** The files of a room in which the pattern stands. */
function withMatch(room: (typeof PROGRAM)[number], pattern: RegExp): string[] {
  return sources(room).filter((path) => pattern.test(readFileSync(join(ROOT, path), "utf8")));
}

test.each(PROGRAM)("%s/ has sources to look at", (room) => {
  expect(sources(room).length).toBeGreaterThan(5);
});

test("only infra/ reads Pulumi's configuration", () => {
  expect(PROGRAM.flatMap((room) => withMatch(room, CONFIG))).toEqual([
    "infra/apis-answer.ts",
    "infra/delivery-path.ts",
    "infra/endpoints.ts",
    "infra/index.ts",
    "infra/providers.ts",
    "infra/secrets.ts",
  ]);
});

test("nothing of it reads the environment but for the token that Cloudflare's own provider takes from there", () => {
  expect(PROGRAM.flatMap((room) => withMatch(room, ENVIRONMENT))).toEqual(["clients/cloudflare-token.ts"]);
});

test.each([
  ["process.env.HOME", ENVIRONMENT],
  ['process["env"].HOME', ENVIRONMENT],
  ["const { env } = process;", ENVIRONMENT],
  ['import { env } from "node:process";', ENVIRONMENT],
  ['import { Config } from "@pulumi/pulumi/config";', CONFIG],
  ['const value = new pulumi.Config("gcp").get("project");', CONFIG],
  ['runtime.getConfig("gcp:project")', CONFIG],
])("the look finds %s", (text, pattern) => {
  expect(text).toMatch(pattern);
});
