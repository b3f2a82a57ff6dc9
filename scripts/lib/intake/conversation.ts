import type { Customer } from "../../../customers/schema";
import { parseCustomer } from "../../../customers/parse";
import type { Terminal } from "../cli/terminal";
import { answerAt, customerData, withoutAnswer, type Answers } from "./answers";
import { Stopped, type Asker } from "./asker";
import { checkCustomer, cloudflareMeans, shopifyReport } from "./check-customer";
import { checkCloudflare, cloudflareZones } from "./check-cloudflare";
import type { Credentials } from "./credentials";
import type { DraftFile } from "./draft";
import { explainShopify } from "./explain-shopify";
import { obstacles, printFindings, type Finding } from "./finding";
import { Interview } from "./interview";
import type { IntakeMeans, IntakeOptions } from "./means";
import type { Chapter, Known } from "./question";
import { CHAPTERS } from "./questions";

type Step = readonly [step: "again" | "credentials" | "answers" | "stop" | "on", text: string];

/** What a conversation keeps at hand. */
export interface ConversationMeans {
  readonly means: IntakeMeans;
  readonly options: IntakeOptions;
  readonly asker: Asker;
  readonly slug: string;
  readonly credentials: Credentials;
  readonly draft: DraftFile;
}

/** Asks for a whole customer, trying out credentials as soon as they are there, so that the services' own facts are offered. */
export class Conversation {
  readonly #interview: Interview;
  readonly #terminal: Terminal;

  constructor(private readonly so: ConversationMeans) {
    const { means, asker, slug, draft } = so;
    this.#terminal = means.terminal;
    const keep = (answers: Answers): void => {
      draft.save({ answers });
    };
    this.#interview = new Interview({ asker, terminal: means.terminal, slug, keep });
  }

  async run(answers: Answers): Promise<Customer> {
    const { slug } = this.so;
    let known: Known = { answers: { ...answers, slug } };
    for (const [index, chapter] of CHAPTERS.entries()) {
      this.#terminal.say("");
      this.#terminal.say(`${index + 1} of ${CHAPTERS.length} · ${chapter.title}`);
      known = await this.#chapter(chapter, known);
    }
    const parsed = parseCustomer(customerData(known.answers), slug);
    if (parsed.ok) return parsed.customer;
    throw new Error(`the answers do not make a customer: ${parsed.faults.join("; ")}`);
  }

  /** Looks at everything once more. @throws Stopped */
  async finalCheck(customer: Customer): Promise<readonly Finding[]> {
    const { means, credentials, asker, slug } = this.so;
    for (;;) {
      const findings = await checkCustomer(means, customer, { config: credentials.values });
      printFindings(this.#terminal, findings);
      const against = obstacles(findings);
      if (against.length === 0) return findings;
      const refused = against.some(({ state }) => state === "refused");
      const choices = ["look again", "stop; the answers are kept", ...(refused ? [] : ["go on unchecked"])];
      const choice = await asker.choose({ message: "this stands in the way", choices });
      if (choice === 1) throw new Stopped(slug);
      if (choice === 2) return findings;
    }
  }

  async #chapter({ credentials, questions }: Chapter, known: Known): Promise<Known> {
    const before = credentials?.when === "before" ? await this.#cloudflare(known) : known;
    const asked = await this.#interview.ask(questions, before);
    if (credentials?.when === "after") return this.#shopify(questions, asked);
    if (credentials?.when === "before") await this.#tryCloudflare(asked);
    return asked;
  }

  async #shopify(questions: Chapter["questions"], given: Known): Promise<Known> {
    const { means, options, credentials, asker, slug } = this.so;
    let known = given;
    this.#terminal.say('  "./stack intake --explain shopify" prints what has to be clicked in Shopify, to be sent on.');
    if (Object.keys(credentials.values).every((key) => !key.startsWith("shopify"))) {
      if (await asker.confirm({ message: "show it here", proposal: false })) this.#terminal.say(explainShopify());
    }
    for (;;) {
      const shopify = answerAt(known.answers, ["shopify"]) as Pick<Customer["shopify"], "shopDomain" | "app">;
      await credentials.ask(asker, "shopify", shopify.app);
      if (options.offline) return known;
      const { findings, seen } = await shopifyReport(means, { ...shopify, slug }, credentials.values);
      printFindings(this.#terminal, findings);
      const step = await this.#nextStep(findings);
      if (step === "on") return { ...known, shop: seen };
      if (step === "credentials") credentials.forget("shopify");
      if (step === "answers") {
        const answers = questions.reduce((left, { path }) => withoutAnswer(left, path), known.answers);
        known = await this.#interview.ask(questions, { ...known, answers });
      }
    }
  }

  /** What to do about what was found; "on" where there is nothing to do. @throws Stopped */
  async #nextStep(findings: readonly Finding[]): Promise<"on" | "again" | "credentials" | "answers"> {
    if (findings.every(({ state, next }) => state === "ok" || (state === "unknown" && next === undefined))) return "on";
    const goOn: Step = ["on", "go on as it is"];
    const steps: readonly Step[] = [
      ["again", "look again, once it is fixed in Shopify"],
      ["credentials", "give other credentials"],
      ["answers", "correct the store or the kind of app"],
      ["stop", "stop; the answers are kept"],
      ...(findings.some(({ state }) => state === "refused") ? [] : [goOn]),
    ];
    const choice = await this.so.asker.choose({ message: "and now", choices: steps.map(([, text]) => text) });
    const step = steps[choice]?.[0] ?? "again";
    if (step === "stop") throw new Stopped(this.so.slug);
    return step;
  }

  async #cloudflare(known: Known): Promise<Known> {
    const { means, options, credentials, asker } = this.so;
    await credentials.ask(asker, "cloudflare", "custom");
    const cloudflare = cloudflareMeans(means, credentials.values);
    if (cloudflare === undefined || options.offline) return known;
    return { ...known, zones: await cloudflareZones(cloudflare) };
  }

  async #tryCloudflare(known: Known): Promise<void> {
    const { means, options, credentials, asker, slug } = this.so;
    const wanted = answerAt(known.answers, ["cloudflare"]) as Customer["cloudflare"];
    for (;;) {
      const cloudflare = cloudflareMeans(means, credentials.values);
      if (cloudflare === undefined || options.offline) return;
      const findings = await checkCloudflare(cloudflare, wanted);
      printFindings(this.#terminal, findings);
      if (obstacles(findings).length === 0) return;
      const choices = ["look again", "give another token", "stop; the answers are kept"];
      const choice = await asker.choose({ message: "and now", choices });
      if (choice === 2) throw new Stopped(slug);
      if (choice === 1) {
        credentials.forget("cloudflare");
        await credentials.ask(asker, "cloudflare", "custom");
      }
    }
  }
}
