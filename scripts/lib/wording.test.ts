import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Words that read translated, each with what to write instead. */
const AVOIDED: readonly { readonly words: RegExp; readonly instead: string }[] = [
  { words: /\bmend(s|ed|ing)?\b/i, instead: "fix" },
  { words: /\bshall\b/i, instead: "must, should, or the plain verb" },
  { words: /\bwhoever\b/i, instead: "anyone who, or who it is" },
  { words: /\bnobody\b/i, instead: "no one, or the sentence in the active voice" },
  { words: /\b(that|which|what|and|it) (is|are) none\b/i, instead: "is not a …" },
  { words: /\b(is|are) none of (the|a|an|its|their|this|your|[A-Z])/, instead: "is not one of" },
  { words: /\b(some|any|every)body\b/i, instead: "someone, anyone or everyone" },
  { words: /(?<!-)\banew\b/i, instead: "again" },
  { words: /\bfor ever\b/i, instead: "forever" },
  { words: /\bworked off\b/i, instead: "processed" },
  { words: /\bgone on with\b/i, instead: "continued" },
  { words: /\b(is|are) looked at\b/i, instead: "is checked, or who looks" },
  { words: /\bits other half\b/i, instead: "the secret that belongs to it" },
];

/** Texts of others, copies, and this very list. */
const LEFT_ALONE = /^(LICENSE|package-lock\.json|releases\/|scripts\/lib\/wording\.test\.ts$)|\.(sum|mod|png)$/;

/** Folders that hold nothing of ours. */
const NOT_OURS = new Set([".git", "node_modules", "coverage", "receipts", "__pycache__", ".pytest_cache"]);

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => !NOT_OURS.has(name))
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(join(ROOT, path)).isDirectory() ? filesIn(path) : [path]));
}

function faultsIn(text: string): readonly string[] {
  return text.split("\n").flatMap((line, index) =>
    AVOIDED.flatMap(({ words, instead }) => {
      const [found] = words.exec(line) ?? [];
      return found === undefined ? [] : [`${index + 1}: "${found}": write ${instead}`];
    }),
  );
}

test("the words that we avoid are found", () => {
  expect(faultsIn("You shall mend it.\nfixed; a recommendation; there is none\nan answer that is none")).toEqual([
    '1: "mend": write fix',
    '1: "shall": write must, should, or the plain verb',
    '3: "that is none": write is not a …',
  ]);
});

test("docs, messages and comments have none of them", () => {
  const faults = filesIn("")
    .filter((file) => !LEFT_ALONE.test(file))
    .flatMap((file) => faultsIn(readFileSync(join(ROOT, file), "utf8")).map((fault) => `${file}:${fault}`));
  expect(faults).toEqual([]);
});
