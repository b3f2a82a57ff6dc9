import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { waitForServer, type Watch } from "./server-watch";

const digest = `sha256:${"a".repeat(64)}`;

interface Answer {
  readonly status?: number;
  readonly body: string;
}

/** A door that gives the answers in turn, the last one forever. */
async function door(answers: readonly Answer[]): Promise<{ url: URL; hosts: string[]; close(): Promise<void> }> {
  const hosts: string[] = [];
  let turn = 0;
  const server = http.createServer((request, response) => {
    hosts.push(request.headers.host ?? "");
    const answer = answers[Math.min(turn++, answers.length - 1)]!;
    response.writeHead(answer.status ?? 200).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/healthz`),
    hosts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function body(state: string, steps: unknown[] = []): Answer {
  return { body: JSON.stringify({ customer: "acme", digest, state, steps }) };
}

async function watch(
  answers: readonly Answer[],
  overrides: Partial<Watch> = {},
): Promise<{ lines: string[]; hosts: string[] }> {
  const stand = await door(answers);
  const lines: string[] = [];
  try {
    await waitForServer({
      customer: "acme",
      url: stand.url,
      host: "hooks.acme.example",
      anyCertificate: false,
      digest,
      timeoutMs: 5_000,
      intervalMs: 5,
      onProgress: (line) => lines.push(line),
      ...overrides,
    });
  } finally {
    await stand.close();
  }
  return { lines, hosts: stand.hosts };
}

it("shows each step once and asks for the customer's own host", async () => {
  const { lines, hosts } = await watch([
    { status: 404, body: "not yet" },
    body("converging", [{ name: "disk", state: "running" }]),
    body("converging", [{ name: "disk", state: "done" }]),
    body("ready", [{ name: "disk", state: "done" }]),
  ]);
  expect(lines).toEqual(["disk: running", "disk: done"]);
  expect(new Set(hosts)).toEqual(new Set(["hooks.acme.example"]));
});

it("fails with the words of the step that failed", async () => {
  await expect(watch([body("failed", [{ name: "image", state: "failed", detail: "denied" }])])).rejects.toThrow(
    'the server\'s step "image" failed with "denied" for customer "acme": fix that and run "pulumi up -s acme" again.',
  );
});

it("gives up in time and says what it last saw", async () => {
  await expect(watch([{ status: 502, body: "<html>" }], { timeoutMs: 60 })).rejects.toThrow(
    'the server was not ready after 0 s (last seen: HTTP 502 without a health report) for customer "acme"',
  );
});

it("names the connection's fault when nothing answers", async () => {
  const stand = await door([body("ready")]);
  await stand.close();
  await expect(watch([], { url: stand.url, timeoutMs: 60 })).rejects.toThrow(/last seen: .*ECONNREFUSED/);
});

it("shows its token, without which a server tells no steps", async () => {
  const asked: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.headers.authorization);
    const whole = { customer: "acme", steps: [{ name: "site", state: "failed", detail: "no space" }] };
    const shown = request.headers.authorization === "Bearer t0k" ? whole : {};
    response.writeHead(503).end(JSON.stringify({ digest, state: "failed", ...shown }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`);
  try {
    await expect(watch([], { url, token: "t0k" })).rejects.toThrow('step "site" failed with "no space"');
    await expect(watch([], { url })).rejects.toThrow(
      'step "unknown" failed with "it does not take the stack\'s token, so it shows nothing but its state"',
    );
  } finally {
    server.close();
  }
  expect(asked).toEqual(["Bearer t0k", undefined]);
});
