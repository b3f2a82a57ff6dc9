import { rmSync } from "node:fs";

/** Jest's globalTeardown. */
export default function tearDown(): void {
  rmSync(process.env["SANDBOX_WARM_WORLDS"] ?? "", { recursive: true, force: true });
}
