import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customerJsonSchema } from "../customers/json-schema";
import { generateSchema } from "./generate-schema";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "schema-"));
  file = join(directory, "customer.schema.json");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const stale = (): string => `${file} is not what customers/schema.ts says: run npx tsx scripts/generate-schema.ts.`;

test("writes the file where there is none, and has nothing to do a second time", () => {
  expect(generateSchema(file, false)).toEqual({ exitCode: 0, sentence: `${file} is written.` });
  expect(readFileSync(file, "utf8")).toBe(customerJsonSchema());
  expect(generateSchema(file, false)).toEqual({ exitCode: 0, sentence: `${file} is current.` });
  expect(generateSchema(file, true)).toEqual({ exitCode: 0, sentence: `${file} is current.` });
});

test("with check, fails for a stale file and leaves it as it is", () => {
  writeFileSync(file, "{}\n");
  expect(generateSchema(file, true)).toEqual({ exitCode: 1, sentence: stale() });
  expect(readFileSync(file, "utf8")).toBe("{}\n");
});

test("with check, fails for a missing file and makes none", () => {
  expect(generateSchema(file, true)).toEqual({ exitCode: 1, sentence: stale() });
  expect(existsSync(file)).toBe(false);
});
