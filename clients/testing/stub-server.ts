import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** One request as the stub server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the stub server does with a request: answer, close the connection at once, or never answer. */
export type StubAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | "reset"
  | "hang";

/** An answer, or what makes one from the request. */
export type StubStep = StubAnswer | ((request: SeenRequest) => StubAnswer);

export interface StubServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Replaces the steps that are left. */
  script(...steps: readonly StubStep[]): void;
  close(): Promise<void>;
}

/** An HTTP server on this machine that answers request by request from a script; the last step goes on forever. */
export async function startStubServer(...steps: readonly StubStep[]): Promise<StubServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let script = [...steps];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
      seen.push(request);
      const step = script.length > 1 ? script.shift() : script[0];
      const answer = typeof step === "function" ? step(request) : step;
      if (answer === undefined || answer === "reset") return void incoming.socket.destroy();
      if (answer === "hang") return;
      const text = typeof answer.body === "string";
      const type = text ? "text/html; charset=utf-8" : "application/json";
      outgoing.writeHead(answer.status, { "Content-Type": type, ...answer.headers });
      outgoing.end(text ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    script: (...next) => (script = [...next]),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
