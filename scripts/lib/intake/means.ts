import type { Terminal } from "../cli/terminal";
import type { Asker } from "./asker";
import type { CheckMeans } from "./check-customer";
import type { ConfigValues } from "./secrets";
import type { Stacks } from "./stacks";

/** What an intake works with; tests hand in their own. */
export interface IntakeMeans extends CheckMeans {
  readonly terminal: Terminal;
  /** Undefined where no one can be asked. */
  readonly asker: Asker | undefined;
  readonly signal: AbortSignal;
  /** The project's directory. */
  readonly directory: string;
  readonly stacks: Stacks;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readStandardInput: () => Promise<string>;
  /** Makes a passphrase known to every Pulumi CLI that is started from now on. */
  readonly usePassphrase: (passphrase: string) => void;
}

export interface IntakeOptions {
  readonly slug: string | undefined;
  /** File with the answers; "-" is standard input; undefined: they are asked for. */
  readonly file: string | undefined;
  readonly offline: boolean;
  readonly secretsProvider: string | undefined;
  /** Plain stack configuration: addresses of stand-ins. */
  readonly config: ConfigValues;
  /** `key=path` of each secret file. */
  readonly secretFiles: readonly string[];
}
