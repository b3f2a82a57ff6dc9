/** Where something of a customer may be left. */
export type Place = "Shopify" | "Cloudflare" | "Google Cloud";

/** One question to one place. */
export interface Question {
  readonly place: Place;
  /** What is looked for, e.g. "DNS records of erp.acme.example, …". The same in every run: receipts are compared by it. */
  readonly what: string;
  /** What an operator does to look there when this cannot, starting with a verb in lower case. */
  readonly how: string;
  /** Whether something of that name stays on purpose. Default: nothing does. */
  readonly keeps?: (name: string) => boolean;
  /** The names of what is there. @throws whatever keeps it from being looked at */
  readonly ask: () => Promise<readonly string[]>;
}

/** What a question came to. */
export interface Look {
  readonly place: Place;
  readonly what: string;
  /** What is left; empty where nothing is, undefined where it could not be looked at. */
  readonly found: readonly string[] | undefined;
  /** What is there and stays on purpose. */
  readonly kept: readonly string[];
  /** Why it could not be looked at. */
  readonly because?: string;
  /** How to look at it, where it could not be looked at. */
  readonly how?: string;
  /** When an earlier teardown saw that nothing is left there (RFC 3339), where it could not be looked at now. */
  readonly provenAt?: string;
}

/** Asks every question; one that fails says so and keeps no other from being asked. */
export async function lookEverywhere(questions: readonly Question[]): Promise<Look[]> {
  const looks: Look[] = [];
  for (const { place, what, how, keeps = () => false, ask } of questions) {
    try {
      const names = await ask();
      const found = names.filter((name) => !keeps(name));
      looks.push({ place, what, found, kept: names.filter(keeps) });
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      looks.push({ place, what, found: undefined, kept: [], because, how });
    }
  }
  return looks;
}

/**
 * Whether a name that begins with the slug is this customer's: "acme-eu-ui" begins with "acme-" too, but it is the customer
 * acme-eu's, if there is one.
 */
export function ownsName(slug: string, others: readonly string[]): (name: string) => boolean {
  const longer = others.filter((other) => other.startsWith(`${slug}-`));
  return (name) =>
    name.startsWith(`${slug}-`) && !longer.some((other) => name === other || name.startsWith(`${other}-`));
}
