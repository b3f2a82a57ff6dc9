import fc from "fast-check";
import { gzipSync } from "node:zlib";

import { judgeDelivery, type Captured } from "./judge-delivery";
import { undoneChanges } from "./mutations";
import { sign } from "./signature";

const SECRET = "secret-of-the-stack";
const OTHER = "older-secret-of-the-app";

/** As Shopify writes an order: compact, slashes escaped, characters in clear. */
const ORDER = String.raw`{"id":5801,"name":"#1001","note":"Zoë & Co","url":"https:\/\/demo.example\/x?a=1\u0026b=2","total":"10.00","lines":[1,2]}`;
const BODY = Buffer.from(ORDER);

function judged(body: Buffer | string, changes: Partial<Captured> = {}) {
  const header = sign(BODY, SECRET);
  return judgeDelivery({ body: Buffer.from(body), header, secret: SECRET, others: [], ...changes });
}

it("is fine when the stack's secret gives this signature", () => {
  expect(judged(BODY)).toEqual({
    verdict: "fine",
    certain: true,
    evidence: [expect.stringMatching(/^the body has 122 bytes/), "the stack's secret gives this very signature"],
  });
  expect(judged(BODY, { header: ` ${sign(BODY, SECRET)}\n` }).verdict).toBe("fine");
});

it("is a rotation when another secret of the app signed it", () => {
  const verdict = judged(BODY, { header: sign(BODY, OTHER), others: ["unknown", OTHER] });
  expect(verdict).toMatchObject({ verdict: "secret-rotation-pending", certain: true });
  expect(verdict.next).toContain("pulumi config set --secret shopifyApiSecretPrevious");
});

it("is fine, and says which, when the stack's previous secret signed it", () => {
  const rotating = { header: sign(BODY, OTHER), previous: OTHER };
  const { verdict, evidence } = judged(BODY, rotating);
  expect([verdict, evidence[1]]).toEqual(["fine", "signed with the previous secret: the rotation is under way"]);
  expect(judged(`${ORDER}\n`, rotating).verdict).toBe("body-mutated");
  expect(judged(BODY, { previous: OTHER }).evidence.at(-1)).toBe("the stack's secret gives this very signature");
});

it("is a wrong secret as far as can be seen when nothing fits, and says what would look the same", () => {
  const verdict = judged(BODY, { header: sign(BODY, "of another app") });
  expect(verdict).toMatchObject({ verdict: "wrong-secret", certain: false });
  expect(verdict.evidence.at(-1)).toContain("cannot be undone");
  expect(verdict.next).toContain("--self-test");
});

it.each([
  ["characters that base64 has not", "not base64!", "characters that base64 has not"],
  ["another length", Buffer.alloc(20).toString("base64"), "20 bytes, not for the 32"],
  ["nothing", "", "characters that base64 has not"],
])("has nothing to look at when the header holds %s", (_what, header, words) => {
  expect(judged(BODY, { header })).toMatchObject({
    verdict: "unreadable",
    evidence: [expect.stringContaining(words), expect.anything()],
  });
});

/** What happened to the body on the way to where it was captured, and what is said of it. */
const CHANGES: [what: string, body: Buffer | string, change: string][] = [
  ["an editor's line ending", `${ORDER}\n`, "white space was added at its end"],
  ["an editor's line ending, CRLF", `${ORDER}\r\n`, "white space was added at its end"],
  ["a byte order mark", `\ufeff${ORDER}`, "a byte order mark was put before it"],
  ["spaces around it", `  ${ORDER} `, "white space was added around it"],
  ["compression", gzipSync(BODY), "it was compressed"],
  ["base64", BODY.toString("base64"), "it was encoded as base64"],
  ["decomposed characters", ORDER.normalize("NFD"), "its characters were decomposed (NFD)"],
  ["a wrong character set", Buffer.from(BODY.toString("latin1"), "utf8"), "UTF-8 was read as Latin-1"],
  ["spaces between tokens", ORDER.replaceAll(",", ", "), "spaces were put into its JSON"],
  ["pretty printing by a tool", JSON.stringify(JSON.parse(ORDER), undefined, 2), "its JSON was written again"],
  ["other escapes", ORDER.replaceAll("\\/", "/"), "its JSON was written again"],
  ["escaped characters", ORDER.replace("ë", "\\u00eb"), "its JSON was written again"],
  ["typographic quotes", ORDER.replace('"id"', "“id”"), "its quotes were made typographic"],
];

it.each(CHANGES)("sees %s", (_what, body, change) => {
  // HTML escapes as Rails writes them, so that a tool's plain spelling can be led back.
  const original = Buffer.from(ORDER.replace("Zoë & Co", String.raw`Zoë \u0026 Co`));
  const changed = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const signed = [BODY, original].map((one) => judged(changed, { header: sign(one, SECRET) }));
  const verdict = signed.find((one) => one.verdict === "body-mutated");
  expect(verdict).toMatchObject({ certain: true, evidence: [expect.anything(), expect.stringContaining(change)] });
});

it.each([
  ["a line ending that was taken away", `${ORDER}\n`, ORDER],
  ["line endings that became LF", "{\r\n}", "{\n}"],
  ["line endings that became CRLF", "{\n}", "{\r\n}"],
])("sees %s", (_what, original, body) => {
  expect(judged(body, { header: sign(Buffer.from(original), SECRET) }).verdict).toBe("body-mutated");
});

it("also undoes a change of a body that another secret signed", () => {
  expect(judged(`${ORDER}\n`, { header: sign(BODY, OTHER), others: [OTHER] }).verdict).toBe("body-mutated");
});

it("does not take a body that says something else for a changed one", () => {
  expect(judged(ORDER.replace("10.00", "11.00")).verdict).toBe("wrong-secret");
});

it("undoes whatever white space a tool puts between the tokens of any JSON", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(1, 2, 4, "\t"), (text, indent) => {
      const compact = JSON.stringify(JSON.parse(text));
      fc.pre(/^[[{]/.test(compact));
      const pretty = JSON.stringify(JSON.parse(text), undefined, indent);
      const bodies = [Buffer.from(pretty), ...undoneChanges(Buffer.from(pretty)).map(({ body }) => body)];
      expect(bodies.some((body) => body.equals(Buffer.from(compact)))).toBe(true);
    }),
  );
});

it("never fails for any bytes at all", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(undoneChanges(Buffer.from(bytes)).every(({ body }) => !body.equals(Buffer.from(bytes)))).toBe(true);
    }),
  );
});
