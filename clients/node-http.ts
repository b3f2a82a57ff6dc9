import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import { types } from "node:util";
import { ConnectionError, seconds, type HttpAnswer, type HttpRequest } from "./http";

/** The largest answer that is read (bytes): a page of 250 orders with all their lines stays far below. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

/**
 * Sends one request, once. This is node's own client rather than `fetch`, because `fetch` in Node 20 drops a `Host`
 * header of ours without a word, and Frappe finds its site by that header. Each request has a connection of its own:
 * one that is kept open may be closed by the other side just as it is used, which looks like a lost request.
 * @throws ConnectionError
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(request.timeoutMs);
  let connected = false;
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = start(request, limit);
      const ready = request.url.protocol === "https:" ? "secureConnect" : "connect";
      outgoing.once("socket", (socket) => socket.once(ready, () => (connected = true)));
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(request.body);
    });
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readText(answer) };
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    const why = limit.aborted ? `no answer within ${seconds(request.timeoutMs)}` : describe(error);
    throw new ConnectionError(why, connected);
  }
}

function start(request: HttpRequest, signal: AbortSignal): http.ClientRequest {
  const { url, host, method, anyCertificate = false } = request;
  const body = request.body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(request.body)) };
  const headers = { ...request.headers, ...body, Host: host ?? url.host };
  if (url.protocol !== "https:") return http.request(url, { method, headers, signal, agent: false });
  const name = (host ?? url.host).replace(/:\d+$/, "");
  return https.request(url, {
    method,
    headers,
    signal,
    agent: false,
    rejectUnauthorized: !anyCertificate,
    ...(isIP(name) === 0 ? { servername: name } : {}),
  });
}

async function readText(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new ConnectionError(`the answer is larger than ${LARGEST_ANSWER} bytes`, true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function describe(error: unknown): string {
  if (!types.isNativeError(error)) return "connection failed";
  const { code, message } = error as NodeJS.ErrnoException;
  if (message === "") return `connection failed (${code ?? "no address could be reached"})`;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
