import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import type { HttpRequest, HttpAnswer } from "../../../../clients/http";
import type { ShopifyQueries } from "../../../../clients/shopify";
import type { StackState } from "../../cli/stack-state";
import { Terminal } from "../../cli/terminal";
import { Stopped, type Asker, type Check } from "../asker";
import type { IntakeMeans, IntakeOptions } from "../means";
import type { Stacks } from "../stacks";

/** A text of the form of Shopify's credentials; written in one piece it would look like a real one that leaked. */
export function made(prefix: "shpat" | "shpss"): string {
  return `${prefix}_canary0123456789abcdef`;
}

/** Credentials that stand nowhere else, so that finding one anywhere is finding a leak. */
export const CANARIES = {
  shopifyAdminToken: made("shpat"),
  shopifyApiSecret: "canary-api-secret-0123456789",
  "cloudflare:apiToken": "canary-cloudflare-0123456789",
};

/** Answers by the question's first word; several are given one after the other. */
export type Script = Readonly<Record<string, string | readonly string[]>>;

/** All that is typed to make a small test customer; everything else is proposed. */
export const SCRIPT: Script = {
  environment: "test",
  expiresOn: "2030-12-31",
  "shopify.shopDomain": "demo-store.myshopify.com",
  "shopify.app": "custom",
  show: "no",
  shopifyAdminToken: CANARIES.shopifyAdminToken,
  shopifyApiSecret: CANARIES.shopifyApiSecret,
  "company.legalName": "Demo Store GmbH",
  "accounting.cashBankAccount": "Demo Bank - DS",
  "accounting.incomeAccount": "",
  "accounting.giftCardAccount": "Gift Cards - DS",
  "accounting.tipAccount": "",
  "accounting.dutiesAccount": "",
  "accounting.feesAccount": "",
  "sync.history.from": "2020-01-01",
  "sync.history.to": "",
  another: "",
  "erpnext.localization.url": "",
  "erpnext.apps": "version-15 / version-15 / main",
  "cloudflare:apiToken": CANARIES["cloudflare:apiToken"],
  "gcp.project": "demo-store-erpnext",
  "gcp.region": "europe-west3",
  "access.ui": "ops@agency.example, @demo-store.example",
  "operations.alertEmails": "ops@agency.example",
  what: "a passphrase",
  passphrase: "correct horse battery",
};

/** Someone who answers from a script, takes the proposal where it is silent, and may press Ctrl-C at a question. */
export class ScriptedAsker implements Asker {
  readonly asked: string[] = [];
  /** What was said against an answer, by question. */
  readonly faults: [question: string, fault: string][] = [];
  readonly #used = new Map<string, number>();

  constructor(
    private readonly script: Script,
    /** Asked before each question: whether Ctrl-C is pressed there. */
    private readonly stops: () => boolean = () => false,
  ) {}

  text(question: { message: string; proposal?: string; check: Check }): Promise<string> {
    return this.#typed(question);
  }

  secret(question: { message: string; check: Check }): Promise<string> {
    return this.#typed(question);
  }

  async choose({ message, choices, proposal = 0 }: { message: string; choices: readonly string[]; proposal?: number }) {
    const answer = this.#next(message);
    if (answer === undefined) return proposal;
    const index = choices.findIndex((choice) => choice.startsWith(answer));
    if (index < 0) throw new Error(`"${message}" offers no "${answer}" but ${choices.join(" | ")}`);
    return Promise.resolve(index);
  }

  async confirm({ message, proposal }: { message: string; proposal: boolean }): Promise<boolean> {
    const answer = this.#next(message);
    return Promise.resolve(answer === undefined ? proposal : answer === "yes");
  }

  async #typed({ message, proposal, check }: { message: string; proposal?: string; check: Check }): Promise<string> {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = this.#next(message, tries > 0) ?? proposal;
      if (answer === undefined) throw new Error(`nothing answers "${message}"`);
      const fault = check(answer);
      if (fault === undefined) return Promise.resolve(answer);
      this.faults.push([message, fault]);
    }
    throw new Error(`no answer to "${message}" is right: ${this.faults.at(-1)?.[1] ?? ""}`);
  }

  #next(message: string, again = false): string | undefined {
    if (!again) {
      if (this.stops()) throw new Stopped();
      this.asked.push(message);
    }
    const [key = ""] = message.split(" ");
    const answers = this.script[key];
    if (answers === undefined || typeof answers === "string") return answers;
    const used = this.#used.get(key) ?? 0;
    this.#used.set(key, used + 1);
    return answers[Math.min(used, answers.length - 1)];
  }
}

/** Stacks that are kept in memory. */
export class FakeStacks implements Stacks {
  config: Record<string, string> | undefined;
  provider: string | undefined;
  outputs: Record<string, unknown> = {};
  file = true;

  read(): Promise<StackState | undefined> {
    if (this.config === undefined) return Promise.resolve(undefined);
    const secretKeys = Object.keys(this.config);
    return Promise.resolve({ config: this.config, secretKeys, outputs: undefined, partialOutputs: this.outputs });
  }

  hasFile(): boolean {
    return this.file && this.config !== undefined;
  }

  create(_slug: string, provider: string | undefined): Promise<void> {
    this.provider = provider;
    this.config = {};
    return Promise.resolve();
  }

  set(_slug: string, { key, value }: { key: string; value: string }): Promise<void> {
    this.config = { ...this.config, [key]: value };
    return Promise.resolve();
  }
}

/** An order of a fake shop's with one tax. */
export function recentOrder(tax: { title: string; rate: number }, gateways = ["shopify_payments"], currency = "EUR") {
  return { taxLines: [tax], paymentGatewayNames: gateways, presentmentCurrencyCode: currency };
}

/** What the fake shop answers, by the operation's name; an error is thrown. */
export type ShopAnswers = Readonly<Record<string, unknown>>;

export const SHOP: ShopAnswers = {
  CurrentApp: {
    currentAppInstallation: {
      app: { id: "gid://shopify/App/1", title: "ERPNext", handle: "erpnext", apiKey: "0123abcd" },
      accessScopes: [
        ...["read_products", "read_orders", "read_customers", "read_inventory", "read_all_orders"].map((handle) => ({
          handle,
        })),
      ],
    },
    shop: { myshopifyDomain: "demo-store.myshopify.com", currencyCode: "EUR" },
  },
  ShopFacts: {
    shop: {
      name: "Demo Store",
      currencyCode: "EUR",
      ianaTimezone: "Europe/Berlin",
      billingAddress: { country: "Germany" },
    },
  },
  RecentTaxes: {
    orders: {
      nodes: [recentOrder({ title: "VAT", rate: 0.19 }), recentOrder({ title: "VAT reduced", rate: 0.07 })],
    },
  },
  VariantSkus: { productVariants: { nodes: [{ sku: "CUP" }, { sku: null }], pageInfo: { hasNextPage: false } } },
};

export function fakeShop(answers: ShopAnswers): ShopifyQueries {
  return {
    query: (operation) => {
      const answer = answers[operation.name];
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(answer as never);
    },
  };
}

/** A Cloudflare that has one zone, and a token that may do everything. */
function cloudflare({ url }: HttpRequest): Promise<HttpAnswer> {
  const zone = {
    id: "023e105f4ecef8ad9ca31a8372d0c353",
    name: "demo-store.example",
    status: "active",
    account: { id: "9a7806061c88ada191ed06f989cc3dac" },
  };
  const organizations = { auth_domain: "agency.cloudflareaccess.com" };
  const results: Readonly<Record<string, unknown>> = { verify: { status: "active" }, zones: [zone], organizations };
  const result = results[url.pathname.split("/").at(-1) ?? ""] ?? [];
  return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ success: true, errors: [], result }) });
}

export interface IntakeWorld {
  readonly directory: string;
  readonly stacks: FakeStacks;
  readonly means: IntakeMeans;
  /** All that was printed. */
  printed(): string;
  readonly passphrases: string[];
}

/** Everything an intake works with, in a directory of its own; Google has no login. */
export function intakeWorld(
  so: { asker?: Asker; shop?: ShopAnswers; directory?: string; stacks?: FakeStacks; json?: boolean } = {},
): IntakeWorld {
  const directory = so.directory ?? mkdtempSync(join(tmpdir(), "intake-"));
  mkdirSync(join(directory, "customers"), { recursive: true });
  const stream = new PassThrough();
  const stacks = so.stacks ?? new FakeStacks();
  const passphrases: string[] = [];
  const means: IntakeMeans = {
    terminal: new Terminal({ json: so.json ?? false, stdout: stream, stderr: stream }),
    asker: so.asker,
    signal: new AbortController().signal,
    directory,
    stacks,
    environment: {},
    readStandardInput: () => Promise.resolve(""),
    usePassphrase: (passphrase) => passphrases.push(passphrase),
    makeShop: () => fakeShop(so.shop ?? SHOP),
    send: cloudflare,
    googleToken: () => Promise.resolve(undefined),
  };
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { directory, stacks, means, printed: () => text, passphrases };
}

export function intakeOptions(change: Partial<IntakeOptions> = {}): IntakeOptions {
  return {
    slug: "acme",
    file: undefined,
    offline: false,
    secretsProvider: undefined,
    config: {},
    secretFiles: [],
    ...change,
  };
}
