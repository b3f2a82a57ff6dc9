import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";

import { UserError } from "../../../core/user-error";
import { looksLikeSecret } from "../../../core/secrets";
import { parseYaml } from "../../../customers/yaml-file";
import type { Answers } from "./answers";

/** What an intake leaves behind when it is interrupted. */
export interface Draft {
  readonly answers: Answers;
  /** Whether this machine began to make the stack: what of it exists is then this intake's own. */
  readonly stackBegun: boolean;
}

const EMPTY: Draft = { answers: {}, stackBegun: false };

const schema = z.strictObject({
  stackBegun: z.boolean(),
  answers: z.record(z.string(), z.unknown()),
});

const HEAD = `# Answers of an intake that is not finished. "./stack intake" goes on with them and deletes this file.
# No secrets are kept here; git ignores it.
`;

/** The draft of one customer, a file beside where the customer's will stand. */
export class DraftFile {
  readonly path: string;
  readonly name: string;
  #draft: Draft = EMPTY;

  constructor(directory: string, slug: string) {
    this.name = `customers/.draft-${slug}.yaml`;
    this.path = join(directory, this.name);
  }

  /** Undefined where there is none. @throws UserError when it is no draft any more */
  load(): Draft | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const { data, faults } = parseYaml(text, this.name);
    const parsed = schema.safeParse(data);
    if (!parsed.success || faults.length > 0) {
      throw new UserError({ what: `${this.name} cannot be read`, next: "fix it, or delete it to begin again" });
    }
    this.#draft = parsed.data;
    return parsed.data;
  }

  /** Keeps answers. Written beside and renamed over, so that an interruption leaves the old file or the new one. */
  save(change: Partial<Draft>): void {
    this.#draft = { ...this.#draft, ...change };
    const text = HEAD + stringify(this.#draft);
    if (looksLikeSecret(text)) throw new Error("a draft must not hold what looks like a secret");
    const beside = `${this.path}.${process.pid}.new`;
    writeFileSync(beside, text, { mode: 0o600 });
    renameSync(beside, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
    this.#draft = EMPTY;
  }
}
