import { createHash } from "node:crypto";

import {
  AttemptFailed,
  ClientError,
  givenUp,
  isGatewayFailure,
  parseJson,
  persist,
  type Effort,
  type Patience,
} from "./http";
import { MANIFESTS, tokenUrl } from "./registry";
import { refusalOf } from "./registry-refusal";

/** One repository of a registry. */
export interface RegistryPlace {
  /** Base address of a registry that speaks the OCI distribution API, without `/v2`. */
  readonly url: URL;
  /** For example "acme-project/acme-erpnext/acme/erpnext". */
  readonly repository: string;
}

/** What is copied, where to, and with which login. */
export interface CopyRequest {
  readonly from: RegistryPlace & { readonly digest: string };
  readonly to: RegistryPlace & { readonly tag: string };
  /** Google access token that may read the one and write the other. Travels in headers alone. */
  readonly token: string;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** Artifact Registry's user name for a Google access token. */
const USER = "oauth2accesstoken";

const PATIENCE: Patience = { maxWaitMs: 60 * 60_000, tries: 4, firstDelayMs: 1_000 };

/** Milliseconds for a question, and for a layer, which may be half a gigabyte on a slow line. */
const QUESTION_MS = 30_000;
const LAYER_MS = 20 * 60_000;

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  /** Of an index: the images in it, attestations among them. */
  readonly manifests?: readonly Descriptor[];
}

/**
 * Copies an image from one repository to another, byte for byte, so that it keeps its digest, and gives it a tag. What is there already is not
 * sent again; a copy that is cut short is taken up by the next. Within one registry layers are mounted and do not travel.
 * @throws ClientError when the registry refuses, or after a few tries
 */
export async function copyImage(request: CopyRequest): Promise<void> {
  const { from, to } = request;
  const same = from.url.host === to.url.host;
  const reader = await RegistrySession.open(from, [`repository:${from.repository}:pull`], request);
  const writer = await RegistrySession.open(
    to,
    [`repository:${to.repository}:pull,push`, ...(same ? [`repository:${from.repository}:pull`] : [])],
    request,
  );
  await new Copy(reader, writer, same ? from.repository : undefined).manifest(from.digest, to.tag);
}

class Copy {
  constructor(
    private readonly reader: RegistrySession,
    private readonly writer: RegistrySession,
    /** The repository that layers are mounted from; undefined in another registry. */
    private readonly mountFrom: string | undefined,
  ) {}

  /** What a manifest names is there before the manifest is: a registry refuses it otherwise. */
  async manifest(digest: string, reference: string): Promise<void> {
    const answer = await this.reader.ask("GET", `manifests/${digest}`, { headers: { Accept: MANIFESTS } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) throw this.reader.refused(answer.status, `image ${digest}`, bytes.toString("utf8"));
    if (digestOf(bytes) !== digest) {
      throw new ClientError(
        `${this.reader.name} sent ${digestOf(bytes)} for the image ${digest}`,
        "run the command again",
      );
    }
    const manifest = JSON.parse(bytes.toString("utf8")) as Manifest;
    for (const child of manifest.manifests ?? []) await this.manifest(child.digest, child.digest);
    for (const blob of [...(manifest.layers ?? []), ...(manifest.config === undefined ? [] : [manifest.config])]) {
      await this.blob(blob);
    }
    const type =
      answer.headers.get("content-type") ?? manifest.mediaType ?? "application/vnd.oci.image.manifest.v1+json";
    const put = await this.writer.ask("PUT", `manifests/${reference}`, {
      headers: { "Content-Type": type },
      body: bytes,
    });
    if (put.status !== 201) throw this.writer.refused(put.status, `tag "${reference}"`, await put.text());
  }

  private async blob({ digest, size }: Descriptor): Promise<void> {
    const there = await this.writer.ask("HEAD", `blobs/${digest}`);
    if (there.status === 200) return;
    const mount = this.mountFrom === undefined ? "" : `?mount=${digest}&from=${encodeURIComponent(this.mountFrom)}`;
    const begun = await this.writer.ask("POST", `blobs/uploads/${mount}`);
    if (begun.status === 201) return;
    const location = begun.headers.get("location");
    if (begun.status !== 202 || location === null) {
      throw this.writer.refused(begun.status, `layer ${digest}`, await begun.text());
    }
    const read = await this.reader.ask("GET", `blobs/${digest}`, { limitMs: LAYER_MS });
    if (read.status !== 200 || read.body === null) {
      throw this.reader.refused(read.status, `layer ${digest}`, await read.text());
    }
    // The registry compares what it got with the digest.
    const put = await this.writer.upload(location, digest, { body: read.body, size });
    if (put.status !== 201) throw this.writer.refused(put.status, `layer ${digest}`, await put.text());
  }
}

interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly limitMs?: number;
  readonly isAnonymous?: boolean;
}

/** One repository with a login. */
class RegistrySession {
  private constructor(
    private readonly place: RegistryPlace,
    private readonly authorization: string,
    private readonly request: CopyRequest,
  ) {}

  get name(): string {
    return `${this.place.url.host}/${this.place.repository}`;
  }

  /** Gets a token with these scopes from the registry's token server; a registry that names no such server gets the login itself. */
  static async open(place: RegistryPlace, scopes: readonly string[], request: CopyRequest): Promise<RegistrySession> {
    const basic = `Basic ${Buffer.from(`${USER}:${request.token}`).toString("base64")}`;
    const plain = new RegistrySession(place, basic, request);
    const challenged = await plain.send("GET", new URL("/v2/", place.url), { isAnonymous: true });
    const challenge = challenged.headers.get("www-authenticate") ?? "";
    if (challenged.status !== 401 || !/^bearer /i.test(challenge)) return plain;
    const url = tokenUrl(challenge, place.url);
    url.searchParams.delete("scope");
    for (const scope of scopes) url.searchParams.append("scope", scope);
    const answer = await plain.send("GET", url, {});
    const said = await answer.text();
    const body = parseJson(said) as { token?: unknown; access_token?: unknown } | null | undefined;
    const token = body?.token ?? body?.access_token;
    if (answer.status !== 200 || typeof token !== "string") throw plain.refused(answer.status, "login", said);
    return new RegistrySession(place, `Bearer ${token}`, request);
  }

  ask(method: string, path: string, asking: Asking = {}): Promise<Response> {
    return this.send(method, new URL(`/v2/${this.place.repository}/${path}`, this.place.url), asking);
  }

  /** A stream can be sent once: a layer that is cut off ends the copy, and the next one goes on behind it. */
  async upload(
    location: string,
    digest: string,
    { body, size }: { body: ReadableStream<Uint8Array>; size: number },
  ): Promise<Response> {
    const url = new URL(location, this.place.url);
    url.searchParams.set("digest", digest);
    const headers = {
      Authorization: this.authorization,
      "Content-Type": "application/octet-stream",
      "Content-Length": String(size),
    };
    try {
      return await fetch(url, {
        method: "PUT",
        headers,
        body,
        signal: this.limit(LAYER_MS),
        duplex: "half",
      });
    } catch (error) {
      throw new ClientError(
        `${this.name} did not take the layer ${digest} (${reasonOf(error)})`,
        "run the command again, which goes on there",
      );
    }
  }

  refused(status: number, what: string, said = ""): ClientError {
    return refusalOf({ registry: this.name, what, status, said, isSignedIn: true });
  }

  private async send(
    method: string,
    url: URL,
    { headers = {}, body, limitMs = QUESTION_MS, isAnonymous = false }: Asking,
  ): Promise<Response> {
    const login: Record<string, string> = isAnonymous ? {} : { Authorization: this.authorization };
    return persist(this.request.patience ?? PATIENCE, async () => {
      const failed = (why: string) => (effort: Effort) =>
        new ClientError(
          `${url.host} gives no answer (${why})${givenUp(effort)}`,
          "check the network and run the command again",
        );
      let answer: Response;
      try {
        answer = await fetch(url, {
          method,
          headers: { ...headers, ...login },
          signal: this.limit(limitMs),
          ...(body === undefined ? {} : { body: new Uint8Array(body) }),
        });
      } catch (error) {
        if (this.request.signal.aborted) throw error;
        throw new AttemptFailed(failed(reasonOf(error)), { repeat: true });
      }
      if (answer.status !== 429 && answer.status !== 500 && !isGatewayFailure(answer.status)) return answer;
      throw new AttemptFailed(failed(`HTTP ${answer.status}`), { repeat: true });
    });
  }

  private limit(ms: number): AbortSignal {
    return AbortSignal.any([this.request.signal, AbortSignal.timeout(ms)]);
  }
}

/** Node's fetch says "fetch failed" and keeps the reason as its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
