/** One call of a program on the sandbox's server, as its launcher made it. */
export interface Call {
  readonly program: string;
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input, for the programs that read theirs. */
  readonly stdin: string;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** A stand-in: prints through the call, and gives the exit code. */
export type Program = (call: Call) => number | Promise<number>;

/** What a program says on standard error before it ends with a code of its own. */
export class ProgramError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** Options by name, and what is left; `--name=value`, `--name value` for those that take one, `-n`. */
export interface Parsed {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

/** Reads options up to the first word that is not an option, or with `anywhere` among the words too. */
export function parse(args: readonly string[], valued: readonly string[], anywhere = false): Parsed {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const option = optionOf(word);
    if (option === undefined || (rest.length > 0 && !anywhere)) {
      rest.push(word);
    } else if (!valued.includes(option.name)) {
      flags.add(word);
    } else {
      if (option.value === undefined) at += 1;
      const value = option.value ?? args[at] ?? "";
      values.set(option.name, [...(values.get(option.name) ?? []), value]);
    }
  }
  return { flags, values, rest };
}

/** `--name`, `-n` or `--name=value`; nothing for another word. */
function optionOf(word: string): { readonly name: string; readonly value: string | undefined } | undefined {
  const [, name, value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  return name === undefined ? undefined : { name, value };
}

/** The last value of an option. */
export function valueOf(parsed: Parsed, name: string): string | undefined {
  return parsed.values.get(name)?.at(-1);
}
