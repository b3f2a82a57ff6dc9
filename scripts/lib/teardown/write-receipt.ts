import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { receiptMarkdown, receiptName, type Receipt } from "./receipt";

/** Writes a receipt as Markdown and as JSON. @returns the path without an ending */
export function writeReceipt(receipt: Receipt, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, receiptName(receipt.customer, receipt.startedAt));
  writeFileSync(`${file}.json`, `${JSON.stringify(receipt, null, 2)}\n`);
  writeFileSync(`${file}.md`, receiptMarkdown(receipt));
  return file;
}
