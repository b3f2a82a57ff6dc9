import { z } from "zod";

import { isGatewayFailure, parseJson } from "../../../clients/http";
import { withheld, type Observation } from "../server-readiness";

/** The metadata key by which host/watch.sh is asked for something. */
export const REQUEST_KEY = "erpnext-request";

/**
 * Something that the server does once: it runs host/requests/<name>.sh with the parameters. None of it may be secret,
 * because anyone who reads the metadata reads it.
 */
export interface ServerRequest {
  readonly name: string;
  /** At most 64 letters, digits, dots, underscores and hyphens, and never used before. */
  readonly nonce: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** An instance, as far as its metadata is concerned (Compute Engine REST API, v1). */
export const instanceSchema = z.object({
  metadata: z.object({
    /** Which state of the metadata this is; Google takes a new one only from a caller that has seen the present one. */
    fingerprint: z.string(),
    items: z.array(z.object({ key: z.string(), value: z.string().optional() })).optional(),
  }),
});

export type Metadata = z.infer<typeof instanceSchema>["metadata"];

/** Something that Google does in the background. */
export const operationSchema = z.object({
  name: z.string(),
  status: z.enum(["PENDING", "RUNNING", "DONE"]),
  error: z.object({ errors: z.array(z.object({ code: z.string(), message: z.string().optional() })) }).optional(),
});

export type Operation = z.infer<typeof operationSchema>;

/** Google's own words in an answer that is an error. */
export const refusalSchema = z.object({ error: z.object({ message: z.string() }) });

/** What comes after an answer or an operation of Google's. */
export type Next =
  | { readonly kind: "go-on" }
  /** It is not over yet. */
  | { readonly kind: "wait" }
  /** Start again from reading the metadata. */
  | { readonly kind: "again"; readonly because: string }
  | { readonly kind: "refused"; readonly because: string };

/** What one look at the server says about a request. */
export type RequestState =
  | { readonly kind: "wait"; readonly because: string }
  /** `words` are the last of what the request's script said. */
  | { readonly kind: "done"; readonly words: string }
  | { readonly kind: "failed"; readonly detail: string };

const CONFLICT = "someone else changed the server's metadata at the same moment";

/**
 * The metadata with the request in it, all other items kept: what Google is sent replaces all that was there. Before
 * `until` no other request may replace it.
 */
export function withRequest({ fingerprint, items = [] }: Metadata, request: ServerRequest, until: Date): Metadata {
  const others = items.filter(({ key }) => key !== REQUEST_KEY);
  return { fingerprint, items: [...others, { key: REQUEST_KEY, value: requestValue(request, until) }] };
}

/** The metadata without any request, all other items kept. */
export function withoutRequest({ fingerprint, items = [] }: Metadata): Metadata {
  return { fingerprint, items: items.filter(({ key }) => key !== REQUEST_KEY) };
}

/** Whether this very request is in the metadata. */
export function isStanding({ items = [] }: Metadata, { nonce }: Pick<ServerRequest, "nonce">): boolean {
  const value = parseJson(items.find(({ key }) => key === REQUEST_KEY)?.value ?? "");
  return requestSchema.safeParse(value).data?.nonce === nonce;
}

/**
 * A server that has not been updated since requests have names knows one alone, `{"backup": nonce}`. It must still make the
 * last backup of a destroy, so that request says both; the other names it leaves alone.
 */
function requestValue({ name, nonce, parameters = {} }: ServerRequest, until: Date): string {
  const old = name === "backup" ? { backup: nonce } : {};
  return JSON.stringify({ name, nonce, parameters, until: until.toISOString(), ...old });
}

const requestSchema = z.object({ nonce: z.string() });

/** A request in the metadata that names its time; one of an older release does not. */
const standingSchema = z.object({ name: z.string(), nonce: z.string(), until: z.string() });

export type StandingRequest = z.infer<typeof standingSchema>;

/** Someone else's request that still has its time. */
export function standingRequest({ items = [] }: Metadata, own: ServerRequest, now: Date): StandingRequest | undefined {
  const value = items.find(({ key }) => key === REQUEST_KEY)?.value ?? "";
  const { data } = standingSchema.safeParse(parseJson(value));
  return data === undefined || data.nonce === own.nonce || !(Date.parse(data.until) > now.getTime()) ? undefined : data;
}

/**
 * Whether a server that reports has not seen a request yet: another one in its place would take it away, and the caller
 * would wait in vain. One that is silent may never see it, and must not block anyone.
 */
export function isUnseen(observation: Observation, { nonce }: Pick<StandingRequest, "nonce">): boolean {
  if (observation.kind === "silent") return false;
  return observation.report.requests?.some((request) => request.nonce === nonce) !== true;
}

/** Decides from the status of an answer; `words` are what Google said in it. */
export function afterAnswer(status: number, words: string | undefined): Next {
  if (status >= 200 && status < 300) return { kind: "go-on" };
  if (status === 412) return { kind: "again", because: CONFLICT };
  const because = words === undefined ? `HTTP ${status}` : `HTTP ${status}, ${words}`;
  const passing = status === 429 || status === 500 || isGatewayFailure(status);
  return { kind: passing ? "again" : "refused", because };
}

/** Decides from the state of an operation. */
export function afterOperation({ status, error }: Operation): Next {
  if (status !== "DONE") return { kind: "wait" };
  const [first] = error?.errors ?? [];
  if (first === undefined) return { kind: "go-on" };
  if (first.code === "CONDITION_NOT_MET") return { kind: "again", because: CONFLICT };
  return { kind: "refused", because: first.message === undefined ? first.code : `${first.code}, ${first.message}` };
}

/** Decides from one look at the server. A server that is silent may be busy or restarting: only time ends the wait. */
export function afterLook(observation: Observation, { name, nonce }: ServerRequest): RequestState {
  if (observation.kind === "silent") return { kind: "wait", because: observation.reason };
  const request = observation.report.requests?.find((candidate) => candidate.nonce === nonce);
  if (request === undefined)
    return { kind: "wait", because: withheld(observation.report) ?? "the server has not taken up the request" };
  if (request.state === "running") return { kind: "wait", because: `the ${name} is running` };
  if (request.state === "done") return { kind: "done", words: request.detail ?? "" };
  return { kind: "failed", detail: request.detail ?? "the server gave no reason" };
}
