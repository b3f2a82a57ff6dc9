import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { customerJsonSchema } from "./json-schema";

const committed = readFileSync(join(__dirname, "customer.schema.json"), "utf8");
const example: unknown = parse(readFileSync(join(__dirname, "demo-store.yaml"), "utf8"));

/** What an editor makes of the file: the JSON schema alone, without the rules of the parser. */
const editor = z.fromJSONSchema(JSON.parse(committed) as z.core.JSONSchema.JSONSchema);

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

const root = JSON.parse(committed) as Node;

function nodes(node: Node, path = ""): readonly (readonly [string, Node])[] {
  const children = Object.entries(node.properties ?? {}).map(([key, child]) => [`${path}.${key}`, child] as const);
  const items = node.items === undefined ? [] : [[`${path}[]`, node.items] as const];
  return [[path, node], ...[...children, ...items].flatMap(([name, child]) => nodes(child, name))];
}

test("the committed file is what the schema gives (npx tsx scripts/generate-schema.ts)", () => {
  expect(committed).toBe(customerJsonSchema());
});

test("the documented example passes it", () => {
  expect(editor.safeParse(example).error).toBeUndefined();
});

test.each([
  ["an unknown key", { door: "x" }],
  ["a wrong pattern", { slug: "Demo" }],
  ["a wrong word", { environment: "staging" }],
  ["a missing section", { hosts: undefined }],
])("an editor sees %s", (_, change) => {
  expect(editor.safeParse({ ...(example as object), ...change }).success).toBe(false);
});

test("every mapping is closed", () => {
  const open = nodes(root).filter(([, node]) => node.type === "object" && node.additionalProperties !== false);
  expect(open.map(([path]) => path)).toEqual([]);
});

test("every field of a mapping is described", () => {
  const silent = nodes(root).filter(([path, node]) => !path.endsWith("[]") && node.description === undefined);
  expect(silent.map(([path]) => path)).toEqual([]);
});

test("fields with a default may be left out", () => {
  const defaults = nodes(root).filter(([, node]) => node.default !== undefined);
  expect(defaults.map(([path, node]) => [path, node.default])).toEqual([
    [".shopify.delivery", "https"],
    [
      ".shopify.topics",
      ["orders/create", "orders/paid", "orders/fulfilled", "orders/cancelled", "orders/partially_fulfilled"],
    ],
    [".company.chartOfAccounts", "Standard"],
    [".company.fiscalYearStart", "01-01"],
    [".accounting.customerGroup", "Shopify"],
    [".accounting.defaultCustomer", "Shopify Customer"],
    [".accounting.paymentAccounts", []],
    [".sync.refunds", "draft"],
    [".sync.unmappedTaxes", "default"],
    [".sync.partialPayments", false],
    [".erpnext.build", true],
    [".erpnext.booksApp", false],
    [".gcp.machineType", "e2-standard-4"],
    [".gcp.dataDiskGb", 50],
    [".operations", {}],
    [".operations.alertEmails", []],
    [".operations.backupRetentionDays", 30],
    [".operations.finalBackup", true],
  ]);
  expect(root.properties?.["gcp"]?.required).toEqual(["project", "region", "zone"]);
});

test("patterns are there for texts that have a form", () => {
  expect(root.properties?.["slug"]?.pattern).toBe("^(?=.{1,22}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$");
});
