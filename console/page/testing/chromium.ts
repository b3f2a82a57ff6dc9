import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** As Debian, Ubuntu and Google call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The first Chromium on PATH. */
export function chromiumOnPath(): string | undefined {
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  return NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find((path) =>
    existsSync(path),
  );
}
