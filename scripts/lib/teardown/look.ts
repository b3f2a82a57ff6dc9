/** Where something of a customer may be left. */
export type Place = "Shopify" | "Cloudflare" | "Google Cloud";

/** One question to one place. */
export interface Question {
  readonly place: Place;
  /** What is looked for, e.g. "DNS records of erp.acme.example, …". */
  readonly what: string;
  /** The names of what is there. @throws whatever keeps it from being looked at */
  readonly ask: () => Promise<readonly string[]>;
}

/** What a question came to. */
export interface Look {
  readonly place: Place;
  readonly what: string;
  /** What is left; empty where nothing is, undefined where it could not be looked at. */
  readonly found: readonly string[] | undefined;
  /** Why it could not be looked at. */
  readonly because?: string;
}

/** Asks every question; one that fails says so and keeps no other from being asked. */
export async function lookEverywhere(questions: readonly Question[]): Promise<Look[]> {
  const looks: Look[] = [];
  for (const { place, what, ask } of questions) {
    try {
      looks.push({ place, what, found: await ask() });
    } catch (error) {
      looks.push({ place, what, found: undefined, because: error instanceof Error ? error.message : String(error) });
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
