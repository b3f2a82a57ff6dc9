import { CLOUDFLARE_API } from "../../../clients/cloudflare-d1";
import { environmentToken } from "../../../clients/cloudflare-token";
import { getJson } from "../../../clients/json-api";
import { send } from "../../../clients/node-http";
import { redact } from "../../../core/secrets";
import { googleToken } from "../server-request/google-token";
import { googleApi, type GoogleService } from "../teardown/google";
import { LookFailed, wordsOf, type RestApi } from "../teardown/rest";

export type Row = Readonly<Record<string, unknown>>;

/** The clouds' REST APIs, past Pulumi. */
export interface Clouds {
  readonly google: (service: GoogleService) => Promise<RestApi>;
  readonly cloudflare: RestApi;
}

/** One thing at its address; undefined where there is none. @throws LookFailed when it is refused, ClientError without an answer */
export async function readOne(api: RestApi, path: string): Promise<Row | undefined> {
  const { status, body } = await getJson(send, { url: new URL(path, api.base), token: api.token, service: api.name });
  if (status === 200 && typeof body === "object" && body !== null) return body as Row;
  if (status === 404) return undefined;
  throw refused(api, status, body);
}

/** Deletes one thing; one that is gone is fine. @throws LookFailed, ClientError */
export async function deleteOne(api: RestApi, path: string): Promise<void> {
  const request = { method: "DELETE" as const, url: new URL(path, api.base), token: api.token, service: api.name };
  const { status, body } = await getJson(send, request);
  if (status >= 300 && status !== 404) throw refused(api, status, body);
}

function refused(api: RestApi, status: number, body: unknown): LookFailed {
  return new LookFailed(redact(`${api.name} answered HTTP ${status}${wordsOf(body)}`, [api.token]));
}

/** Where a stack's configuration says that the clouds are, with the credentials of the configuration and the environment. */
export function cloudsOf(config: Readonly<Record<string, string>>): Clouds {
  const base = config["cloudflare:baseUrl"] ?? CLOUDFLARE_API;
  const token = config["cloudflare:apiToken"] ?? environmentToken() ?? "";
  let google: Promise<string> | undefined;
  return {
    google: async (service) => {
      google ??= googleToken(process.env);
      return googleApi(service, { config, token: await google });
    },
    cloudflare: { name: "Cloudflare", base: base.endsWith("/") ? base : `${base}/`, token },
  };
}
