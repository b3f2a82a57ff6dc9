import type { Admission } from "./access";

/** What the Worker itself answers to people whom Access has not let in. */
export const REFUSALS: Readonly<Record<Exclude<Admission, "allowed">, readonly [status: 403 | 503, sentence: string]>> =
  {
    refused: [403, "Cloudflare Access has not let you in here: open the console's address again and sign in."],
    unreachable: [
      503,
      "Your identity cannot be verified, because Cloudflare Access does not answer: try again in a minute.",
    ],
  };
