import { UserError } from "../../../core/user-error";
import type { Customer } from "../../../customers/schema";
import type { Terminal } from "../cli/terminal";
import type { Asker } from "./asker";
import { CREDENTIALS, credentialFault, credentialsFor, type ConfigValues, type CredentialSpec } from "./secrets";

/** Where a run's configuration values come from; the later go before the earlier. */
export interface CredentialStock {
  /** What the stack has already. */
  readonly existing: ConfigValues;
  /** Plain configuration of this run: addresses of stand-ins. */
  readonly plain: ConfigValues;
  /** From the environment and from files. */
  readonly given: ConfigValues;
}

/** One value of the stack's configuration that is to be set. */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The credentials of one intake: those that are there, and those that have to be asked for. All are hidden from the terminal. */
export class Credentials {
  readonly #values: Record<string, string>;

  constructor(
    private readonly stock: CredentialStock,
    private readonly terminal: Terminal,
  ) {
    this.#values = { ...stock.existing, ...stock.plain, ...stock.given };
    CREDENTIALS.filter(({ plain }) => plain !== true).forEach(({ key }) => {
      terminal.hide(this.#values[key]);
    });
  }

  get values(): ConfigValues {
    return this.#values;
  }

  /** Asks for those of a service that are not there yet. */
  async ask(asker: Asker, of: "shopify" | "cloudflare", app: Customer["shopify"]["app"]): Promise<void> {
    for (const spec of ofService(of, app)) {
      if ((this.#values[spec.key] ?? "") !== "") continue;
      const value = await this.#prompt(asker, spec);
      if (spec.plain !== true) this.terminal.hide(value);
      if (value !== "") this.#values[spec.key] = value;
    }
  }

  /** Those of a service are asked for again. */
  forget(of: "shopify" | "cloudflare"): void {
    for (const { key } of CREDENTIALS.filter((spec) => serviceOf(spec) === of))
      Reflect.deleteProperty(this.#values, key);
  }

  /** @throws UserError that names every one that there is no value for */
  requireAll(customer: Pick<Customer, "slug" | "shopify">): void {
    const needed = credentialsFor(customer.shopify.app).filter(({ optional }) => optional !== true);
    const missing = needed.filter(({ key }) => (this.#values[key] ?? "") === "");
    if (missing.length === 0) return;
    throw new UserError({
      what: `there is no value for ${missing.map(({ key }) => `"${key}"`).join(", ")}`,
      customer: customer.slug,
      next: `set ${missing.map(({ variable }) => variable).join(" and ")} in the environment, or give --secret-file <key>=<path>`,
    });
  }

  /** What the stack does not have yet, or has otherwise. */
  changes(app: Customer["shopify"]["app"], generated: ConfigValues): readonly ConfigEntry[] {
    const credentials = credentialsFor(app).map(({ key, plain }) => ({ key, secret: plain !== true }));
    const plain = Object.keys(this.stock.plain).map((key) => ({ key, secret: false }));
    const wanted = [...plain, ...credentials].map((entry) => ({ ...entry, value: this.#values[entry.key] ?? "" }));
    const made = Object.entries(generated).map(([key, value]) => ({ key, value, secret: true }));
    return [...made, ...wanted].filter(({ key, value }) => value !== "" && this.stock.existing[key] !== value);
  }

  #prompt(asker: Asker, { key, what, plain, optional }: CredentialSpec): Promise<string> {
    const check = (value: string): string | undefined =>
      optional === true && value === "" ? undefined : credentialFault(key, value);
    this.terminal.say("");
    this.terminal.say(`${key} · ${what}`);
    const message = `${key}${optional === true ? " (may be empty)" : ""}`;
    if (plain === true) return asker.text({ message, check });
    this.terminal.say("  What you type or paste is not shown.");
    return asker.secret({ message, check });
  }
}

function ofService(of: "shopify" | "cloudflare", app: Customer["shopify"]["app"]): readonly CredentialSpec[] {
  return credentialsFor(app).filter((spec) => serviceOf(spec) === of);
}

function serviceOf({ key }: CredentialSpec): "shopify" | "cloudflare" {
  return key.startsWith("cloudflare:") ? "cloudflare" : "shopify";
}
