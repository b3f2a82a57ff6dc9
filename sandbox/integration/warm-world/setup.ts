import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Jest's globalSetup: a directory for the worlds that this run keeps warm; its workers read the variable. */
export default function setUp(): void {
  process.env["SANDBOX_WARM_WORLDS"] = mkdtempSync(join(tmpdir(), "erpnext-warm-"));
}
