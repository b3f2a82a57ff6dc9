import { z } from "zod";

import { parseJson } from "../../../clients/http";
import { SIGNED_WITH_PREVIOUS, type HmacJudgement } from "./judge-delivery";

/** What the server tells of a delivery that it captured: nothing of its content. */
const captureSchema = z.discriminatedUnion("captured", [
  z.object({ captured: z.literal(false) }),
  z.object({
    captured: z.literal(true),
    /** Whether the server's secret gives this very signature. */
    matches: z.boolean(),
    /** Which of the server's secrets; a server of before it had two says nothing of it. */
    secret: z.enum(["current", "previous"]).nullish(),
    bytes: z.number(),
    fingerprint: z.string(),
    encoding: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
  }),
]);

/** Judges the server's last words about a capture. */
export function judgeCapture(words: string, seconds: number): HmacJudgement {
  const parsed = captureSchema.safeParse(parseJson(words));
  if (!parsed.success) {
    const next = 'run "pulumi up", so that the server has the files of this project, and try again';
    return { verdict: "unreadable", certain: true, evidence: [`the server said "${words}"`], next };
  }
  const { data } = parsed;
  if (!data.captured) {
    return {
      verdict: "unreadable",
      certain: true,
      evidence: [`no delivery came within ${seconds} s`],
      next: "place an order in the shop, or let one be paid, while this waits",
    };
  }
  const evidence = [
    `the body has ${data.bytes} bytes, fingerprint ${data.fingerprint}`,
    ...Object.entries(data.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  if (data.matches) {
    const which = data.secret === "previous" ? SIGNED_WITH_PREVIOUS : "the server's secret gives this very signature";
    return { verdict: "fine", certain: true, evidence: [...evidence, which] };
  }
  return unmatched(data.encoding, evidence);
}

/** The door takes TLS from Shopify itself, so nothing but a proxy before it could have changed the body. */
function unmatched(encoding: string | null, evidence: readonly string[]): HmacJudgement {
  if (encoding !== null) {
    const proxied = `the body came as ${encoding}, which Shopify does not send`;
    const next = "take the proxy away from the hook host's DNS record";
    return { verdict: "body-mutated", certain: true, evidence: [...evidence, proxied], next };
  }
  const also = "while the app has two secrets, Shopify signs with the older one: a rotation looks the same";
  return {
    verdict: "wrong-secret",
    certain: false,
    evidence: [...evidence, "the server's secret does not give this signature", also],
    next: 'set the secret of the app that made the subscriptions, its older one as "shopifyApiSecretPrevious" ("pulumi config set --secret", "pulumi up"); "--self-test" shows that the door changes nothing',
  };
}
