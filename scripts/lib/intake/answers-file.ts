import { readFileSync } from "node:fs";

import { UserError } from "../../../core/user-error";
import { parseCustomer } from "../../../customers/parse";
import type { Customer } from "../../../customers/schema";
import { parseYaml, readText } from "../../../customers/yaml-file";

/** The customer of a file with answers, which has the form of customers/<slug>.yaml. */
export interface AnswersFile {
  /** How messages name it. */
  readonly name: string;
  readonly text: string;
}

/** Reads a file of answers. @throws UserError */
export function readAnswers(path: string): AnswersFile {
  const read = readText(path, path);
  if (read === undefined) throw new UserError({ what: `there is no file "${path}"`, next: "correct the path" });
  if ("fault" in read) {
    const [what = "", next = ""] = read.fault.split(/: (?=start |save )/);
    throw new UserError({ what, next });
  }
  return { name: path, text: read.text };
}

/** All of standard input. */
export function readStandardInput(): Promise<string> {
  return Promise.resolve(readFileSync(0, "utf8"));
}

/** The customer in answers, checked whole. `slug` is the one that the command names, if it names one. @throws UserError */
export function customerOf({ name, text }: AnswersFile, slug: string | undefined): Customer {
  const { data, faults } = parseYaml(text, name);
  const own = (data as { slug?: unknown } | null | undefined)?.slug;
  const parsed = parseCustomer(data, slug ?? (typeof own === "string" ? own : ""));
  if (parsed.ok && faults.length === 0) return parsed.customer;
  const all = [...faults, ...(parsed.ok ? [] : parsed.faults)];
  const what = `${name} has ${all.length === 1 ? "a fault" : `${all.length} faults`}`;
  const list = all.map((fault) => `\n  - ${fault}`).join("");
  throw new UserError({ what, next: `fix the problems below and run again; nothing was written${list}` });
}
