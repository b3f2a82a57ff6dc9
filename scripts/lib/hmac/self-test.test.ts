import { judgeSelfTest, selfTestBody, type SelfTest } from "./self-test";

const ROWS: [what: string, test: Partial<SelfTest>, verdict: string, certain: boolean, words: string][] = [
  ["all is well", {}, "fine", true, "the body arrived byte for byte"],
  ["the secret is rotated", { previous: 400 }, "fine", true, "signed with the previous secret: the rotation is under"],
  ["the server has another secret", { right: 401 }, "wrong-secret", false, "would look the same"],
  [
    "the server has no previous secret",
    { previous: 401 },
    "wrong-secret",
    true,
    "does not have a secret of the stack's",
  ],
  ["the server has the previous secret alone", { right: 401, previous: 400 }, "wrong-secret", true, "does not have"],
  ["everything is accepted", { wrong: 400 }, "wrong-secret", true, "a made-up secret was accepted"],
  ["something else answers", { wrong: 200 }, "wrong-secret", true, "was accepted"],
  ["the receiver is down", { right: 503, wrong: 503 }, "unreadable", true, "tells nothing of the signature"],
  ["a server of before it had a receiver", { right: 500, wrong: 500 }, "unreadable", true, "HTTP 500"],
];

it.each(ROWS)("%s", (...[, test, verdict, certain, words]) => {
  const judgement = judgeSelfTest({ right: 400, previous: undefined, wrong: 401, ...test });
  expect(judgement).toMatchObject({ verdict, certain });
  expect(judgement.evidence.join("\n")).toContain(words);
  expect(judgement.next === undefined).toBe(verdict === "fine");
});

it("sends JSON that is written in no common way, so that a program that rewrites it shows", () => {
  const body = selfTestBody("n");
  const parsed = JSON.parse(body) as { self_test: string };
  expect(parsed.self_test).toBe("n");
  expect(body).not.toBe(JSON.stringify(parsed));
  expect(body.normalize("NFC")).not.toBe(body);
  expect(body.normalize("NFD")).not.toBe(body);
  expect(body.trimEnd()).not.toBe(body);
  expect(Buffer.byteLength(body)).toBeGreaterThan(32 * 1024);
});
