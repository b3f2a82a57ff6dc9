import { createServer, type Server } from "node:net";

/**
 * The ports that stand-ins listen on lie below the range from which Linux, macOS and Windows take those of outgoing
 * connections: one from there may be in use again by the time that it is bound.
 */
const FIRST = 20_000;
const LAST = 32_767;
/** A world of the sandbox takes ten, and a test file starts a few further servers. */
const PORTS_A_SLICE = 64;
const SLICES = Math.floor((LAST + 1 - FIRST) / PORTS_A_SLICE);

let slice: Promise<number> | undefined;
let next = 0;

/** A TCP port of 127.0.0.1 that is free just now, that no other process of the sandbox gets, and no other call soon. */
export async function freePort(): Promise<number> {
  const first = await (slice ??= takeSlice());
  for (let tries = 1; tries < PORTS_A_SLICE; tries += 1) {
    // The slice's own first port says that it is taken.
    const port = first + 1 + (next++ % (PORTS_A_SLICE - 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`none of the ports from ${first} to ${first + PORTS_A_SLICE - 1} is free: close what listens there.`);
}

/**
 * A caller that chooses a port binds it a moment later, or has a program do so, and processes that run side by side choose at the same
 * time. So each takes its ports from a slice of its own, and listens on the first of them for as long as it lives: the kernel
 * gives that to one process alone, and takes it back from one that is killed.
 */
async function takeSlice(): Promise<number> {
  for (let tries = 0; tries < SLICES; tries += 1) {
    const first = FIRST + ((process.pid + tries) % SLICES) * PORTS_A_SLICE;
    const guard = await listenOn(first);
    if (guard !== undefined) {
      guard.unref();
      return first;
    }
  }
  throw new Error(
    `every ${PORTS_A_SLICE}th port from ${FIRST} to ${LAST} is taken: end the sandboxes that are running.`,
  );
}

function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(undefined);
    });
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

/** Whether a TCP port of 127.0.0.1 can be bound just now. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}
