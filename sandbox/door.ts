import { readFileSync } from "node:fs";
import * as https from "node:https";

/** One request to the server's door. */
export interface DoorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The hook host as someone on the Internet reaches it, with its certificate checked. */
export class Door {
  /** @param target where Caddy listens, the host it answers for, and the PEM file of the authority it signs with */
  constructor(private readonly target: { url: string; host: string; rootCertificate: string }) {}

  /** Sends the path as it is written, without the normalising that `URL` would do. */
  request(request: DoorRequest): Promise<{ status: number; body: string }> {
    const { url, host, rootCertificate } = this.target;
    const { hostname, port } = new URL(url);
    const options: https.RequestOptions = {
      host: hostname,
      port,
      servername: host,
      ca: readFileSync(rootCertificate),
      method: request.method,
      path: request.path,
      headers: { ...request.headers, Host: host },
      agent: false,
      timeout: 10_000,
    };
    return new Promise((resolve, reject) => {
      const outgoing = https.request(options, (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          body += chunk;
        });
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, body });
        });
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("the door did not answer within 10 s")));
      outgoing.on("error", reject);
      outgoing.end(request.body);
    });
  }
}
