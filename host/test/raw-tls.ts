import { connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";

/** What a connection came to. */
export interface Ended {
  /** Everything the server said. */
  readonly text: string;
  /** Milliseconds from the handshake until the server closed; undefined when it never did. */
  readonly closedAfterMs?: number;
}

export interface Conversation {
  readonly port: number;
  /** The name that TLS is asked for. */
  readonly serverName: string;
  /** Sent one after the other. */
  readonly pieces: readonly string[];
  /** Milliseconds between two pieces. */
  readonly pauseMs?: number;
  /** Milliseconds after which this side gives up. */
  readonly patienceMs?: number;
}

/** Says its pieces over TLS, well-formed HTTP or not, and listens until the server closes. */
export function converse({ port, serverName, pieces, pauseMs = 0, patienceMs = 20_000 }: Conversation): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let text = "";
    let since: number | undefined;
    const socket = connect({ host: "127.0.0.1", port, servername: serverName, rejectUnauthorized: false }, () => {
      since = Date.now();
      void speak();
    });
    const speak = async (): Promise<void> => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await sleep(pauseMs);
      }
    };
    const patience = setTimeout(() => {
      socket.destroy();
      resolve({ text });
    }, patienceMs);
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    // Once it has been connected, a reset is a way of closing.
    socket.on("error", (error: Error) => {
      if (since === undefined) reject(error);
    });
    socket.on("close", () => {
      clearTimeout(patience);
      resolve({ text, closedAfterMs: Date.now() - (since ?? Date.now()) });
    });
  });
}
