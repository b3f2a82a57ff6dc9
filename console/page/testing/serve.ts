import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { renderPage } from "..";
import { feedAnswer, statusAnswer } from "../answers";
import { CSV_PATH, FEED_PATH, STATUS_PATH } from "../api";
import { assetAt, CONTENT_SECURITY_POLICY, type PageAssets } from "../assets";
import { CSV_TYPE, csvFileName, csvHead, csvLines } from "../csv";
import { readGapQuery } from "../query";
import { NOW, readerOf, type World } from "./world";

export interface ServedPage {
  readonly url: string;
  /** What the page reads, now and from now on. */
  world: World;
  /**
   * How every request but one for an asset is answered instead: like Access without a session (to a browser, or to a script),
   * or not at all.
   */
  fault: "signed-out" | "refused" | "down" | undefined;
  /** The paths that were asked for. */
  readonly seen: string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves the page of a world on this machine, as the Worker does, with the policy that the page is written for. */
export async function servePage(world: World, assets: PageAssets): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://console.example.com");
    served.seen.push(`${url.pathname}${url.search}`);
    const asset = assetAt(assets, url.pathname);
    if (asset !== undefined) {
      send(response, { type: asset.type, body: asset.body });
    } else if (served.fault === "down") {
      request.socket.destroy();
    } else if (served.fault === "signed-out") {
      send(response, signIn(request));
    } else if (served.fault === "refused") {
      send(response, { status: 401, body: "" });
    } else {
      void answer(served.world, url, assets)
        .catch((error: unknown) => ({ status: 500, type: "text/plain", body: String(error) }))
        .then((made) => {
          send(response, made);
        });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const served: ServedPage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    fault: undefined,
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return served;
}

async function answer(world: World, { pathname, searchParams }: URL, assets: PageAssets): Promise<Answer> {
  const reader = readerOf(world);
  if (pathname === "/") return { body: await renderPage(reader, { parameters: searchParams, now: NOW, assets }) };
  if (pathname === STATUS_PATH) return json(await statusAnswer(reader));
  if (pathname === FEED_PATH) {
    const after = searchParams.get("after");
    return json(await feedAnswer(reader, after === null ? null : Number(after)));
  }
  if (pathname === CSV_PATH) {
    const { gaps } = await reader.gaps(readGapQuery(searchParams, Number.MAX_SAFE_INTEGER));
    const name = csvFileName("northwind", "not-synced", NOW);
    const headers = { "content-disposition": `attachment; filename="${name}"` };
    return { type: CSV_TYPE, headers, body: `${csvHead(reader.company())}${csvLines(gaps, reader.company())}` };
  }
  return { status: 404, type: "text/plain", body: "not found" };
}

function json(value: unknown): Answer {
  return { type: "application/json", body: JSON.stringify(value) };
}

/** Cloudflare Access sends a browser without a session to its login page, on another origin. */
function signIn({ headers }: IncomingMessage): Answer {
  const location = `https://team.cloudflareaccess.com/cdn-cgi/access/login/${headers.host ?? ""}`;
  return { status: 302, headers: { location }, body: "" };
}

function send(
  response: ServerResponse,
  { status = 200, type = "text/html; charset=utf-8", headers, body }: Answer,
): void {
  response.writeHead(status, { "content-type": type, "content-security-policy": CONTENT_SECURITY_POLICY, ...headers });
  response.end(body);
}
