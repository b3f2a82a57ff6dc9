import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A directory that stands for a machine's root: paths of the machine lie below it, as in a chroot. */
export class Root {
  constructor(readonly directory: string) {}

  /** Where a path of the machine is on this one. Scripts that know their root name it themselves. */
  at(path: string): string {
    return path === this.directory || path.startsWith(`${this.directory}/`) ? path : join(this.directory, path);
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** A file's text; nothing when there is no such file. */
  read(path: string): string | undefined {
    return readText(this.at(path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A value in a JSON file that is written whole after each change, so that it survives the sandbox's own end. */
export class Kept<T extends object> {
  #value: T;

  constructor(
    private readonly file: string,
    fresh: T,
  ) {
    const text = readText(file);
    this.#value = text === undefined ? fresh : { ...fresh, ...(JSON.parse(text) as T) };
  }

  get value(): Readonly<T> {
    return this.#value;
  }

  change(changes: Partial<T>): void {
    this.#value = { ...this.#value, ...changes };
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.next`, JSON.stringify(this.#value, null, 1));
    renameSync(`${this.file}.next`, this.file);
  }
}
