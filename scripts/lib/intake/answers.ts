import { customerFaults, isAt } from "../../../customers/parse";

/** A customer as far as it is answered. Null stands for "left out": it was asked, and is not asked again. */
export type Answers = Readonly<Record<string, unknown>>;

export type Path = readonly string[];

/** What was answered at a path; undefined where it was not asked yet. */
export function answerAt(answers: Answers, path: Path): unknown {
  return path.reduce<unknown>((part, key) => (isMapping(part) ? part[key] : undefined), answers);
}

/** The answers with one more. */
export function withAnswer(answers: Answers, path: Path, value: unknown): Answers {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return { ...answers, [key]: value };
  const part = answers[key];
  return { ...answers, [key]: withAnswer(isMapping(part) ? part : {}, rest, value) };
}

/** The answers without one. */
export function withoutAnswer(answers: Answers, path: Path): Answers {
  const [key = "", ...rest] = path;
  const part = answers[key];
  if (rest.length > 0) return isMapping(part) ? { ...answers, [key]: withoutAnswer(part, rest) } : answers;
  return Object.fromEntries(Object.entries(answers).filter(([other]) => other !== key));
}

/** The customer's data, without what was left out. */
export function customerData(answers: Answers): Answers {
  const entries = Object.entries(answers).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, isMapping(value) ? customerData(value) : value]));
}

/** What the schema has against an answer, in the light of those before it; undefined where it is right. */
export function answerFault(answers: Answers, path: Path, slug: string): string | undefined {
  const faults = customerFaults(customerData(answers), slug).filter((fault) => isAt(fault.path, path));
  return faults.length === 0 ? undefined : faults.map(({ message }) => message).join("; ");
}

/** Tells which of many answers the schema has something against; it looks at all of them once. */
export function faultyAnswers(answers: Answers, slug: string): (path: Path) => boolean {
  const faults = customerFaults(customerData(answers), slug);
  return (path) => faults.some((fault) => isAt(fault.path, path));
}

function isMapping(value: unknown): value is Answers {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
