import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What runs on the server; tests and texts stay here. */
const STAYS = /(^|\/)(README\.md|test|tests|__pycache__|.*\.test\.[a-z]+)(\/|$)/;

/** All that runs on the server, by its path below the server's /opt/erpnext: host/ itself, and the programs of deliveries/. */
export function readServerFiles(repository: string): Record<string, string> {
  const host = Object.entries(readHostFiles(join(repository, "host")));
  const programs = Object.entries(readHostFiles(join(repository, "deliveries")));
  const all = [...host, ...programs.map(([path, text]) => [`deliveries/${path}`, text] as const)];
  return Object.fromEntries(all.map(([path, text]) => [path, withoutComments(text)]));
}

/** Lines that are a comment and nothing else stay here: they are a fifth of what one metadata value has to hold. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*# .*\n/gm, "");
}

/** Every file of a directory that goes to the server, by its path relative to it, with forward slashes. */
export function readHostFiles(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(directory, file).split(sep).join("/"), file] as const)
    .filter(([path]) => !STAYS.test(path));
  return Object.fromEntries(files.map(([path, file]) => [path, readFileSync(file, "utf8")]));
}
