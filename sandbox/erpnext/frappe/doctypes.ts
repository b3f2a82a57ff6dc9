import type { Doctype } from "./doctype";
import { CONNECTOR } from "../connector/doctypes-connector";
import { MASTERS } from "../business/doctypes-masters";
import { TRADE } from "../business/doctypes-trade";
import { PythonException } from "./exceptions";

const REGISTRY: ReadonlyMap<string, Doctype> = new Map(
  [...MASTERS, ...TRADE, ...CONNECTOR].map((doctype) => [doctype.name, doctype]),
);

/** Every doctype that the stand-in knows. */
export function allDoctypes(): Iterable<Doctype> {
  return REGISTRY.values();
}

/** A doctype by its name; throws what Frappe answers (500) for one that is not installed: it looks for its code first. */
export function doctypeOf(name: string): Doctype {
  const doctype = REGISTRY.get(name);
  if (doctype !== undefined) return doctype;
  const cause = `No module named 'frappe.core.doctype.${name.toLowerCase().replaceAll(" ", "_")}'`;
  throw new PythonException(cause, { type: "ImportError", status: 500 });
}

/** Whether there is such a doctype. */
export function hasDoctype(name: string): boolean {
  return REGISTRY.has(name);
}
