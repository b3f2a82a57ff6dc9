import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { customerJsonSchema } from "../customers/json-schema";

/** How a run ends: what it says, and 0 or 1. */
export interface Outcome {
  readonly exitCode: 0 | 1;
  readonly sentence: string;
}

/** Writes the JSON schema of customer files; with `check` it only tells whether the file is current. */
export function generateSchema(file: string, check: boolean): Outcome {
  const wanted = customerJsonSchema();
  if (contentOf(file) === wanted) return { exitCode: 0, sentence: `${file} is current.` };
  if (check) {
    return {
      exitCode: 1,
      sentence: `${file} is not what customers/schema.ts says: run npx tsx scripts/generate-schema.ts.`,
    };
  }
  writeFileSync(file, wanted);
  return { exitCode: 0, sentence: `${file} is written.` };
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  const unknown = process.argv.slice(2).filter((argument) => argument !== "--check");
  if (unknown.length > 0) {
    process.stderr.write("usage: tsx scripts/generate-schema.ts [--check]\n");
    process.exitCode = 2;
  } else {
    const file = join(__dirname, "..", "customers", "customer.schema.json");
    const { exitCode, sentence } = generateSchema(file, process.argv.includes("--check"));
    process.stdout.write(`${sentence}\n`);
    process.exitCode = exitCode;
  }
}
