import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stackProgram } from "../stack";
import { generate, type Outcome } from "./generated-file";
import { commandsPage } from "./reference/commands-page";
import { configurationPage } from "./reference/configuration-page";

const ROOT = join(__dirname, "../..");

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "generated-"));
  path = join(directory, "page.md");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const run = (check: boolean): Outcome => generate({ path, content: "wanted\n" }, check, "npx tsx x.ts");

test("writes the file where there is none, and has nothing to do a second time", () => {
  expect(run(false)).toEqual({ exitCode: 0, sentence: `${path} is written.` });
  expect(readFileSync(path, "utf8")).toBe("wanted\n");
  expect(run(false)).toEqual({ exitCode: 0, sentence: `${path} is current.` });
  expect(run(true)).toEqual({ exitCode: 0, sentence: `${path} is current.` });
});

test("with check, fails for a stale file and leaves it as it is", () => {
  writeFileSync(path, "{}\n");
  expect(run(true)).toEqual({ exitCode: 1, sentence: `${path} is not current: run npx tsx x.ts.` });
  expect(readFileSync(path, "utf8")).toBe("{}\n");
});

test("with check, fails for a missing file and creates none", () => {
  expect(run(true)).toEqual({ exitCode: 1, sentence: `${path} is not current: run npx tsx x.ts.` });
  expect(existsSync(path)).toBe(false);
});

test.each([
  ["docs/configuration.md", "npm run schema", configurationPage],
  ["docs/commands.md", "npm run commands", () => commandsPage(stackProgram())],
])("%s is what %s writes", (file, _command, content) => {
  expect(readFileSync(join(ROOT, file), "utf8")).toBe(content());
});
