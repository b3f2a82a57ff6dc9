import { UserError } from "../../../core/user-error";
import { exampleOf, schemaAt } from "../../../customers/sections";
import { customerSchema } from "../../../customers/schema";
import type { Terminal } from "../cli/terminal";
import { answerAt, answerFault, faultyAnswers, withAnswer, withoutAnswer, type Answers, type Path } from "./answers";
import type { Asker } from "./asker";
import { fieldDescription } from "./customer-yaml";
import { defaultOf, type Known, type Question } from "./question";
import { gatewaysSeen, suffixOf, taxesSeen, type TaxRow } from "./seen";

/** What an interview talks through, and where it keeps each answer at once. */
export interface InterviewMeans {
  readonly asker: Asker;
  readonly terminal: Terminal;
  readonly slug: string;
  readonly keep: (answers: Answers) => void;
}

/** Asks one question after the other. An answer that the schema refuses is asked again, with the schema's own sentence. */
export class Interview {
  constructor(private readonly means: InterviewMeans) {}

  /** Asks what is not answered yet; answers that do not hold any more are asked again. */
  async ask(questions: readonly Question[], known: Known): Promise<Known> {
    const stale = faultyAnswers(known.answers, this.means.slug);
    let now = known;
    for (const question of questions) {
      if (question.asked?.(now) === false) continue;
      if (answerAt(now.answers, question.path) !== undefined) {
        if (!stale(question.path)) continue;
        now = { ...now, answers: withoutAnswer(now.answers, question.path) };
      }
      const answer = await this.#answerTo(question, now);
      now = { ...now, answers: withAnswer(now.answers, question.path, answer) };
      this.means.keep(now.answers);
    }
    return now;
  }

  async #answerTo(question: Question, known: Known): Promise<unknown> {
    if (question.form === "derived") return question.proposes?.(known);
    this.#introduce(question);
    const forms = {
      text: () => this.#text(question, known, (text) => text),
      number: () => this.#text(question, known, (text) => (/^\d+$/.test(text) ? Number(text) : text)),
      list: () => this.#text(question, known, splitList),
      flag: () => this.#flag(question, known),
      choice: () => this.#choice(question, known),
      taxes: () => this.#taxes(question, known),
      gateways: () => this.#gateways(question, known),
      app: () => this.#app(question, known),
    };
    return await forms[question.form]();
  }

  #introduce({ path, why }: Question): void {
    const { terminal } = this.means;
    const schema = schemaAt(customerSchema, path);
    const description = fieldDescription(path) ?? "";
    terminal.say("");
    terminal.say(`${path.join(".")} · ${description}`);
    terminal.say(`  ${why}${schema === undefined ? "" : ` For example: ${exampleOf(schema)}`}`);
  }

  async #text(question: Question, known: Known, parse: (text: string) => unknown): Promise<unknown> {
    const proposal = shownProposal(proposalOf(question, known));
    const { path, optional } = question;
    const message = `${path.join(".")}${optional === true ? " (may be empty)" : ""}`;
    const check = (text: string): string | undefined =>
      optional === true && text === "" ? undefined : this.#fault(known, path, parse(text));
    const text = await this.means.asker.text({ message, ...(proposal === undefined ? {} : { proposal }), check });
    return optional === true && text === "" ? null : parse(text);
  }

  async #flag(question: Question, known: Known): Promise<boolean> {
    const proposal = proposalOf(question, known) === true;
    for (;;) {
      const answer = await this.means.asker.confirm({ message: question.path.join("."), proposal });
      const fault = this.#fault(known, question.path, answer);
      if (fault === undefined) return answer;
      this.means.terminal.say(`  ${fault}`);
    }
  }

  async #choice(question: Question, known: Known): Promise<unknown> {
    const { path, choices = [] } = question;
    for (;;) {
      const index = await this.means.asker.choose({
        message: path.join("."),
        choices: choices.map(({ name }) => name),
      });
      const value = choices[index]?.value;
      const fault = this.#fault(known, path, value);
      if (fault === undefined) return value;
      this.means.terminal.say(`  ${fault}`);
    }
  }

  /** Shopify's titles first, with rates where a title has several; then others, until there is no title. */
  async #taxes({ path }: Question, known: Known): Promise<unknown> {
    const taxes: TaxRow[] = [];
    const suffix = suffixOf(known);
    for (const { proposal, ...tax } of taxesSeen(known)) {
      taxes.push(await this.#tax(tax, { path, known, taxes, proposal: `${proposal}${suffix}` }));
    }
    for (;;) {
      const check = (title: string): string | undefined =>
        title === "" && taxes.length > 0
          ? undefined
          : this.#fault(known, path, [...taxes, { shopifyTax: title, account: `Tax${suffix}` }]);
      const message = taxes.length === 0 ? "tax title on Shopify's orders" : "another tax title (empty: no more)";
      const title = await this.means.asker.text({ message, check });
      if (title === "") return taxes;
      taxes.push(await this.#tax({ shopifyTax: title }, { path, known, taxes, proposal: undefined }));
    }
  }

  async #tax(
    tax: Omit<TaxRow, "account">,
    so: { path: Path; known: Known; taxes: readonly object[]; proposal: string | undefined },
  ): Promise<TaxRow> {
    const { path, known, taxes, proposal } = so;
    const account = await this.means.asker.text({
      message: `account of "${tax.shopifyTax}"${tax.rate === undefined ? "" : ` of ${tax.rate} %`}`,
      ...(proposal === undefined ? {} : { proposal }),
      check: (text) => this.#fault(known, path, [...taxes, { ...tax, account: text }]),
    });
    return { ...tax, account };
  }

  /** Each gateway of recent orders. What arrives in the cash or bank account needs no row. */
  async #gateways({ path }: Question, known: Known): Promise<unknown> {
    const rows: { gateway: string; account: string }[] = [];
    const bank = answerAt(known.answers, ["accounting", "cashBankAccount"]);
    for (const gateway of gatewaysSeen(known)) {
      const account = await this.means.asker.text({
        message: `money of "${gateway}" arrives in`,
        ...(typeof bank === "string" ? { proposal: bank } : {}),
        check: (text) => this.#fault(known, path, [...rows, { gateway, account: text }]),
      });
      if (account !== bank) rows.push({ gateway, account });
    }
    return rows;
  }

  async #app({ path }: Question, known: Known): Promise<unknown> {
    const { asker } = this.means;
    const url = await asker.text({
      message: `${path.join(".")}.url (empty: none)`,
      check: (text) => (text === "" ? undefined : this.#fault(known, path, { url: text, branch: "main" })),
    });
    if (url === "") return null;
    const check = (text: string): string | undefined => this.#fault(known, path, { url, branch: text });
    return { url, branch: await asker.text({ message: `${path.join(".")}.branch`, check }) };
  }

  /** The schema's sentence, and what the shop itself says against a currency. */
  #fault(known: Known, path: Path, value: unknown): string | undefined {
    const fault = answerFault(withAnswer(known.answers, path, value), path, this.means.slug);
    if (fault !== undefined) return fault;
    const { shop } = known;
    if (path.join(".") !== "company.currency" || shop === undefined || shop.currency === value) return undefined;
    return `the shop's currency is "${shop.currency}", and the connector books every amount as it is: write "${shop.currency}"`;
  }
}

/** Asks for the customer's name, where the command did not say it. */
export async function askSlug(asker: Asker, terminal: Terminal): Promise<string> {
  terminal.say(`slug · ${fieldDescription(["slug"]) ?? ""}`);
  return asker.text({ message: "slug", check: slugFault });
}

/** What the schema has against a customer's name. */
export function slugFault(slug: string): string | undefined {
  return answerFault({ slug }, ["slug"], slug);
}

/** @throws UserError */
export function requireSlug(slug: string): string {
  const fault = slugFault(slug);
  if (fault === undefined) return slug;
  const [what = "", next = ""] = fault.split(/: (?=write )/);
  throw new UserError({ what, next });
}

function proposalOf(question: Question, known: Known): unknown {
  const proposal = question.proposes?.(known);
  return proposal === undefined || proposal === "" ? defaultOf(question.path) : proposal;
}

function shownProposal(proposal: unknown): string | undefined {
  if (Array.isArray(proposal)) return proposal.length === 0 ? undefined : proposal.join(", ");
  return typeof proposal === "string" || typeof proposal === "number" ? String(proposal) : undefined;
}

function splitList(text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "");
}
