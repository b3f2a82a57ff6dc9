import { ConnectionError, seconds, type HttpAnswer, type HttpRequest } from "../../clients/http";

/** The largest answer that is read (bytes): a Worker has 128 MB for everything. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Sends one request, once, by `fetch`. @throws ConnectionError */
export async function fetchSend(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, host, body, timeoutMs } = request;
  const headers = new Headers(request.headers);
  if (host !== undefined && host !== url.host) headers.set("Host", host);
  const signal = AbortSignal.timeout(Math.max(1, timeoutMs));
  try {
    const init = { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) } as const;
    const answer = await fetch(url, init);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await readText(answer) };
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    const why = signal.aborted ? `no answer within ${seconds(timeoutMs)}` : "connection failed";
    // `fetch` does not say how far it came.
    throw new ConnectionError(why, true);
  }
}

async function readText(answer: Response): Promise<string> {
  const reader = (answer.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > LARGEST_ANSWER) {
      await reader.cancel();
      throw new ConnectionError(`the answer is larger than ${LARGEST_ANSWER} bytes`, true);
    }
    text += decoder.decode(value, { stream: true });
  }
}
