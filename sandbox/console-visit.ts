import * as http from "node:http";

import { LOGIN_COOKIE } from "./access/team";
import type { World } from "./world";

/** What a browser is shown. */
export interface Page {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** The Sync Console as a browser reaches it: through Cloudflare's edge, with the cookie of a login or without. */
export class ConsoleVisit {
  /** @param cookie value of the login's cookie */
  constructor(
    private readonly world: Pick<World, "urls">,
    private readonly host: string,
    private readonly cookie?: string,
  ) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const login = this.cookie === undefined ? {} : { cookie: `${LOGIN_COOKIE}=${this.cookie}` };
    // node's own client, because `fetch` drops a Host header.
    const options = { headers: { ...login, ...headers, host: this.host }, agent: false };
    return new Promise((resolve, reject) => {
      const request = http.get(new URL(path, this.world.urls.ui), options, (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          body += chunk;
        });
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
        });
      });
      request.on("error", reject);
    });
  }

  async json<Body>(path: string): Promise<Body> {
    const { status, body } = await this.get(path);
    if (status !== 200) throw new Error(`${path} of the console answers ${status}: ${body}`);
    return JSON.parse(body) as Body;
  }
}
