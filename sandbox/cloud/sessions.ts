import { existsSync, readFileSync, rmSync } from "node:fs";

import type { Session } from "./resource-type";

/** Connections that are remembered; an engine opens one per plugin process, so that old ones can go. */
const LIMIT = 256;

/**
 * What each of the engine's connections to one provider said, by gRPC peer, so that two stacks at once do not mix their configurations.
 * A connection that said nothing (the engine dialled again) speaks for the latest one that did.
 */
export class Sessions {
  readonly #byPeer = new Map<string, Session>();

  /** @param callerFile where the launcher leaves the directory it was started in, for an engine's address */
  constructor(private readonly callerFile: (engineAddress: string) => string) {}

  /** The session of a connection that introduces itself again. */
  open(peer: string, engineAddress: string): Session {
    const session = { engineAddress, directory: this.#directoryOf(engineAddress), config: {} };
    this.#byPeer.delete(peer);
    this.#byPeer.set(peer, session);
    const [oldest] = this.#byPeer.keys();
    if (this.#byPeer.size > LIMIT && oldest !== undefined) this.#byPeer.delete(oldest);
    return session;
  }

  of(peer: string): Session {
    return this.#byPeer.get(peer) ?? [...this.#byPeer.values()].at(-1) ?? this.open(peer, "");
  }

  /** The connection's own session, to write to. */
  own(peer: string): Session {
    return this.#byPeer.get(peer) ?? this.open(peer, "");
  }

  /** The launcher's note is for one look; an engine's further plugins of this provider were started in the same directory. */
  #directoryOf(engineAddress: string): string {
    const file = this.callerFile(engineAddress);
    const known = [...this.#byPeer.values()].find((session) => session.engineAddress === engineAddress);
    if (engineAddress === "" || !existsSync(file)) return known?.directory ?? process.cwd();
    const directory = readFileSync(file, "utf8").trimEnd();
    rmSync(file, { force: true });
    return directory;
  }
}
