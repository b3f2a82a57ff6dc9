import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { stackOutputsSchema } from "../../infra/outputs";
import { customerSchema } from "../../customers/schema";
import { knownFields, schemaAt } from "../../customers/sections";
import { STACK_CONFIGURATION } from "./reference/stack-configuration";

const ROOT = join(__dirname, "../..");

const DECISIONS = "docs/decisions";

function pagesIn(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md"));
  return names.map((name) => join(folder, name));
}

const DOCUMENTS = [...pagesIn("."), ...pagesIn("docs"), ...pagesIn(DECISIONS)];

const NPM_SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts,
);

/** Folders and files at the repository's root; what begins with one of them is a path in it. */
const TOP_LEVEL = new Set(readdirSync(ROOT).filter((name) => name !== ".git" && name !== "node_modules"));

/** A relative path to a file, known by its ending. */
const FILE = /^[\w.@-]+(\/[\w.@-]+)*\.(ts|cjs|js|sh|py|yaml|json|md|caddy)$/;

/** Files of that form that are not this repository's: an operator's, the connector's, and a build's result. */
const ELSEWHERE = new Set(["answers.yaml", "sbom.cdx.json", "order.py", "product.py", "report.json"]);

/** The customer whom the README's reader makes. */
const EXAMPLE = /(^|\/)(Pulumi\.)?acme\.yaml$/;

/** The folder that a page is about; the page names its files from there. */
const SUBJECTS: Readonly<Record<string, string>> = {
  "docs/server.md": "host",
  "docs/image.md": "image",
  "docs/deliveries.md": "deliveries",
};

/** Inline code and fenced blocks. */
function codeOf(markdown: string): string[] {
  const fenced = [...markdown.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
  const inline = [...withoutFences(markdown).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  return [...fenced, ...inline];
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^```.*\n[\s\S]*?^```/gm, "");
}

/** The part of a path before a placeholder or a pattern, such as `customers` of `customers/<slug>.yaml`. */
function certainPart(path: string): string {
  const segments = path.split("/");
  const uncertain = segments.findIndex((segment) => /[<>*…{}]/.test(segment));
  return (uncertain === -1 ? segments : segments.slice(0, uncertain)).join("/");
}

function isPath(word: string): boolean {
  const [first = ""] = word.split("/");
  return FILE.test(word) || (word.includes("/") && TOP_LEVEL.has(first));
}

/** Paths that are named in code, without those that a reader makes or that are someone else's. */
function pathsIn(markdown: string): string[] {
  const words = codeOf(markdown).flatMap((code) => code.split(/[\s"'=]+/));
  return words
    .map((word) => word.replace(/^\.\//, "").replace(/[.,;:)]+$/, ""))
    .filter((word) => isPath(word) && !EXAMPLE.test(word) && !ELSEWHERE.has(word));
}

function exists(path: string, folder: string): boolean {
  return [ROOT, join(ROOT, folder)].some((base) => existsSync(join(base, certainPart(path))));
}

/** Scripts of npm that code names and that there are not. */
function unknownScripts(markdown: string): readonly string[] {
  const found = codeOf(markdown).flatMap((code) => [...code.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)]);
  return found.filter(([, name = ""]) => !NPM_SCRIPTS.includes(name)).map(([, name = ""]) => `npm run ${name}`);
}

/** The long options of each of the operator's commands, as docs/commands.md has them from the commands themselves. */
const OPERATOR = new Map(
  readFileSync(join(ROOT, "docs/commands.md"), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => [/^\S+/.exec(section)?.[0] ?? "", section.match(/--[a-z][a-z0-9-]*/g) ?? []] as const),
);

const longOptions = (name: string): readonly string[] => OPERATOR.get(name) ?? [];

/** Options of other programs, and of npm scripts, that pages name by themselves. */
const OTHER_OPTIONS = new Set([
  "--help",
  "--keep",
  "--policy-pack",
  "--prefer-index",
  "--secret",
  "--app",
  "--shop",
  "--app",
  "--shop",
  "--site",
  "--stack-trace-limit",
]);

/** Commands `./stack …` and options that do not exist, as the page has them. */
function unknownCommands(markdown: string): readonly string[] {
  const codes = codeOf(markdown);
  const given = codes.flatMap((code) => [...code.matchAll(/\.\/stack ([a-z]+(?:-[a-z]+)*)([^\n|>#]*)/g)]);
  const wrong = given.filter(([, name = "", rest = ""]) => {
    const options = rest.match(/--[a-z][a-z0-9-]*/g) ?? [];
    return !OPERATOR.has(name) || options.some((option) => ![...longOptions(name), "--help"].includes(option));
  });
  const known = new Set([...OTHER_OPTIONS, ...[...OPERATOR.keys()].flatMap(longOptions)]);
  const alone = codes.filter((code) => /^--[a-z]/.test(code)).map((code) => code.split(/[ =\n]/)[0] ?? "");
  return [...wrong.map(([whole]) => whole.trim()), ...alone.filter((option) => !known.has(option))];
}

/** A host and labels of an image, which look like fields. */
const NO_FIELDS = new Set(["sync.demo-store.example", "erpnext.bases", "erpnext.connector-patches"]);

/** Fields of a customer's file, such as `sync.history`, that the schema does not have. */
function unknownFields(markdown: string): readonly string[] {
  const sections = Object.keys(knownFields(customerSchema));
  return codeOf(markdown)
    .map((code) => code.split(":")[0] ?? "")
    .filter((code) => /^[a-z]+(\.[A-Za-z-]+(\[\])?)+$/.test(code) && sections.includes(code.split(".")[0] ?? ""))
    .filter((code) => !NO_FIELDS.has(code) && !FILE.test(code))
    .filter((code) => {
      const path = code.split(".").flatMap((part) => (part.endsWith("[]") ? [part.slice(0, -2), 0] : [part]));
      return schemaAt(customerSchema, path) === undefined;
    });
}

/** Targets of links, but for those that lead out of the repository. */
function linksIn(markdown: string): string[] {
  const targets = [...withoutFences(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !isOutput(target));
}

/** An output of the stack, as Pulumi.README.md refers to it. */
function isOutput(target: string): boolean {
  const [, name = ""] = /^\$\{outputs\.(\w+)\}$/.exec(target) ?? [];
  return name in stackOutputsSchema.shape;
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+ /, "").toLowerCase();
  return text.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

function leadsSomewhere(link: string, document: { path: string; text: string }): boolean {
  const [target = "", anchor] = link.split("#");
  const file = target === "" ? document.path : relative(ROOT, join(ROOT, dirname(document.path), target));
  if (!existsSync(join(ROOT, file))) return false;
  if (anchor === undefined) return true;
  const text = target === "" ? document.text : readFileSync(join(ROOT, file), "utf8");
  return (withoutFences(text).match(/^#+ .*$/gm) ?? []).map(anchorOf).includes(anchor);
}

/** What a document names and the repository does not have. */
function faultsOf(document: { path: string; text: string }): string[] {
  const { path, text } = document;
  return [
    ...linksIn(text).filter((link) => !leadsSomewhere(link, document)),
    ...pathsIn(text).filter((word) => !exists(word, SUBJECTS[path] ?? dirname(path))),
    ...unknownScripts(text),
    ...unknownCommands(text),
    ...unknownFields(text),
  ];
}

function read(path: string): { path: string; text: string } {
  return { path, text: readFileSync(join(ROOT, path), "utf8") };
}

/** First column of the table below a heading, without backticks. */
function firstColumn(path: string, heading: string): string[] {
  const [, section = ""] = read(path).text.split(`\n## ${heading}\n`);
  const rows = (section.split("\n## ")[0] ?? "").match(/^\| `.*$/gm) ?? [];
  return rows.map((row) => /^\| `([^`]*)`/.exec(row)?.[1] ?? "");
}

test.each(DOCUMENTS)("%s names nothing that does not exist", (path) => {
  expect(faultsOf(read(path))).toEqual([]);
});

test("what does not exist is found, and what is not meant as a path is left alone", () => {
  const text = [
    "# A title: with, signs",
    "[1](infra/gone.md) [2](README.md) [3](#a-title-with-signs) [4](#gone) [5](https://example.com/gone)",
    "`infra/gone.ts`, `scripts/gone/`, `gone.sh now`, `infra/index.ts`, `customers/<slug>.yaml`, `gone/<slug>.yaml`",
    "`npm run gone -- --x`, `npm run pulumi --`, `npm run --silent lost`, `order.py`, `frappe/erpnext`, `/opt/x.sh`",
    "```sh",
    "npm run absent && cp customers/acme.yaml tools/gone",
    "./stack doctor acme --gone > ./x; ./stack gone",
    "```",
    "`./stack doctor acme --fix`, `--apply`, `--lost`, `sync.history`, `sync.gone: true`, `accounting.taxAccounts[].rate`",
  ].join("\n");
  expect(faultsOf({ path: "README.md", text })).toEqual([
    "infra/gone.md",
    "#gone",
    "tools/gone",
    "infra/gone.ts",
    "scripts/gone/",
    "gone.sh",
    "npm run absent",
    "npm run gone",
    "npm run lost",
    "./stack doctor acme --gone",
    "./stack gone",
    "--lost",
    "sync.gone",
  ]);
});

test("the decisions are numbered without a gap", () => {
  const numbers = readdirSync(join(ROOT, DECISIONS)).sort();
  expect(numbers.map((name) => name.slice(0, 5))).toEqual(
    numbers.map((_name, index) => `${String(index + 1).padStart(4, "0")}-`),
  );
});

test("CONTRIBUTING has every npm script that is not an operator's command, and no other", () => {
  const named = firstColumn("CONTRIBUTING.md", "npm scripts").map((command) => command.replace(/^npm (run )?/, ""));
  const own = NPM_SCRIPTS.filter((name) => !["stack", "format:check"].includes(name) && !OPERATOR.has(name));
  expect(named.sort()).toEqual(own.sort());
});

test("README fits on a page or two", () => {
  expect(read("README.md").text.split("\n").length).toBeLessThanOrEqual(150);
});

test("the stack configuration has every secret that a stack is asked for", () => {
  const source = readFileSync(join(ROOT, "infra/secrets.ts"), "utf8");
  const keys = [...source.matchAll(/readonly (\w+)\??: (?:Output<string>|string)/g)].map(([, key = ""]) => key);
  expect(keys.length).toBeGreaterThan(5);
  const named = STACK_CONFIGURATION.map(({ key }) => key);
  const expected = keys.map((key) => (key === "cloudflareApiToken" ? "cloudflare:apiToken" : key));
  expect(expected.filter((key) => !named.includes(key))).toEqual([]);
});
