import type { HmacJudgement } from "./judge-delivery";

/**
 * A topic that the connector does not know. It checks the signature, reads the JSON, and only then looks the topic up, before
 * its first log row (connector.md): a right signature ends in a KeyError, a wrong one in a TypeError, and neither makes an
 * order, a job or a row. Frappe notes both in its Error Log.
 */
export const SELF_TEST_TOPIC = "erpnext-stack/self-test";

/** What the door answered to one delivery. */
export interface DoorAnswer {
  readonly status: number;
  /** Frappe's name of the exception; empty where it named none. */
  readonly exception: string;
}

export interface SelfTest {
  /** Signed with the stack's secret. */
  readonly right: DoorAnswer;
  /** Signed with a made-up secret. */
  readonly wrong: DoorAnswer;
  /** Whether ERPNext holds the stack's secret; undefined where it could not be asked. */
  readonly holdsSecret: boolean | undefined;
}

/** A body with everything that is changed on the way if anything is: both ends, escapes, spaces, characters, its size. */
export function selfTestBody(nonce: string): string {
  const delicate = `{ "self_test" :  "${nonce}",\r\n\t"url":"https:\\/\\/shop.example\\/?a=1\\u0026b=2",`;
  const characters = `"text":"Zo\u00eb e\u0301 \u2028 \ud83d\ude00 \\u00fc <b>&amp;</b>","number":10.00,`;
  return `${delicate}${characters}"filler":"${"0123456789abcdef".repeat(2048)}"}\n`;
}

export function judgeSelfTest({ right, wrong, holdsSecret }: SelfTest): HmacJudgement {
  const evidence = [
    `signed with the stack's secret: ${shown(right)}`,
    `signed with a made-up secret: ${shown(wrong)}`,
    ...(holdsSecret === undefined ? [] : [`ERPNext ${holdsSecret ? "holds" : "does not hold"} the stack's secret`]),
  ];
  if (isTaken(wrong)) {
    const next = "take the server off the network: whatever answers there does not check signatures";
    return { verdict: "wrong-secret", certain: true, evidence: [...evidence, "a made-up secret was accepted"], next };
  }
  if (isTaken(right) && isRefused(wrong)) {
    return { verdict: "fine", certain: true, evidence: [...evidence, "the body arrived byte for byte"] };
  }
  if (isRefused(right) || isUnsigned(right)) return refused({ right, wrong, holdsSecret }, evidence);
  return unclear(right, evidence);
}

function refused({ right, holdsSecret }: SelfTest, evidence: readonly string[]): HmacJudgement {
  if (holdsSecret === true) {
    const lost = isUnsigned(right) ? "the signature was lost on the way" : "the body was changed on the way";
    const next =
      "see that the hook host's record is not proxied, and compare the server's Caddyfile with host/Caddyfile";
    return { verdict: "body-mutated", certain: true, evidence: [...evidence, lost], next };
  }
  const next = 'run "pulumi refresh" and "pulumi up", which write the stack\'s secret into Shopify Setting';
  return { verdict: "wrong-secret", certain: holdsSecret === false, evidence, next };
}

function unclear({ status, exception }: DoorAnswer, evidence: readonly string[]): HmacJudgement {
  const isSilent = status === 500 && exception === "";
  const why = isSilent ? "Frappe does not name the exception" : "this is no answer of the connector";
  const next = isSilent
    ? 'set "Allow Error Traceback" in ERPNext\'s System Settings for the test'
    : 'run "stack doctor": the door or ERPNext is not well';
  return { verdict: "unreadable", certain: true, evidence: [...evidence, why], next };
}

function isTaken({ status, exception }: DoorAnswer): boolean {
  return (status === 500 && exception === "KeyError") || status === 200;
}

/** 417 is what the connector means to answer, and does for an empty body. */
function isRefused({ status, exception }: DoorAnswer): boolean {
  return (status === 500 && exception === "TypeError") || (status === 417 && exception === "ValidationError");
}

/** No header arrived, or ERPNext has no secret at all. */
function isUnsigned({ status, exception }: DoorAnswer): boolean {
  return status === 500 && exception === "AttributeError";
}

function shown({ status, exception }: DoorAnswer): string {
  return `HTTP ${status}${exception === "" ? "" : ` ${exception}`}`;
}
