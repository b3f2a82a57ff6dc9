import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes of all that lies below a directory; none where there is no such directory. What is replaced meanwhile is gone by now. */
export function bytesBelow(directory: string): number {
  if (!existsSync(directory)) return 0;
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const sizes = names.map((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
