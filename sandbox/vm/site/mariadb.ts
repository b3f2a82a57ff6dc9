import { rmSync } from "node:fs";
import { join } from "node:path";

import { bytesBelow } from "../bytes-below";
import { ProgramError } from "../programs/call";
import { Kept } from "../root";

interface Schema {
  /** Whether Frappe has made its tables. */
  readonly hasTables: boolean;
  /** What tabDefaultValue says under "installed_apps". */
  readonly apps: readonly string[];
}

interface ServerState {
  /** Set when the data directory is empty, and never by the variable again. */
  readonly rootPassword: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Connections that stand idle in the middle of a transaction, by the database that they hold. */
  readonly idle: Readonly<Record<string, string>>;
}

/** Counts a table's rows; undefined when there is no such table. */
export type CountRows = (schema: string, table: string) => number | undefined;

type Ask = (sql: RegExpExecArray) => number;

/** MariaDB, as far as the server's scripts ask it: which databases and tables there are, and how many rows. */
export class MariaDb {
  readonly #state: Kept<ServerState>;

  /** @param directory its data directory, on a volume */
  constructor(private readonly directory: string) {
    this.#state = new Kept<ServerState>(join(directory, "mariadb.json"), {
      rootPassword: "",
      schemas: {},
      idle: {},
    });
  }

  /** What the image's entry point does: a new data directory gets the password that the container was given. */
  initialise(rootPassword: string): void {
    if (this.#state.value.rootPassword === "") this.#state.change({ rootPassword });
  }

  schema(name: string): Schema | undefined {
    return this.#state.value.schemas[name];
  }

  /** Where the documents of a database lie. */
  directoryOf(schema: string): string {
    return join(this.directory, schema);
  }

  /** Throws the error 1045 for another password than root's. */
  signIn(password: string): void {
    if (password === this.#state.value.rootPassword) return;
    throw new ProgramError("ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)");
  }

  putSchema(name: string, schema: Schema): void {
    this.#state.change({ schemas: { ...this.#state.value.schemas, [name]: schema } });
  }

  /** A request has ended badly, and its connection stays: seen at a real Frappe 15 for a quarter of an hour. */
  leaveConnection(schema: string): void {
    const { idle } = this.#state.value;
    const id = String(Math.max(700, ...Object.keys(idle).map(Number)) + 1);
    this.#state.change({ idle: { ...idle, [id]: schema } });
  }

  /** What needs a database for itself: throws the error 1205 while a transaction holds it. */
  lock(schema: string): void {
    if (!Object.values(this.#state.value.idle).includes(schema)) return;
    throw new ProgramError("ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction");
  }

  drop(name: string): void {
    const others = Object.entries(this.#state.value.schemas).filter(([schema]) => schema !== name);
    this.#state.change({ schemas: Object.fromEntries(others) });
    rmSync(this.directoryOf(name), { recursive: true, force: true });
  }

  /** The answer of `mariadb --batch --skip-column-names`. */
  query(sql: string, count: CountRows): string {
    if (sql === "SELECT 1") return "1\n";
    const [, asked] = /^SELECT id FROM information_schema\.processlist WHERE db = '(\w+)'$/.exec(sql) ?? [];
    if (asked !== undefined) return this.#idle(asked);
    const [, killed] = /^KILL (\d+)$/.exec(sql) ?? [];
    if (killed !== undefined) return this.#kill(killed);
    for (const [shape, answer] of this.#questions(count)) {
      const match = shape.exec(sql);
      if (match !== null) return `${answer(match)}\n`;
    }
    throw new ProgramError(`ERROR 1064 (42000) at line 1: the sandbox's MariaDB has no answer to: ${sql}`);
  }

  #idle(schema: string): string {
    const held = Object.entries(this.#state.value.idle).filter(([, of]) => of === schema);
    return held.map(([id]) => `${id}\n`).join("");
  }

  #kill(id: string): string {
    const { [id]: held, ...idle } = this.#state.value.idle;
    if (held === undefined) throw new ProgramError(`ERROR 1094 (HY000) at line 1: Unknown thread id: ${id}`);
    this.#state.change({ idle });
    return "";
  }

  #questions(count: CountRows): readonly (readonly [RegExp, Ask])[] {
    const rows = (schema: string, table: string): number => {
      const found = this.schema(schema) === undefined ? undefined : count(schema, table);
      if (found !== undefined) return found;
      throw new ProgramError(`ERROR 1146 (42S02) at line 1: Table '${schema}.${table}' doesn't exist`);
    };
    return [
      [
        /^SELECT COUNT\(\*\) FROM information_schema\.schemata WHERE schema_name = '(\w+)'$/,
        ([, schema = ""]) => (this.schema(schema) === undefined ? 0 : 1),
      ],
      [
        /^SELECT COUNT\(\*\) FROM information_schema\.tables WHERE table_schema = '(\w+)' AND table_name = '([^']+)'$/,
        ([, schema = "", table = ""]) => (count(schema, table) === undefined ? 0 : 1),
      ],
      [
        /^SELECT COUNT\(\*\) FROM `(\w+)`\.`tabDefaultValue` WHERE defkey = 'installed_apps' AND defvalue LIKE '%"(\w+)"%'$/,
        ([, schema = "", app = ""]) => {
          rows(schema, "tabDefaultValue");
          return this.schema(schema)?.apps.includes(app) === true ? 1 : 0;
        },
      ],
      [
        /^SELECT COALESCE\(SUM\(file_size\), 0\) FROM information_schema\.innodb_sys_tablespaces WHERE name LIKE '(\w+)\/%'$/,
        ([, schema = ""]) => bytesBelow(this.directoryOf(schema)),
      ],
      [/^SELECT COUNT\(\*\) FROM `(\w+)`\.`([^`]+)`$/, ([, schema = "", table = ""]) => rows(schema, table)],
    ];
  }
}
