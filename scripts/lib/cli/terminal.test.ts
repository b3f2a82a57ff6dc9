import { PassThrough } from "node:stream";

import { Terminal, type TerminalStream } from "./terminal";

/** A stream that keeps what is written to it. */
function stream(): TerminalStream & { text(): string } {
  const kept = new PassThrough();
  return Object.assign(kept, { text: () => (kept.read() as Buffer | null)?.toString() ?? "" });
}

function terminal(json = false) {
  const [stdout, stderr] = [stream(), stream()];
  return { terminal: new Terminal({ json, stdout, stderr }), stdout, stderr };
}

it("prints the report to stdout and what is going on to stderr", () => {
  const { terminal: it, stdout, stderr } = terminal();
  it.print("a line");
  it.verdict("bad", "it is not");
  it.say("going on");
  it.result({ ok: true });
  expect(stdout.text()).toBe("a line\n✗ it is not\n");
  expect(stderr.text()).toBe("going on\n");
});

it("masks a secret that JSON would write in another way", () => {
  const { terminal: it, stdout } = terminal(true);
  it.hide('pass"word\\1');
  it.result({ why: 'refused pass"word\\1', of: ["shpat_0123456789"] });
  expect(JSON.parse(stdout.text())).toEqual({ why: "refused [secret]", of: ["[secret]"] });
});

it("prints one JSON document and nothing else to stdout with --json", () => {
  const { terminal: it, stdout, stderr } = terminal(true);
  it.print("a line");
  it.table(["a"], [["b"]]);
  it.say("going on");
  it.result({ ok: true });
  expect(JSON.parse(stdout.text())).toEqual({ ok: true });
  expect(stderr.text()).toBe("going on\n");
});

it("never prints what it was told to hide, nor what has the shape of a credential", () => {
  const { terminal: it, stdout, stderr } = terminal();
  it.hide("hunter2-hunter2");
  it.print("secret hunter2-hunter2 and shpat_0123456789abcdef");
  it.say("hunter2-hunter2");
  it.table(["hunter2-hunter2"], []);
  expect(stdout.text()).toMatch(/^secret \[secret\] and \[secret\]\n[^]*\[secret\]/);
  expect(stderr.text()).toBe("[secret]\n");
});

describe("progress where there is no terminal", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it("is a line now and then, and what was last", () => {
    jest.useFakeTimers();
    const { terminal: it, stderr } = terminal(true);
    const progress = it.progress("orders", 10);
    progress.update(1);
    jest.advanceTimersByTime(15_000);
    progress.update(5, "May 2024");
    progress.total(20);
    progress.update(7);
    expect(stderr.text()).toBe("orders: 5 of 10, May 2024\n");
    progress.end();
    expect(stderr.text()).toBe("orders: 7 of 20\n");
    progress.end();
    expect(stderr.text()).toBe("");
  });
});
