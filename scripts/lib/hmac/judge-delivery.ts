import { undoneChanges } from "./mutations";
import { fingerprint, isSignedWith, signatureFault } from "./signature";

/**
 * fine: ERPNext takes it · secret-rotation-pending: signed with another secret of the same app, which ERPNext does not know ·
 * body-mutated: signed with the right secret, and changed since · wrong-secret: signed with a secret that is not known here ·
 * unreadable: there is no signature to look at.
 */
export type HmacVerdict = "fine" | "secret-rotation-pending" | "body-mutated" | "wrong-secret" | "unreadable";

export interface HmacJudgement {
  readonly verdict: HmacVerdict;
  /** False where the same would be seen for another reason; the evidence then says which. */
  readonly certain: boolean;
  readonly evidence: readonly string[];
  /** What the operator does about it; nothing when it is fine. */
  readonly next?: string;
}

/** A delivery as it was captured, and the secrets that it may have been signed with. */
export interface Captured {
  readonly body: Buffer;
  /** The value of `X-Shopify-Hmac-Sha256`. */
  readonly header: string;
  /** The secret that the stack and so ERPNext has. */
  readonly secret: string;
  /** The stack's older one, while the app's secret is rotated: the server takes it too. */
  readonly previous?: string | undefined;
  /** Older or newer secrets of the same app. */
  readonly others: readonly string[];
}

/** Said wherever a delivery is seen to be signed with `shopifyApiSecretPrevious`. */
export const SIGNED_WITH_PREVIOUS = "signed with the previous secret: the rotation is under way";

/** help.shopify.com, API credential rotation; Shopify/shopify-app-js#3183. */
const ROTATION =
  "while two secrets of an app live, Shopify signs with the older one, and up to an hour after that one is revoked";

export function judgeDelivery(captured: Captured): HmacJudgement {
  const { body, others } = captured;
  const header = captured.header.trim();
  const about = `the body has ${body.length} bytes, fingerprint ${fingerprint(body)}`;
  const fault = signatureFault(header);
  if (fault !== undefined) {
    return {
      verdict: "unreadable",
      certain: true,
      evidence: [`the header is no signature: ${fault}`, about],
      next: "copy the whole value of X-Shopify-Hmac-Sha256, and nothing else",
    };
  }
  if (isSignedWith(body, captured.secret, header)) {
    return { verdict: "fine", certain: true, evidence: [about, "the stack's secret gives this very signature"] };
  }
  if (captured.previous !== undefined && isSignedWith(body, captured.previous, header)) {
    return { verdict: "fine", certain: true, evidence: [about, SIGNED_WITH_PREVIOUS, ROTATION] };
  }
  if (others.some((other) => isSignedWith(body, other, header))) return rotation(about);
  return mutation(captured, header, about) ?? wrongSecret(captured, about);
}

function rotation(about: string): HmacJudgement {
  return {
    verdict: "secret-rotation-pending",
    certain: true,
    evidence: [about, "another secret that was named gives this very signature, the stack's does not", ROTATION],
    next: 'give the stack this secret too ("pulumi config set --secret shopifyApiSecretPrevious", "pulumi up"); Shopify tries again for four hours',
  };
}

function mutation(captured: Captured, header: string, about: string): HmacJudgement | undefined {
  const { body, secret, previous, others } = captured;
  const found = undoneChanges(body).find((undone) =>
    [secret, ...(previous === undefined ? [] : [previous]), ...others].some((one) =>
      isSignedWith(undone.body, one, header),
    ),
  );
  if (found === undefined) return undefined;
  return {
    verdict: "body-mutated",
    certain: true,
    evidence: [about, `undone, the signature is right: ${found.change}`],
    next: "look at what touched the body: the tool that captured it, or a proxy before the server (the hook host's record must not be proxied)",
  };
}

function wrongSecret({ body, others }: Captured, about: string): HmacJudgement {
  const tried = undoneChanges(body).length;
  return {
    verdict: "wrong-secret",
    certain: false,
    evidence: [
      about,
      `neither the stack's secret nor ${others.length} others gives this signature, for this body or for ${tried} that it may have been`,
      "a change that cannot be undone (sorted keys, rounded numbers, a part cut off) would look the same",
    ],
    next: 'see that the door changes nothing ("./stack hmac <customer> --self-test"): then only the secret is left, and it is that of another app or of a webhook made in the admin screen',
  };
}
