import * as http from "node:http";

import { LOGIN_COOKIE } from "./access/team";
import type { World } from "./world";

/** An address of this machine at which a browser sees the Sync Console with the login behind it. */
export interface ConsoleDoor {
  /** http://127.0.0.1:<port> */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a door that signs its visitor in: it passes each request to Cloudflare's edge as if it were for the console's host. */
export async function openConsoleDoor(
  world: Pick<World, "urls" | "access">,
  { host, email, port }: { readonly host: string; readonly email: string; readonly port: number },
): Promise<ConsoleDoor> {
  const cookie = `${LOGIN_COOKIE}=${world.access.signIn(host, email)}`;
  const server = http.createServer((request, response) => {
    const headers = { ...request.headers, host, cookie };
    const options = { method: request.method, headers, agent: false };
    const outgoing = http.request(new URL(request.url ?? "/", world.urls.ui), options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.writeHead(502).end());
    request.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
