import { createServer } from "node:net";

/**
 * The ports that stand-ins listen on lie below the range from which Linux, macOS and Windows take those of outgoing
 * connections: one from there may be in use again by the time that it is bound.
 */
const FIRST = 20_000;
/** Every process takes its ports from a slice of its own, because tests that run side by side choose at the same time. */
const SLICES = 60;
const PORTS_A_SLICE = 200;

let next = 0;

/** A TCP port of 127.0.0.1 that is free just now, and that no other call gets soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_A_SLICE; tries += 1) {
    const port = FIRST + (process.pid % SLICES) * PORTS_A_SLICE + (next++ % PORTS_A_SLICE);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `none of the ${PORTS_A_SLICE} ports that this process may take is free: close what listens from ${FIRST} on.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
