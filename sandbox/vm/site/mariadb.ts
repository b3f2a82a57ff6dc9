import { rmSync } from "node:fs";
import { join } from "node:path";

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
}

/** Counts a table's rows; undefined when there is no such table. */
export type CountRows = (schema: string, table: string) => number | undefined;

type Ask = (sql: RegExpExecArray) => number;

/** MariaDB, as far as the server's scripts ask it: which databases and tables there are, and how many rows. */
export class MariaDb {
  readonly #state: Kept<ServerState>;

  /** @param directory its data directory, on a volume */
  constructor(private readonly directory: string) {
    this.#state = new Kept<ServerState>(join(directory, "mariadb.json"), { rootPassword: "", schemas: {} });
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

  drop(name: string): void {
    const others = Object.entries(this.#state.value.schemas).filter(([schema]) => schema !== name);
    this.#state.change({ schemas: Object.fromEntries(others) });
    rmSync(this.directoryOf(name), { recursive: true, force: true });
  }

  /** The answer of `mariadb --batch --skip-column-names`. */
  query(sql: string, count: CountRows): string {
    if (sql === "SELECT 1") return "1\n";
    for (const [shape, answer] of this.#questions(count)) {
      const match = shape.exec(sql);
      if (match !== null) return `${answer(match)}\n`;
    }
    throw new ProgramError(`ERROR 1064 (42000) at line 1: the sandbox's MariaDB has no answer to: ${sql}`);
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
      [/^SELECT COUNT\(\*\) FROM `(\w+)`\.`([^`]+)`$/, ([, schema = "", table = ""]) => rows(schema, table)],
    ];
  }
}
