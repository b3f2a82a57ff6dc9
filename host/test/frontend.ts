import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came whole. */
export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly sha256: string;
}

/** Stands for what is behind the door: keeps what arrives, and answers as it is told. */
export interface Frontend {
  readonly port: number;
  readonly arrived: Arrived[];
  answer: {
    status: number;
    headers: OutgoingHttpHeaders;
    /** Milliseconds until it answers. */
    delayMs: number;
    /** `{}` where it is not given. */
    body?: string;
  };
  /** Forgets what arrived, and answers at once and well again. */
  reset(): void;
  stop(): void;
}

const WELL: Frontend["answer"] = { status: 200, headers: {}, delayMs: 0 };

export async function startFrontend(at = 0): Promise<Frontend> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    request.on("end", () => {
      arrived.push({ path: request.url ?? "", headers: request.headers, sha256: hash.digest("hex") });
      const { status, headers, delayMs, body = "{}" } = frontend.answer;
      setTimeout(() => response.writeHead(status, headers).end(body), delayMs).unref();
    });
    request.on("error", () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  const frontend: Frontend = {
    port: (server.address() as AddressInfo).port,
    arrived,
    answer: WELL,
    reset: () => {
      arrived.length = 0;
      frontend.answer = WELL;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return frontend;
}
