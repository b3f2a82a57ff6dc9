import { createHash } from "node:crypto";

import {
  AttemptFailed,
  ClientError,
  ConnectionError,
  givenUp,
  header,
  isGatewayFailure,
  parseJson,
  persist,
  retryAfterMs,
  type Effort,
  type HttpAnswer,
  type Patience,
  type Send,
} from "./http";
import { refusalOf } from "./registry-refusal";

/** One tag of one repository in a registry. */
export interface TaggedImage {
  /** For example "frappe/build". */
  readonly repository: string;
  readonly tag: string;
}

/** Where to ask, and for how long. */
export interface RegistryOptions {
  /** Base address of a registry that speaks the OCI distribution API, without `/v2`. */
  readonly url: URL;
  /** Sends the requests; `node-http.ts` has the one for Node. */
  readonly send: Send;
  readonly patience?: Patience;
}

const PATIENCE: Patience = { maxWaitMs: 60_000, tries: 4, firstDelayMs: 500 };

/** Milliseconds for one request. */
const REQUEST_LIMIT = 20_000;

/** The shortest pause before a request that a registry throttled is repeated (milliseconds), whatever it asks for. */
const SHORTEST_THROTTLE = 500;

/** A list of platforms first: a registry that is not asked for one may answer with the manifest of a single platform. */
export const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

interface Asker {
  readonly send: Send;
  readonly patience: Patience;
}

interface Manifest {
  readonly manifests?: readonly { readonly platform?: { readonly os?: string; readonly architecture?: string } }[];
}

/**
 * The digest that a tag points to now, `sha256:…`: computed from what the registry sent, so that a wrong header is noticed.
 * Asked without credentials, which public images do not need; a token that the registry wants for that is fetched from where
 * it says.
 * @throws ClientError for an image that is not there, is not for linux/amd64, or that may not be read
 */
export async function digestOfTag(image: TaggedImage, options: RegistryOptions): Promise<string> {
  const { url, send, patience = PATIENCE } = options;
  const asker = { send, patience };
  const name = `${url.host}/${image.repository}:${image.tag}`;
  const manifest = new URL(`/v2/${image.repository}/manifests/${image.tag}`, url);
  let answer = await get(manifest, { Accept: MANIFESTS }, asker);
  if (answer.status === 401) {
    const token = await anonymousToken(answer, url, asker);
    answer = await get(manifest, { Accept: MANIFESTS, Authorization: `Bearer ${token}` }, asker);
  }
  if (answer.status !== 200) {
    const what = `image ${image.repository}:${image.tag}`;
    throw refusalOf({ registry: url.host, what, status: answer.status, said: answer.text, isSignedIn: false });
  }
  const digest = `sha256:${createHash("sha256").update(answer.text).digest("hex")}`;
  const told = header(answer.headers, "docker-content-digest");
  if (told !== undefined && told !== digest) {
    throw new ClientError(
      `what ${name} holds has the digest ${digest}, but its registry says ${told}`,
      "run the command again, and do not build on that image while they differ",
    );
  }
  checkPlatform(name, answer);
  return digest;
}

function checkPlatform(name: string, answer: HttpAnswer): void {
  const manifest = parseJson(answer.text) as Manifest | null | undefined;
  if (typeof manifest !== "object" || manifest === null) {
    throw new ClientError(`the registry's answer about ${name} is no manifest`, "check the registry's address");
  }
  const platforms = manifest.manifests?.map(
    ({ platform }) => `${platform?.os ?? "?"}/${platform?.architecture ?? "?"}`,
  );
  if (platforms === undefined || platforms.includes("linux/amd64")) return;
  throw new ClientError(`${name} is for ${platforms.join(", ")} and not for linux/amd64`, "name another branch");
}

/** The token that a registry wants even of those who have no account: distribution's token authentication. */
async function anonymousToken(challenged: HttpAnswer, registry: URL, asker: Asker): Promise<string> {
  const url = tokenUrl(header(challenged.headers, "www-authenticate") ?? "", registry);
  const answer = await get(url, { Accept: "application/json" }, asker);
  const body = parseJson(answer.text) as { token?: unknown; access_token?: unknown } | null | undefined;
  const token = body?.token ?? body?.access_token;
  if (answer.status !== 200 || typeof token !== "string") {
    throw new ClientError(`${url.host} grants no token (HTTP ${answer.status})`, "run the command again later");
  }
  return token;
}

/** Where a challenge sends its reader, with what it wants to hear there. */
export function tokenUrl(challenge: string, registry: URL): URL {
  const parts = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));
  const realm = /^Bearer /i.test(challenge) ? (parts.get("realm") ?? "") : "";
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !["https:", registry.protocol].includes(url.protocol)) {
    throw new ClientError(
      `${registry.host} asks for a login of a kind that public registries do not have (${challenge || "no challenge"})`,
      "name a registry that lets everyone read",
    );
  }
  for (const key of ["service", "scope"]) {
    const value = parts.get(key);
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url;
}

/** One answer; what cannot be reached, is overloaded or throttles is asked again. Asking changes nothing, so that is safe. */
function get(url: URL, headers: Readonly<Record<string, string>>, asker: Asker): Promise<HttpAnswer> {
  return persist(asker.patience, async (remainingMs) => {
    const failed = (why: string) => (effort: Effort) =>
      new ClientError(
        `${url.host} gives no answer (${why})${givenUp(effort)}`,
        "check the network and run the command again",
      );
    let answer: HttpAnswer;
    try {
      answer = await asker.send({ method: "GET", url, headers, timeoutMs: Math.min(REQUEST_LIMIT, remainingMs) });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new AttemptFailed(failed(error.message), { repeat: true });
    }
    if (answer.status !== 429 && answer.status !== 500 && !isGatewayFailure(answer.status)) return answer;
    const waitMs = retryAfterMs(answer.headers, new Date());
    throw new AttemptFailed(failed(`HTTP ${answer.status}`), {
      repeat: true,
      ...(waitMs === undefined ? {} : { waitMs: Math.max(SHORTEST_THROTTLE, waitMs) }),
    });
  });
}
