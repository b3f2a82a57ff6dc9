import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Customer } from "../../../customers/schema";
import type { StackState } from "../cli/stack-state";
import { Stopped, type Asker } from "./asker";
import type { Credentials } from "./credentials";
import { appeared, writeCustomer } from "./customer-yaml";
import type { DraftFile } from "./draft";
import type { IntakeMeans, IntakeOptions } from "./means";
import { generatedSecrets } from "./secrets";
import { secretsProviderFault } from "./stacks";

/** What was made. */
export interface Written {
  /** Of the project, to be committed. */
  readonly files: readonly string[];
  readonly stack: "made" | "kept";
  /** Keys of the secrets that were made up. */
  readonly generated: readonly string[];
  /** Whether the secrets are encrypted with a passphrase that was typed in here. */
  readonly passphrase: boolean;
}

export interface WriteMeans {
  readonly means: IntakeMeans;
  readonly options: IntakeOptions;
  readonly credentials: Credentials;
  readonly draft: DraftFile;
  /** The stack as it was found. */
  readonly state: StackState | undefined;
}

/**
 * Writes the stack first and the customer's file last: a customer whose file is there has a stack. An interruption leaves
 * the draft, and the next run goes on where this one stopped. @throws UserError
 */
export async function writeStackAndFile(so: WriteMeans, customer: Customer): Promise<Written> {
  const { means, credentials, draft, state } = so;
  const { slug } = customer;
  const { terminal, stacks, signal, directory } = means;
  if (existsSync(join(directory, "customers", `${slug}.yaml`))) throw appeared(slug);
  draft.save({ answers: { ...customer } });
  const passphrase = state === undefined && (await makeStack(so, slug));
  const generated = generatedSecrets(state?.config ?? {});
  const entries = credentials.changes(customer.shopify.app, generated);
  const progress = terminal.progress("configuration", entries.length);
  try {
    for (const [done, entry] of entries.entries()) {
      if (signal.aborted) throw new Stopped(slug);
      await stacks.set(slug, entry);
      progress.update(done + 1);
    }
  } finally {
    progress.end();
  }
  const file = writeCustomer(customer, directory);
  draft.remove();
  const files = [file, `customers/Pulumi.${slug}.yaml`];
  return { files, stack: state === undefined ? "made" : "kept", generated: Object.keys(generated), passphrase };
}

/** Gives whether a passphrase was typed in. */
async function makeStack({ means, options, draft }: WriteMeans, slug: string): Promise<boolean> {
  const { asker, stacks } = means;
  let provider = options.secretsProvider;
  if (provider === undefined && asker !== undefined && options.file === undefined) provider = await askProvider(asker);
  const passphrase = provider === "passphrase" && asker !== undefined && (await askPassphrase(means, asker));
  draft.save({ stackBegun: true });
  try {
    await stacks.create(slug, provider === "default" ? undefined : provider);
  } catch (error) {
    draft.save({ stackBegun: false });
    throw error;
  }
  return passphrase;
}

async function askProvider(asker: Asker): Promise<string> {
  const choice = await asker.choose({
    message: "what encrypts the secrets in the stack's file",
    choices: [
      "a key of a cloud (Google Cloud KMS, AWS KMS, Azure Key Vault, HashiCorp Vault)",
      "a passphrase",
      "what the state's backend does by itself (Pulumi Cloud: its own key; a bucket: a passphrase)",
    ],
  });
  if (choice === 1) return "passphrase";
  if (choice === 2) return "default";
  return asker.text({
    message: "address of the key, such as gcpkms://projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>",
    check: (text) =>
      text.includes("://") ? secretsProviderFault(text) : `${JSON.stringify(text)} is no address of a key`,
  });
}

/** Shorter ones are guessed by anyone who gets the file. */
const SHORTEST_PASSPHRASE = 12;

async function askPassphrase({ environment, usePassphrase, terminal }: IntakeMeans, asker: Asker): Promise<boolean> {
  const set = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (set.some((name) => environment[name] !== undefined)) return false;
  const passphrase = await asker.secret({
    message: "passphrase",
    check: (text) =>
      text.length < SHORTEST_PASSPHRASE
        ? `it has fewer than ${SHORTEST_PASSPHRASE} characters: take a longer one`
        : undefined,
  });
  terminal.hide(passphrase);
  await asker.secret({
    message: "passphrase once more",
    check: (text) => (text === passphrase ? undefined : "it is not the same: type the same once more"),
  });
  usePassphrase(passphrase);
  return true;
}
