import { InvalidArgumentError, type Command } from "commander";

import { send } from "../clients/node-http";
import { ShopifyClient } from "../clients/shopify";
import { UserError } from "../core/user-error";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { googleToken } from "./lib/server-request/google-token";
import { readStandardInput } from "./lib/intake/answers-file";
import { terminalAsker } from "./lib/intake/asker";
import { explainShopify } from "./lib/intake/explain-shopify";
import { intake } from "./lib/intake/intake";
import { requireSlug } from "./lib/intake/interview";
import type { IntakeMeans } from "./lib/intake/means";
import { plainConfig } from "./lib/intake/plain-config";
import { recheck } from "./lib/intake/recheck";
import { CREDENTIALS } from "./lib/intake/secrets";
import { pulumiStacks } from "./lib/intake/stacks";

interface Given {
  readonly file?: string;
  readonly answers?: string;
  readonly check?: boolean;
  readonly offline?: boolean;
  readonly explain?: string;
  readonly secretsProvider?: string;
  readonly secretFile: readonly string[];
  readonly config: readonly string[];
}

const HELP = `
Without --file the questions are asked at the terminal; an interruption loses no answer.
Credentials are never in the file and never arguments. They come from prompts without echo, from files that no one
else may read (--secret-file), or from the environment:
${CREDENTIALS.map(({ key, variable, what }) => `  ${variable.padEnd(22)}${key}: ${what}`).join("\n")}

Examples:
  ./stack intake acme
  ./stack intake acme --file answers.yaml --secret-file shopifyApiSecret=secret.txt --secrets-provider passphrase
  ./stack intake acme --check
  ./stack intake --explain shopify > for-the-customer.txt`;

const several = (value: string, values: readonly string[]): readonly string[] => [...values, value];

/** `./stack intake`. */
export function intakeCommand(): Command {
  return operatorCommand(
    "intake",
    "Create a customer: ask the questions, check the answers live, write its file and its stack.",
  )
    .argument("[customer]", "slug of the customer, which names its file and its stack")
    .option("--file <path>", 'take the answers from a file in the form of customers/<slug>.yaml; "-" is standard input')
    .option("--answers <path>", "the same as --file")
    .option("--check", "check an existing customer and its stack live; changes nothing")
    .option("--offline", "write without asking Shopify, Cloudflare and Google Cloud")
    .option(
      "--secrets-provider <provider>",
      "default, passphrase, gcpkms://…, awskms://…, azurekeyvault://…, hashivault://…",
    )
    .option("--secret-file <key=path>", "a credential from a file of mode 0600; may be repeated", several, [])
    .option(
      "--config <key=value>",
      "plain stack configuration, such as the address of a stand-in; may be repeated",
      several,
      [],
    )
    .option("--explain <what>", '"shopify": print what the customer has to click in Shopify, and end', explainable)
    .addHelpText("after", HELP)
    .action(
      act(async (context: CommandContext, slug: string | undefined, given: Given) => {
        if (given.explain !== undefined) return explain(context);
        const means = meansOf(context, given);
        if (given.check === true) return recheck(means, requireSlug(slug ?? ""));
        return intake(means, {
          slug,
          file: given.file ?? given.answers,
          offline: given.offline ?? false,
          secretsProvider: given.secretsProvider,
          config: plainConfig(given.config),
          secretFiles: given.secretFile,
        });
      }),
    );
}

function explainable(what: string): string {
  if (what === "shopify") return what;
  throw new InvalidArgumentError('Only "shopify" can be explained.');
}

function explain({ terminal }: CommandContext): Promise<boolean> {
  terminal.print(explainShopify());
  terminal.result({ ok: true, text: explainShopify() });
  return Promise.resolve(true);
}

function meansOf({ terminal, signal }: CommandContext, given: Given): IntakeMeans {
  const fromStandardInput = (given.file ?? given.answers) === "-";
  return {
    terminal,
    signal,
    asker: terminal.interactive && !fromStandardInput && given.check !== true ? terminalAsker(signal) : undefined,
    directory: PROJECT_DIRECTORY,
    stacks: pulumiStacks(PROJECT_DIRECTORY),
    environment: process.env,
    readStandardInput,
    usePassphrase: (passphrase) => {
      process.env["PULUMI_CONFIG_PASSPHRASE"] = passphrase;
    },
    makeShop: (options) => new ShopifyClient(options),
    send,
    googleToken: () =>
      googleToken(process.env).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      }),
  };
}
