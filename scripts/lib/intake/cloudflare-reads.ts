import { z } from "zod";

import { cloudflareUrl } from "../../../clients/cloudflare-d1";
import type { Send } from "../../../clients/http";
import { getJson, type JsonAnswer } from "../../../clients/json-api";

export interface CloudflareMeans {
  readonly send: Send;
  readonly token: string;
  readonly baseUrl?: string | undefined;
}

export interface CloudflareAnswer {
  readonly status: number;
  readonly result: unknown;
  /** Cloudflare's own words of a refusal, or the status. */
  readonly words: string;
}

const answerSchema = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
});

/** Reads one path of Cloudflare's API; refusals are the caller's to judge. @throws ClientError without an answer */
export async function readCloudflare(means: CloudflareMeans, path: string): Promise<CloudflareAnswer> {
  const { send, token, baseUrl } = means;
  return answerOf(await getJson(send, { url: cloudflareUrl(path, baseUrl), token, service: "Cloudflare" }));
}

function answerOf({ status, body }: JsonAnswer): CloudflareAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return { status, result: undefined, words: `HTTP ${status} without an answer of the API` };
  const { errors, result } = parsed.data;
  const words = errors.map(({ code, message }) => `${message}, code ${code}`).join("; ");
  return { status, result, words: words === "" ? `HTTP ${status}` : words };
}
