import { refusalOf, type Refusal } from "./google-refusals";
import { missingRights, NEEDED_RIGHTS } from "./google-rights";
import { ClientError, type Send } from "./http";
import { getJson, type JsonAnswer } from "./json-api";

/**
 * APIs that the gcp provider calls for a customer, each with the provider's key for another address, the documented one, and something
 * that an operator who makes a customer may read there.
 */
const PROBES = {
  artifactregistry: [
    "gcp:artifactRegistryCustomEndpoint",
    "https://artifactregistry.googleapis.com/v1/",
    "projects/{project}/locations?pageSize=1",
  ],
  cloudresourcemanager: [
    "gcp:resourceManagerV3CustomEndpoint",
    "https://cloudresourcemanager.googleapis.com/v3/",
    "projects/{project}",
  ],
  compute: [
    "gcp:computeCustomEndpoint",
    "https://compute.googleapis.com/compute/v1/",
    "projects/{project}/zones?maxResults=1",
  ],
  iam: ["gcp:iamCustomEndpoint", "https://iam.googleapis.com/v1/", "projects/{project}/serviceAccounts?pageSize=1"],
  monitoring: [
    "gcp:monitoringCustomEndpoint",
    "https://monitoring.googleapis.com/",
    "v3/projects/{project}/uptimeCheckConfigs?pageSize=1",
  ],
  pubsub: ["gcp:pubsubCustomEndpoint", "https://pubsub.googleapis.com/v1/", "projects/{project}/topics?pageSize=1"],
  secretmanager: [
    "gcp:secretManagerCustomEndpoint",
    "https://secretmanager.googleapis.com/v1/",
    "projects/{project}/secrets?pageSize=1",
  ],
} as const;

export type ProbedApi = keyof typeof PROBES;

export const PROBED_APIS = Object.keys(PROBES) as readonly ProbedApi[];

/** What one look at an API says. */
export type ApiState =
  /** It answers, or it is not known that it does not: the caller is told what it says. */
  | { readonly kind: "answers" }
  /** It is off, or was enabled a moment ago. `words` are Google's. */
  | { readonly kind: "not-yet"; readonly words: string }
  /** Waiting does not help. */
  | { readonly kind: "refused"; readonly words: string; readonly refusal: Refusal };

export interface Probing {
  readonly send: Send;
  readonly project: string;
  /** Google access token. */
  readonly token: string;
  /** Stack configuration; `gcp:<service>CustomEndpoint` names other addresses, as it does for Pulumi's provider. */
  readonly config: Readonly<Record<string, string>>;
}

/** What cannot be reached from here (a proxy, another address) does not keep anyone from updating. */
const PATIENCE = { maxWaitMs: 20_000, tries: 1, firstDelayMs: 0 };

function addressAt(api: ProbedApi, path: string, config: Probing["config"]): URL {
  const [key, documented] = PROBES[api];
  return new URL(`${(config[key] ?? documented).replace(/\/$/, "")}/${path}`);
}

/** What a customer's updates need and the token lacks in the project; undefined where Google did not tell. */
export async function probeRights({ send, project, token, config }: Probing): Promise<readonly string[] | undefined> {
  const url = addressAt("cloudresourcemanager", `projects/${encodeURIComponent(project)}:testIamPermissions`, config);
  const body = { permissions: Object.keys(NEEDED_RIGHTS) };
  try {
    const asked = { method: "POST" as const, url, token, body, service: "Google Cloud" };
    return missingRights(await getJson(send, asked, PATIENCE));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return undefined;
  }
}

/** Looks whether an API answers for the project. */
export async function probeApi(api: ProbedApi, { send, project, token, config }: Probing): Promise<ApiState> {
  const path = PROBES[api][2].replace("{project}", encodeURIComponent(project));
  try {
    const url = addressAt(api, path, config);
    return apiState(await getJson(send, { url, token, service: `Google's API ${api}` }, PATIENCE));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { kind: "answers" };
  }
}

/**
 * Decides from an answer. A disabled API and one that was enabled a moment ago answer alike: HTTP 403 with the reason SERVICE_DISABLED,
 * or accessNotConfigured in the older form, and "has not been used in project … before or it is disabled" in words; the gcp provider
 * does not try that again (terraform-provider-google v7.45.0, google-beta/transport/error_retry_predicates.go). The reasons are
 * those of google.api.ErrorReason (googleapis, google/api/error_reason.proto).
 */
export function apiState({ status, body }: JsonAnswer): ApiState {
  const text = JSON.stringify(body ?? "");
  const words = wordsOf(body) ?? `HTTP ${status}`;
  const refusal = refusalOf(text);
  if (refusal === "billing" || refusal === "project" || refusal === "policy") {
    return { kind: "refused", words, refusal };
  }
  return status === 403 && refusal === "off" ? { kind: "not-yet", words } : { kind: "answers" };
}

/** The first line of Google's message; the rest is an address of the console. */
export function wordsOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: { message?: unknown } };
  return typeof error?.message === "string" ? error.message.split("\n")[0] : undefined;
}
