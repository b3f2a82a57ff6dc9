import type { Doc } from "./document";
import { validationError } from "./exceptions";
import type { Transaction } from "./transaction";

/** What a Server Script sees of the document that is about to be kept. */
export interface Scripted {
  readonly doc: Doc;
  /** Who saves it. */
  readonly user: string;
  readonly tx: Transaction;
}

/** A Server Script of the site's own, of type "DocType Event": code that is not ours, which may refuse what ERPNext would take. */
export interface ServerScript {
  readonly doctype: string;
  readonly event: "Before Validate" | "Before Cancel";
  /** What it throws, or undefined where it has nothing against the document. */
  readonly refusal: (scripted: Scripted) => string | undefined;
}

/** Runs the site's scripts for an event. @throws PythonException of the first that refuses */
export function runServerScripts(event: ServerScript["event"], scripted: Scripted): void {
  for (const script of scripted.tx.store.serverScripts) {
    if (script.event !== event || script.doctype !== scripted.doc.doctype) continue;
    const refusal = script.refusal(scripted);
    if (refusal !== undefined) throw validationError(refusal);
  }
}
