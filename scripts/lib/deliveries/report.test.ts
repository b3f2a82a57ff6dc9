import { Writable } from "node:stream";

import { Terminal } from "../cli/terminal";
import { printReport } from "./print-report";
import { readReplay, readReport, seekLine, type DeliveryReport } from "./report";

const REPORT = {
  waiting: 2,
  oldestWaitingSeconds: 40,
  parked: 0,
  failed: 1,
  forgedLastDay: 3,
  acceptedLastDay: 512,
  paused: null,
  items: [
    {
      id: "1764500000000-0",
      webhookId: "b54557e4",
      topic: "orders/paid",
      order: "5800000001001",
      state: "failed",
      triggeredAt: "2026-11-29T10:00:00Z",
      receivedAt: "2026-11-29T10:00:01Z",
      attempts: 9,
      words: "Duplicate entry 'eve@shop.example' for key 'email'",
      customer: "Eve",
    },
  ],
};

function printed(report: Partial<DeliveryReport>): string {
  let text = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const terminal = new Terminal({ json: false, stdout: stream, stderr: stream });
  printReport(terminal, { ...readReport(JSON.stringify(REPORT), "acme"), ...report }, {});
  return text;
}

it("leaves out whatever may name a person", () => {
  const text = JSON.stringify(readReport(JSON.stringify(REPORT), "acme"));
  expect(text).toContain("Duplicate entry '[address]' for key 'email'");
  expect(text).not.toMatch(/eve@|Eve/);
});

it("tells what waits, failed and was forged, with the connector's words", () => {
  const text = printed({});
  expect(text).toContain("✓ 2 wait for ERPNext, the oldest for 40 s");
  expect(text).toContain("✗ 1 failed and are not delivered again by themselves");
  expect(text).toContain("512 taken, 3 refused as forged");
  expect(text).toContain("5800000001001");
});

it("is bad when the oldest waits for more than 15 minutes, and says why nothing moves", () => {
  const text = printed({ oldestWaitingSeconds: 901, paused: "migration" });
  expect(text).toContain("✗ 2 wait for ERPNext, the oldest for 15 min");
  expect(text).toContain("! nothing is given to ERPNext at the moment: migration");
});

it.each(["", "[]", '{"waiting": 1}', '…ting":2}'])("takes %j for no report of the server", (words) => {
  const message = `the server answered "${words}", which is no report of deliveries for customer "acme": run "pulumi up -s acme"`;
  expect(() => readReport(words, "acme")).toThrow(message);
  expect(() => readReplay(words, "acme")).toThrow(message);
});

it("reads how many are delivered again", () => {
  expect(readReplay('{"replayed": 3}', "acme")).toEqual({ replayed: 3 });
});

it.each([
  ['{"replayed": 0}', undefined],
  ['{"replayed": 0, "sought": true}', "Pub/Sub gives again what the server does not know of that time."],
  [
    '{"replayed": 0, "sought": false}',
    "Pub/Sub gives again what the server does not know of that time as soon as the puller runs.",
  ],
])("of %s says what Pub/Sub does", (words, line) => {
  expect(seekLine(readReplay(words, "acme"))).toBe(line);
});
