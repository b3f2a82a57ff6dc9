import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseCustomer, type ParsedCustomer } from "./parse";
import { section } from "./sections";
import { slug as slugShape } from "./shapes";
import { parseYaml, readText } from "./yaml-file";

const askedFor = section("The customer that is asked for.", { slug: slugShape });

/**
 * Reads and checks `<directory>/<slug>.yaml`. Gives the customer, or every fault at once: first those of the YAML
 * notation by line, then those of the fields in the order of the schema. Never throws for bad input, and reads nothing
 * when the slug is no slug, so that it cannot lead out of the directory.
 */
export function loadCustomer(slug: string, directory: string): ParsedCustomer {
  const asked = askedFor.safeParse({ slug });
  if (!asked.success) return { ok: false, faults: asked.error.issues.map(({ message }) => message) };
  const name = `${basename(directory)}/${slug}.yaml`;
  const read = readText(join(directory, `${slug}.yaml`), name);
  if (read === undefined) return { ok: false, faults: [missing(name, directory)] };
  if ("fault" in read) return { ok: false, faults: [read.fault] };
  const { data, faults } = parseYaml(read.text, name);
  if (data === undefined) return { ok: false, faults };
  const parsed = parseCustomer(data, slug);
  if (faults.length === 0) return parsed;
  return { ok: false, faults: parsed.ok ? faults : [...faults, ...parsed.faults] };
}

function missing(name: string, directory: string): string {
  const [first, ...others] = knownSlugs(directory);
  if (first === undefined) return `${name} does not exist, there are no customers there: write it`;
  const there = [first, ...others].map((slug) => `"${slug}"`).join(", ");
  return `${name} does not exist, the customers there are ${there}: write it, for example as a copy of ${first}.yaml, or choose a stack that has one with pulumi stack select ${first}`;
}

/** The customers of a directory by name; stack configurations (Pulumi.<slug>.yaml) do not count. */
export function knownSlugs(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => basename(file, ".yaml"))
      .filter((slug) => slugShape.safeParse(slug).success)
      .sort();
  } catch {
    return [];
  }
}
