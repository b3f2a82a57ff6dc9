import { SIGNED_WITH_PREVIOUS, type HmacJudgement } from "./judge-delivery";

/**
 * A topic that the connector does not know. The server proves the signature before it looks at the topic (deliveries/receiver.py): a signed
 * delivery ends in 400, a forged one in 401. It keeps neither, and ERPNext hears of none.
 */
export const SELF_TEST_TOPIC = "erpnext-stack/self-test";

/** HTTP statuses of the door's answers to deliveries of this project's own. */
export interface SelfTest {
  /** Signed with the stack's secret. */
  readonly right: number;
  /** Signed with the stack's older secret; undefined while the app's secret is not rotated. */
  readonly previous: number | undefined;
  /** Signed with a made-up secret. */
  readonly wrong: number;
}

/** A body with everything that is changed on the way if anything is: both ends, escapes, spaces, characters, its size. */
export function selfTestBody(nonce: string): string {
  const delicate = `{ "self_test" :  "${nonce}",\r\n\t"url":"https:\\/\\/shop.example\\/?a=1\\u0026b=2",`;
  const characters = `"text":"Zo\u00eb e\u0301 \u2028 \ud83d\ude00 \\u00fc <b>&amp;</b>","number":10.00,`;
  return `${delicate}${characters}"filler":"${"0123456789abcdef".repeat(2048)}"}\n`;
}

const SIGNED = 400;
const FORGED = 401;

export function judgeSelfTest({ right, previous, wrong }: SelfTest): HmacJudgement {
  const evidence = [
    `signed with the stack's secret: HTTP ${right}`,
    ...(previous === undefined ? [] : [`signed with the stack's previous secret: HTTP ${previous}`]),
    `signed with a made-up secret: HTTP ${wrong}`,
  ];
  if (isTaken(wrong)) {
    const next = "take the server off the network: whatever answers there does not check signatures";
    return { verdict: "wrong-secret", certain: true, evidence: [...evidence, "a made-up secret was accepted"], next };
  }
  const own = previous === undefined ? [right] : [right, previous];
  if (wrong === FORGED && own.every(isTaken)) {
    const rotation = previous === undefined ? [] : [`deliveries may be ${SIGNED_WITH_PREVIOUS}`];
    return { verdict: "fine", certain: true, evidence: [...evidence, "the body arrived byte for byte", ...rotation] };
  }
  if (own.includes(FORGED))
    return refused(
      own.every((status) => status === FORGED),
      evidence,
    );
  const next = 'run "./stack doctor": the door or what checks signatures behind it is not well';
  return { verdict: "unreadable", certain: true, evidence: [...evidence, "this tells nothing of the signature"], next };
}

/** Where one of two secrets is taken, the body cannot be what was changed. */
function refused(all: boolean, evidence: readonly string[]): HmacJudgement {
  const also = "a proxy before the server that changes the body would look the same";
  return {
    verdict: "wrong-secret",
    certain: !all,
    evidence: [...evidence, "the server does not have a secret of the stack's", ...(all ? [also] : [])],
    next: `run "pulumi up", which gives the server the stack's secrets${all ? "; see that the hook host's record is not proxied" : ""}`,
  };
}

function isTaken(status: number): boolean {
  return status === SIGNED || status === 200;
}
