import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { redact } from "../../../core/secrets";
import { UserError } from "../../../core/user-error";
import { withPath } from "../../../tools/executables";
import { progressTo } from "../../../tools/progress";
import { ensurePulumi } from "../../../tools/pulumi";
import { readStack, type StackState } from "../cli/stack-state";

/** The stacks of the project, as far as an intake has to do with them. */
export interface Stacks {
  /** Undefined where there is none. @throws UserError */
  read(slug: string): Promise<StackState | undefined>;
  /** Whether this working copy has the stack's configuration file, which holds its encrypted secrets. */
  hasFile(slug: string): boolean;
  /** Makes a stack. `secretsProvider` undefined: the backend's own. @throws UserError */
  create(slug: string, secretsProvider: string | undefined): Promise<void>;
  /** @throws UserError */
  set(slug: string, entry: { key: string; value: string; secret: boolean }): Promise<void>;
}

/** Longest that the CLI may take for one of these (milliseconds); a key service and a bucket may be far away. */
const LIMIT_MS = 120_000;

/**
 * Stacks through the Pulumi CLI. Values reach it on standard input: what the Automation API and `config set-all` do, passing
 * them as arguments, would show every secret to everyone who lists the machine's processes.
 */
export function pulumiStacks(directory: string): Stacks {
  const run = async (slug: string, args: readonly string[], input = ""): Promise<void> => {
    const cli = await ensurePulumi(progressTo(process.stderr));
    const all = [...args, "--stack", slug, "--non-interactive", "--color", "never"];
    const child = spawn(cli.binary, all, {
      cwd: directory,
      env: withPath(process.env, cli.directory),
      stdio: ["pipe", "ignore", "pipe"],
      timeout: LIMIT_MS,
    });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
    // A child that ends early closes its input; how it ended says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code === 0) return;
    const reason = words.split("\n").find((line) => /error:/.test(line)) ?? words.trim().split("\n").at(-1) ?? "";
    throw new UserError({
      what: `"pulumi ${args.join(" ")}" failed (${redact(reason.trim(), [input])})`,
      customer: slug,
      next: "fix what it names (pulumi login, the passphrase or the key of the secrets) and run the intake again",
    });
  };
  return {
    read: (slug) => readStack({ slug, directory }, progressTo(process.stderr)),
    hasFile: (slug) => existsSync(join(directory, "customers", `Pulumi.${slug}.yaml`)),
    create: (slug, secretsProvider) =>
      run(slug, [
        "stack",
        "init",
        "--no-select",
        ...(secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider]),
      ]),
    set: (slug, { key, value, secret }) =>
      run(slug, ["config", "set", secret ? "--secret" : "--plaintext", key], value),
  };
}

/** Schemes of the key services that Pulumi can encrypt a stack's secrets with. */
const KEY_SERVICE = /^(?:gcpkms|awskms|azurekeyvault|hashivault):\/\/\S+$/;

/** Whether a text names a way to encrypt secrets; undefined where it does, else the sentence that says what would. */
export function secretsProviderFault(text: string): string | undefined {
  if (text === "default" || text === "passphrase" || KEY_SERVICE.test(text)) return undefined;
  return (
    `"${text}" is no secrets provider: write default, passphrase, or the address of a key such as ` +
    "gcpkms://projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k> (awskms://, azurekeyvault://, hashivault://)"
  );
}
