import { judgeSelfTest, selfTestBody, type DoorAnswer, type SelfTest } from "./self-test";

const TAKEN: DoorAnswer = { status: 500, exception: "KeyError" };
const REFUSED: DoorAnswer = { status: 500, exception: "TypeError" };
const UNSIGNED: DoorAnswer = { status: 500, exception: "AttributeError" };

const ROWS: [what: string, test: Partial<SelfTest>, verdict: string, certain: boolean, words: string][] = [
  ["all is well", {}, "fine", true, "the body arrived byte for byte"],
  ["ERPNext has another secret", { right: REFUSED, holdsSecret: false }, "wrong-secret", true, "does not hold"],
  ["ERPNext cannot be asked", { right: REFUSED, holdsSecret: undefined }, "wrong-secret", false, "TypeError"],
  ["the body is changed", { right: REFUSED, holdsSecret: true }, "body-mutated", true, "changed on the way"],
  ["the body is lost", { right: { status: 417, exception: "ValidationError" } }, "body-mutated", true, "HTTP 417"],
  ["the header is lost", { right: UNSIGNED, wrong: UNSIGNED }, "body-mutated", true, "signature was lost"],
  [
    "ERPNext has no secret",
    { right: UNSIGNED, wrong: UNSIGNED, holdsSecret: false },
    "wrong-secret",
    true,
    "Attribute",
  ],
  ["everything is accepted", { wrong: TAKEN }, "wrong-secret", true, "a made-up secret was accepted"],
  ["something else answers", { wrong: { status: 200, exception: "" } }, "wrong-secret", true, "was accepted"],
  ["Frappe names no exception", { right: { status: 500, exception: "" } }, "unreadable", true, "does not name"],
  ["ERPNext is down", { right: { status: 503, exception: "" } }, "unreadable", true, "no answer of the connector"],
  [
    "a new connector refuses as it means to",
    { wrong: { status: 417, exception: "ValidationError" } },
    "fine",
    true,
    "417",
  ],
];

it.each(ROWS)("%s", (...[, test, verdict, certain, words]) => {
  const judgement = judgeSelfTest({ right: TAKEN, wrong: REFUSED, holdsSecret: true, ...test });
  expect(judgement).toMatchObject({ verdict, certain });
  expect(judgement.evidence.join("\n")).toContain(words);
  expect(judgement.next === undefined).toBe(verdict === "fine");
});

it("sends JSON that is written in no common way, so that whoever writes it anew is found out", () => {
  const body = selfTestBody("n");
  const parsed = JSON.parse(body) as { self_test: string };
  expect(parsed.self_test).toBe("n");
  expect(body).not.toBe(JSON.stringify(parsed));
  expect(body.normalize("NFC")).not.toBe(body);
  expect(body.normalize("NFD")).not.toBe(body);
  expect(body.trimEnd()).not.toBe(body);
  expect(Buffer.byteLength(body)).toBeGreaterThan(32 * 1024);
});
