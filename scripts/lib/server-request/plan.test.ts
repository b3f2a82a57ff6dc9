import { afterAnswer, afterLook, afterOperation, isUnseen, type Metadata, standingRequest, withRequest } from "./plan";
import type { HealthReport } from "../server-readiness";

const NONCE = "6f0f8e1e-9d0b-4a55-8f2c-2f2f0c9d7a11";
const WANTED = { name: "capture", nonce: NONCE, parameters: { seconds: 60 } };
const REQUEST = {
  key: "erpnext-request",
  value: `{"name":"capture","nonce":"${NONCE}","parameters":{"seconds":60},"until":"2026-11-26T12:10:00.000Z"}`,
};
const UNTIL = new Date("2026-11-26T12:10:00Z");
const CONFLICT = "someone else changed the server's metadata at the same moment";

describe("withRequest", () => {
  test.each<[string, Metadata, Metadata]>([
    [
      "keeps every other item",
      { fingerprint: "f1", items: [{ key: "startup-script", value: "#!" }, { key: "empty" }] },
      { fingerprint: "f1", items: [{ key: "startup-script", value: "#!" }, { key: "empty" }, REQUEST] },
    ],
    [
      "takes the place of an earlier request",
      {
        fingerprint: "f2",
        items: [
          { key: "erpnext-request", value: "{}" },
          { key: "a", value: "b" },
        ],
      },
      { fingerprint: "f2", items: [{ key: "a", value: "b" }, REQUEST] },
    ],
    ["is the first item where there is none", { fingerprint: "f3" }, { fingerprint: "f3", items: [REQUEST] }],
  ])("%s", (_title, metadata, expected) => {
    expect(withRequest(metadata, WANTED, UNTIL)).toEqual(expected);
  });

  test("asks for a backup in a way that servers of before requests had names understand too", () => {
    const { items } = withRequest({ fingerprint: "f" }, { name: "backup", nonce: "n" }, UNTIL);
    expect(items).toEqual([
      {
        key: "erpnext-request",
        value: '{"name":"backup","nonce":"n","parameters":{},"until":"2026-11-26T12:10:00.000Z","backup":"n"}',
      },
    ]);
  });
});

describe("a request that stands", () => {
  const own = { name: "backfill", nonce: "own" };
  const [early, late] = [new Date("2026-11-26T12:09:59Z"), UNTIL];
  const other = { name: "capture", nonce: NONCE, until: UNTIL.toISOString() };
  const holding = (value?: string): Metadata => ({
    fingerprint: "f",
    items: [
      { key: "a", value: JSON.stringify(other) },
      ...(value === undefined ? [] : [{ key: "erpnext-request", value }]),
    ],
  });

  test.each<[string, Metadata, Date, object | undefined]>([
    ["is someone else's", withRequest(holding(), WANTED, UNTIL), early, other],
    ["has its time", withRequest(holding(), WANTED, UNTIL), late, undefined],
    ["is none's own", withRequest(holding(), own, UNTIL), early, undefined],
    ["is none where there is none", holding(), early, undefined],
    ["does not stand, of an older release", holding(`{"name":"capture","nonce":"${NONCE}"}`), early, undefined],
    ["is none that cannot be read", holding("{"), early, undefined],
    ["does not stand with a malformed time", holding(`{"name":"a","nonce":"b","until":"soon"}`), early, undefined],
  ])("%s", (...row) => {
    const [, metadata, now, expected] = row;
    expect(standingRequest(metadata, own, now)).toEqual(expected);
  });

  test.each<[string, Parameters<typeof isUnseen>[0], boolean]>([
    ["that never was asked for anything", seenWith(undefined), true],
    ["that knows others", seenWith([{ nonce: "x", state: "done" }]), true],
    ["that has begun it", seenWith([{ nonce: NONCE, state: "running" }]), false],
    ["that has answered it", seenWith([{ nonce: NONCE, state: "failed" }]), false],
    ["that is silent", { kind: "silent", reason: "ECONNREFUSED" }, false],
  ])("is unseen by a server %s: %#", (_title, observation, expected) => {
    expect(isUnseen(observation, other)).toBe(expected);
  });
});

function seenWith(requests: HealthReport["requests"]): { kind: "report"; report: HealthReport } {
  const report: HealthReport = { customer: "acme", digest: "sha256:a", state: "ready", steps: [] };
  return { kind: "report", report: requests === undefined ? report : { ...report, requests } };
}

test.each([
  [200, undefined, { kind: "go-on" }],
  [204, undefined, { kind: "go-on" }],
  [302, undefined, { kind: "refused", because: "HTTP 302" }],
  [400, "bad key", { kind: "refused", because: "HTTP 400, bad key" }],
  [401, "no token", { kind: "refused", because: "HTTP 401, no token" }],
  [403, "denied", { kind: "refused", because: "HTTP 403, denied" }],
  [404, "not found", { kind: "refused", because: "HTTP 404, not found" }],
  [412, "fingerprint", { kind: "again", because: CONFLICT }],
  [429, "quota", { kind: "again", because: "HTTP 429, quota" }],
  [500, undefined, { kind: "again", because: "HTTP 500" }],
  [503, "unavailable", { kind: "again", because: "HTTP 503, unavailable" }],
])("an answer with HTTP %d and the words %j", (status, words, next) => {
  expect(afterAnswer(status, words)).toEqual(next);
});

test.each([
  ["pending", { status: "PENDING" as const }, { kind: "wait" }],
  ["running", { status: "RUNNING" as const }, { kind: "wait" }],
  ["done", { status: "DONE" as const }, { kind: "go-on" }],
  ["done without errors", { status: "DONE" as const, error: { errors: [] } }, { kind: "go-on" }],
  [
    "done, with a fingerprint that was no more the present one",
    { status: "DONE" as const, error: { errors: [{ code: "CONDITION_NOT_MET", message: "x" }] } },
    { kind: "again", because: CONFLICT },
  ],
  [
    "done, with an error",
    { status: "DONE" as const, error: { errors: [{ code: "RESOURCE_NOT_READY", message: "not ready" }] } },
    { kind: "refused", because: "RESOURCE_NOT_READY, not ready" },
  ],
  [
    "done, with an error without words",
    { status: "DONE" as const, error: { errors: [{ code: "INTERNAL_ERROR" }] } },
    { kind: "refused", because: "INTERNAL_ERROR" },
  ],
])("an operation that is %s", (_title, operation, next) => {
  expect(afterOperation({ name: "operation-1", ...operation })).toEqual(next);
});

describe("afterLook", () => {
  const report = (requests?: HealthReport["requests"]): HealthReport => ({
    customer: "demo-store",
    digest: `sha256:${"a".repeat(64)}`,
    state: "failed",
    steps: [],
    ...(requests === undefined ? {} : { requests }),
  });

  test.each<[string, HealthReport["requests"], object]>([
    [
      "waits for a server that was never asked",
      undefined,
      { kind: "wait", because: "the server has not taken up the request" },
    ],
    [
      "waits while there are only other requests",
      [{ nonce: "another", state: "failed", detail: "no space" }],
      { kind: "wait", because: "the server has not taken up the request" },
    ],
    ["waits while it runs", [{ nonce: NONCE, state: "running" }], { kind: "wait", because: "the capture is running" }],
    [
      "ends with the script's last word, whatever became of others",
      [
        { nonce: "another", state: "failed" },
        { nonce: NONCE, state: "done", detail: "20261123T020000Z-requested" },
      ],
      { kind: "done", words: "20261123T020000Z-requested" },
    ],
    ["ends without one", [{ nonce: NONCE, state: "done" }], { kind: "done", words: "" }],
    [
      "fails with the server's words",
      [{ nonce: NONCE, state: "failed", detail: "no space" }],
      { kind: "failed", detail: "no space" },
    ],
    [
      "says so when there are none",
      [{ nonce: NONCE, state: "failed" }],
      { kind: "failed", detail: "the server gave no reason" },
    ],
  ])("%s", (_title, requests, expected) => {
    expect(afterLook({ kind: "report", report: report(requests) }, WANTED)).toEqual(expected);
  });

  test("waits for a server that does not answer", () => {
    expect(afterLook({ kind: "silent", reason: "connection refused" }, WANTED)).toEqual({
      kind: "wait",
      because: "connection refused",
    });
  });
});
