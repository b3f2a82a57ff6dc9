import { createHash, randomUUID } from "node:crypto";

import { Hono, type Context } from "hono";

import { serveRest, type RestServer } from "./rest-server";

/** What a registry keeps. */
export interface RegistryStore {
  /** Bytes of a manifest or a blob of a repository; undefined where it is not there. */
  read(repository: string, digest: string): Buffer | undefined;
  write(repository: string, digest: string, bytes: Buffer): void;
  /** Makes a tag point to a manifest. @returns why not, in the registry's words */
  tag(repository: string, tag: string, digest: string): string | undefined;
}

export interface RegistryOptions {
  readonly store: RegistryStore;
  /** The Google access token that may do everything. */
  readonly token: string;
  /** @default one that is free */
  readonly port?: number;
}

const USER = "oauth2accesstoken";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/**
 * Artifact Registry's Docker endpoint: the OCI distribution API (distribution-spec 1.1), with the token authentication of distribution
 * (docs/content/spec/auth/token.md): no one reads without a token, and a token is given for a login alone.
 */
export async function startRegistry({ store, token, port }: RegistryOptions): Promise<RestServer> {
  const app = new Hono();
  const uploads = new Set<string>();
  const given = new Set<string>();
  app.get("/token", (context) => {
    const login = Buffer.from(context.req.header("Authorization")?.replace(/^Basic /, "") ?? "", "base64").toString();
    if (login !== `${USER}:${token}`) return context.json({ errors: [{ code: "UNAUTHORIZED" }] }, 401);
    const bearer = randomUUID();
    given.add(bearer);
    return context.json({ token: bearer });
  });
  app.use("/v2/*", async (context, next) => {
    if (given.has(context.req.header("Authorization")?.replace(/^Bearer /, "") ?? "")) return next();
    const realm = new URL("/token", context.req.url).href;
    context.header("WWW-Authenticate", `Bearer realm="${realm}",service="registry"`);
    return context.json(errors("UNAUTHORIZED", "Unauthenticated request."), 401);
  });
  app.get("/v2/", (context) => context.json({}));
  app.all("/v2/:rest{.+}", async (context) => {
    const path = context.req.param("rest");
    const [, repository = "", kind = "", reference = ""] =
      /^(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(path) ?? [];
    if (kind === "blobs/uploads") return upload({ context, store, uploads }, repository, reference);
    if (context.req.method === "PUT") return putManifest({ context, store }, repository, reference);
    const bytes = store.read(repository, reference);
    if (bytes === undefined) return context.json(errors("NOT_FOUND", `${reference} is not there`), 404);
    context.header("Content-Type", kind === "manifests" ? MANIFEST : "application/octet-stream");
    return context.body(new Uint8Array(bytes));
  });
  return serveRest(app, port);
}

interface Asked {
  readonly context: Context;
  readonly store: RegistryStore;
}

async function upload(
  { context, store, uploads }: Asked & { uploads: Set<string> },
  repository: string,
  id: string,
): Promise<Response> {
  const { mount, from, digest = "" } = context.req.query();
  if (context.req.method === "POST") {
    const mounted = mount === undefined || from === undefined ? undefined : store.read(from, mount);
    if (mount !== undefined && mounted !== undefined) {
      store.write(repository, mount, mounted);
      return context.body(null, 201);
    }
    const begun = randomUUID();
    uploads.add(begun);
    context.header("Location", `/v2/${repository}/blobs/uploads/${begun}?state=x`);
    return context.body(null, 202);
  }
  const bytes = Buffer.from(await context.req.arrayBuffer());
  if (!uploads.delete(id)) return context.json(errors("BLOB_UPLOAD_UNKNOWN", "no such upload"), 404);
  if (digestOf(bytes) !== digest) return context.json(errors("DIGEST_INVALID", "the digest is another"), 400);
  store.write(repository, digest, bytes);
  return context.body(null, 201);
}

/** A manifest is taken once all that it names is there. */
async function putManifest({ context, store }: Asked, repository: string, reference: string): Promise<Response> {
  const bytes = Buffer.from(await context.req.arrayBuffer());
  const {
    config,
    layers = [],
    manifests = [],
  } = JSON.parse(bytes.toString("utf8")) as Record<string, { digest: string }[]> & {
    config?: { digest: string };
  };
  const named = [...layers, ...manifests, ...(config === undefined ? [] : [config])];
  const missing = named.find(({ digest }) => store.read(repository, digest) === undefined);
  if (missing !== undefined)
    return context.json(errors("MANIFEST_BLOB_UNKNOWN", `${missing.digest} is not there`), 400);
  const digest = digestOf(bytes);
  store.write(repository, digest, bytes);
  const why = reference.startsWith("sha256:") ? undefined : store.tag(repository, reference, digest);
  return why === undefined ? context.body(null, 201) : context.json(errors("DENIED", why), 400);
}

/** The specification's form of an error. */
function errors(code: string, message: string): object {
  return { errors: [{ code, message }] };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
