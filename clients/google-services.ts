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
  | { readonly kind: "refused"; readonly words: string; readonly next: string };

export interface Probing {
  readonly send: Send;
  readonly project: string;
  /** Google access token. */
  readonly token: string;
  /** Stack configuration; `gcp:<service>CustomEndpoint` names other addresses, as it does for Pulumi's provider. */
  readonly config: Readonly<Record<string, string>>;
}

/** Looks whether an API answers for the project. */
export async function probeApi(api: ProbedApi, { send, project, token, config }: Probing): Promise<ApiState> {
  const [key, documented, path] = PROBES[api];
  const base = config[key] ?? documented;
  const url = new URL(`${base.replace(/\/$/, "")}/${path.replace("{project}", encodeURIComponent(project))}`);
  try {
    // What cannot be reached from here (a proxy, another address) does not keep anyone from updating.
    const patience = { maxWaitMs: 20_000, tries: 1, firstDelayMs: 0 };
    return apiState(await getJson(send, { url, token, service: `Google's API ${api}` }, patience), project);
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
export function apiState({ status, body }: JsonAnswer, project: string): ApiState {
  const text = JSON.stringify(body ?? "");
  const words = wordsOf(body) ?? `HTTP ${status}`;
  if (/BILLING_DISABLED|requires billing to be enabled|UREQ_PROJECT_BILLING_NOT_FOUND/.test(text)) {
    return { kind: "refused", words, next: `link a billing account to the project "${project}"` };
  }
  if (/CONSUMER_SUSPENDED|CONSUMER_INVALID|PROJECT_INVALID|has been suspended|was deleted/.test(text)) {
    return { kind: "refused", words, next: `have the project "${project}" restored, or take another one` };
  }
  if (/ORG_POLICY|orgpolicy|organization policy|constraints\//i.test(text)) {
    return { kind: "refused", words, next: "have the organisation's policy permit it for this project" };
  }
  const isOff = /SERVICE_DISABLED|accessNotConfigured|has not been used in project|it is disabled/.test(text);
  return status === 403 && isOff ? { kind: "not-yet", words } : { kind: "answers" };
}

/** The first line of Google's message; the rest is an address of the console. */
export function wordsOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: { message?: unknown } };
  return typeof error?.message === "string" ? error.message.split("\n")[0] : undefined;
}
