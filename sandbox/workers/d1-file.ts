import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** One statement's answer. */
export interface D1Result {
  readonly success: true;
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What D1 says of a statement that it refuses. */
export class D1Refusal extends Error {
  override readonly name = "D1Refusal";
}

/** Miniflare's name for the Durable Objects that hold its D1 databases, and for their directory. */
const UNIQUE_KEY = "miniflare-D1DatabaseObject";

/**
 * The file in which workerd keeps a D1 database: a Durable Object's, named by its id, which follows from the database's.
 * Migrations reach it this way before any Worker runs, so that an update does not have to start workerd.
 */
export class D1File {
  readonly #file: string;

  /** @param directory what miniflare is given as `d1Persist` */
  constructor(directory: string, databaseId: string) {
    mkdirSync(join(directory, UNIQUE_KEY), { recursive: true });
    this.#file = join(directory, UNIQUE_KEY, `${objectId(databaseId)}.sqlite`);
  }

  /** Runs statements as one transaction, by Python's SQLite. Never while workerd has the file open. @throws D1Refusal */
  async query(sql: string): Promise<readonly D1Result[]> {
    const answer = await callPython({ file: this.#file, sql });
    if (answer.error !== undefined) throw new D1Refusal(answer.error);
    return answer.results ?? [];
  }

  exists(): boolean {
    return existsSync(this.#file);
  }

  remove(): void {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${this.#file}${suffix}`, { force: true });
  }
}

/** How workerd makes an object's id of its name (miniflare does the same for its own files). */
function objectId(name: string): string {
  const key = createHash("sha256").update(UNIQUE_KEY).digest();
  const half = (data: string | Buffer): Buffer => createHmac("sha256", key).update(data).digest().subarray(0, 16);
  const first = half(name);
  return Buffer.concat([first, half(first)]).toString("hex");
}

interface PythonAnswer {
  readonly results?: readonly D1Result[];
  readonly error?: string;
}

function callPython(request: { readonly file: string; readonly sql: string }): Promise<PythonAnswer> {
  const child = spawn("python3", [join(__dirname, "query.py")], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    text += chunk;
  });
  child.stdin.end(JSON.stringify(request));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(text) as PythonAnswer);
      else reject(new Error(`python3 ended with ${String(code)}`));
    });
  });
}
