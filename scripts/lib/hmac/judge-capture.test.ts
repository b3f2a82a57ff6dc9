import { judgeCapture } from "./judge-capture";

const CAPTURED = {
  captured: true,
  matches: true,
  bytes: 812,
  fingerprint: "0123456789abcdef",
  encoding: null,
  headers: { "x-shopify-topic": "orders/create" },
};

it.each([
  ["fits", {}, "fine", true, "gives this very signature"],
  ["fits the older secret", { secret: "previous" }, "fine", true, "signed with the previous secret: the rotation is"],
  ["does not fit", { matches: false }, "wrong-secret", false, "a rotation looks the same"],
  ["was compressed by a proxy", { matches: false, encoding: "gzip" }, "body-mutated", true, "came as gzip"],
  ["never came", { captured: false }, "unreadable", true, "no delivery came within 60 s"],
] as const)("a delivery that %s", (...row) => {
  const [, changes, verdict, certain, words] = row;
  const judgement = judgeCapture(JSON.stringify({ ...CAPTURED, ...changes }), 60);
  expect(judgement).toMatchObject({ verdict, certain });
  expect(judgement.evidence.join("\n")).toContain(words);
  expect(judgement.next === undefined).toBe(verdict === "fine");
});

it("names the delivery by Shopify's own headers", () => {
  expect(judgeCapture(JSON.stringify(CAPTURED), 60).evidence).toEqual([
    "the body has 812 bytes, fingerprint 0123456789abcdef",
    "x-shopify-topic: orders/create",
    "the server's secret gives this very signature",
  ]);
});

it("does not take other words of the server for a capture", () => {
  expect(judgeCapture("done", 60)).toMatchObject({ verdict: "unreadable", evidence: ['the server said "done"'] });
});
