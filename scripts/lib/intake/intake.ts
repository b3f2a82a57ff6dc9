import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../../core/user-error";
import type { Customer } from "../../../customers/schema";
import type { StackState } from "../cli/stack-state";
import { customerOf, readAnswers } from "./answers-file";
import { Stopped } from "./asker";
import { checkCustomer } from "./check-customer";
import { Conversation } from "./conversation";
import { Credentials } from "./credentials";
import { DraftFile, type Draft } from "./draft";
import { obstacles, printFindings, type Finding } from "./finding";
import { askSlug, requireSlug } from "./interview";
import type { IntakeMeans, IntakeOptions } from "./means";
import { recheck } from "./recheck";
import { givenCredentials, type ConfigValues } from "./secrets";
import { secretsProviderFault } from "./stacks";
import { writeStackAndFile, type Written } from "./write";

/** A customer that is ready to be written. */
interface Collected {
  readonly customer: Customer;
  readonly findings: readonly Finding[];
}

/** Makes a new customer: its file, and its stack with the encrypted secrets. @throws UserError */
export async function intake(means: IntakeMeans, options: IntakeOptions): Promise<boolean> {
  const { asker, directory } = means;
  if (options.file === undefined && asker === undefined) throw nobodyToAsk();
  if (options.secretsProvider !== undefined) requireSecretsProvider(options.secretsProvider);
  const given = givenCredentials({ environment: means.environment, files: options.secretFiles });
  const answers = options.file === undefined ? undefined : await answersOf(means, options.file);
  const fromFile = answers === undefined ? undefined : customerOf(answers, options.slug);
  const slug = fromFile?.slug ?? (await slugOf(means, options));
  if (existsSync(join(directory, "customers", `${slug}.yaml`))) return alreadyThere(means, slug);
  try {
    return await make({ means, options, slug, fromFile, given });
  } catch (error) {
    throw error instanceof Stopped ? new Stopped(slug) : error;
  }
}

interface Making {
  readonly means: IntakeMeans;
  readonly options: IntakeOptions;
  readonly slug: string;
  readonly fromFile: Customer | undefined;
  readonly given: ConfigValues;
}

async function make({ means, options, slug, fromFile, given }: Making): Promise<boolean> {
  const { terminal, asker, stacks } = means;
  const draft = new DraftFile(means.directory, slug);
  const begun = draft.load();
  terminal.say(`looking whether there is a stack "${slug}" already …`);
  const state = await stacks.read(slug);
  refuseForeignStack(means, { slug, state, begun });
  const credentials = new Credentials({ existing: state?.config ?? {}, plain: options.config, given }, terminal);
  const collected =
    fromFile === undefined && asker !== undefined
      ? await converse({ means, options, asker, slug, credentials, draft }, begun)
      : await takeOver({ means, options, credentials }, fromFile);
  if (collected === undefined) return false;
  const written = await writeStackAndFile({ means, options, credentials, draft, state }, collected.customer);
  report(means, collected, written);
  return true;
}

async function converse(
  so: ConstructorParameters<typeof Conversation>[0],
  begun: Draft | undefined,
): Promise<Collected> {
  const { means, options, asker } = so;
  const count = Object.keys(begun?.answers ?? {}).length;
  const proposal = { message: `go on with the answers in ${so.draft.name}`, proposal: true };
  const goesOn = count > 0 && (await asker.confirm(proposal));
  const conversation = new Conversation(so);
  const customer = await conversation.run(goesOn ? (begun?.answers ?? {}) : {});
  if (options.offline) return { customer, findings: notChecked(means) };
  return { customer, findings: await conversation.finalCheck(customer) };
}

/** Answers from a file: everything must hold, since no one can be asked what to do. */
async function takeOver(
  so: { means: IntakeMeans; options: IntakeOptions; credentials: Credentials },
  customer: Customer | undefined,
): Promise<Collected | undefined> {
  const { means, options, credentials } = so;
  if (customer === undefined) throw nobodyToAsk();
  if (means.asker !== undefined) {
    await credentials.ask(means.asker, "shopify", customer.shopify.app);
    await credentials.ask(means.asker, "cloudflare", customer.shopify.app);
  }
  credentials.requireAll(customer);
  if (options.offline) return { customer, findings: notChecked(means) };
  const findings = await checkCustomer(means, customer, { config: credentials.values });
  printFindings(means.terminal, findings);
  const against = obstacles(findings);
  if (against.length === 0) return { customer, findings };
  const error = `${against.length === 1 ? "one finding stands" : `${against.length} findings stand`} in the way for customer "${customer.slug}": nothing was written; fix what is named and run the command again.`;
  means.terminal.say(error);
  means.terminal.result({ ok: false, customer: customer.slug, error, findings });
  return undefined;
}

function notChecked({ terminal }: IntakeMeans): readonly Finding[] {
  terminal.verdict("skip", "nothing was checked (--offline): run the intake with --check later");
  return [];
}

async function answersOf(means: IntakeMeans, file: string) {
  return file === "-" ? { name: "standard input", text: await means.readStandardInput() } : readAnswers(file);
}

async function slugOf({ asker, terminal }: IntakeMeans, { slug }: IntakeOptions): Promise<string> {
  if (slug !== undefined) return requireSlug(slug);
  if (asker === undefined) throw nobodyToAsk();
  return askSlug(asker, terminal);
}

function nobodyToAsk(): UserError {
  return new UserError({
    what: "there is no terminal to ask the questions at",
    next: "give the answers with --file <path>, in the form of customers/demo-store.yaml",
  });
}

function requireSecretsProvider(provider: string): void {
  const fault = secretsProviderFault(provider);
  if (fault === undefined) return;
  const [what = "", next = ""] = fault.split(/: (?=write )/);
  throw new UserError({ what, next });
}

/** An existing customer is checked and never written over. */
async function alreadyThere(means: IntakeMeans, slug: string): Promise<boolean> {
  const { asker } = means;
  if (asker === undefined) {
    const next = `run "./stack intake ${slug} --check" to check it live; edit the file to change it`;
    throw new UserError({ what: `customers/${slug}.yaml is there already`, customer: slug, next });
  }
  const message = `customers/${slug}.yaml is there already; check it live, changing nothing`;
  return (await asker.confirm({ message, proposal: true })) ? recheck(means, slug) : false;
}

/** A stack that this intake did not begin is someone else's, or runs. @throws UserError */
function refuseForeignStack(
  { stacks }: IntakeMeans,
  so: { slug: string; state: StackState | undefined; begun: Draft | undefined },
): void {
  const { slug, state, begun } = so;
  if (state === undefined) return;
  if (Object.keys(state.partialOutputs).length > 0) {
    const what = `there is no customers/${slug}.yaml, but a stack that is up`;
    throw new UserError({
      what,
      customer: slug,
      next: "bring the file back from git: an intake would make another one",
    });
  }
  if (stacks.hasFile(slug) || begun?.stackBegun === true) return;
  throw new UserError({
    what: `there is a stack already, but neither customers/${slug}.yaml nor customers/Pulumi.${slug}.yaml is here`,
    customer: slug,
    next: `get both from the operator who made it (git pull), or remove the empty stack with "pulumi stack rm ${slug}"`,
  });
}

function report({ terminal }: IntakeMeans, { customer, findings }: Collected, written: Written): void {
  const { slug } = customer;
  const next = [
    `git add ${written.files.join(" ")}`,
    `git commit -m "New customer ${slug}"`,
    `npm run pulumi -- preview -s ${slug}`,
    "open a pull request",
  ];
  terminal.verdict("ok", `${written.files[0] ?? ""} is written, and the stack "${slug}" has its secrets`);
  if (written.passphrase) {
    terminal.verdict(
      "warn",
      `everyone who runs Pulumi for ${slug} needs the passphrase, in PULUMI_CONFIG_PASSPHRASE; it is kept nowhere`,
    );
  }
  terminal.print("Next:");
  next.forEach((step) => {
    terminal.print(`  ${step}`);
  });
  terminal.result({ ok: true, customer: slug, ...written, findings, next });
}
