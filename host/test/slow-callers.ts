import { HOOK, startDoor, WEBHOOK } from "./door";
import { startFrontend } from "./frontend";
import { converse, type Ended } from "./raw-tls";

/** How long Shopify's callers are waited for, as host/Caddyfile says it. */
const TIMEOUTS = { read_header: "5s", read_body: "10s" } as const;

const PIECES = 60;

interface Slowness {
  /** What stands in the Caddyfile instead. */
  readonly timeouts: Readonly<Record<keyof typeof TIMEOUTS, string>>;
  /** Between two bytes (milliseconds); all {@link PIECES} take longer than each of the timeouts. */
  readonly pauseMs: number;
}

/** Milliseconds after which each caller was cut off; Infinity when it never was. */
interface GivenUp {
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly silentMs: number;
}

/** Callers that send headers or a body byte by byte, or nothing at all, are given up on, and the door stays open for others. */
export async function sendSlowly({ timeouts, pauseMs }: Slowness): Promise<GivenUp> {
  const upstream = await startFrontend();
  const caddy = await startDoor(`127.0.0.1:${upstream.port}`, (text) =>
    Object.entries(TIMEOUTS).reduce((edited, [name, value]) => {
      expect(edited).toContain(`\t${name} ${value}\n`);
      return edited.replace(`\t${name} ${value}\n`, `\t${name} ${timeouts[name as keyof typeof TIMEOUTS]}\n`);
    }, text),
  );
  try {
    const head = `POST ${WEBHOOK} HTTP/1.1\r\nHost: ${HOOK}\r\nContent-Length: 1000\r\n\r\n`;
    const slowly = Array.from({ length: PIECES }, () => "x");
    const say = (pieces: readonly string[]) => converse({ port: caddy.port, serverName: HOOK, pieces, pauseMs });
    const [headers, body, silent] = await Promise.all([
      say([`POST ${WEBHOOK} HTTP/1.1\r\nHost: ${HOOK}\r\nX-Slow: `, ...slowly]),
      say([head, ...slowly]),
      say([]),
    ]);
    expect(headers.text).not.toMatch(/^HTTP\/1\.1 2/);
    expect(body.text).toMatch(/^HTTP\/1\.1 503 /);
    expect(upstream.arrived).toEqual([]);
    const ended = { headersMs: afterMs(headers), bodyMs: afterMs(body), silentMs: afterMs(silent) };
    // A client that is not given up on sends until all pieces are gone.
    for (const ms of Object.values(ended)) expect(ms).toBeLessThan(PIECES * pauseMs);
    expect((await caddy.ask({ method: "POST", path: WEBHOOK, body: Buffer.from("{}") })).status).toBe(200);
    return ended;
  } finally {
    await caddy.stop();
    upstream.stop();
  }
}

function afterMs({ closedAfterMs }: Ended): number {
  return closedAfterMs ?? Infinity;
}
