import { ClientError, parseJson } from "./http";

/** What a registry refused. */
export interface Refused {
  /** Host, or host and repository. */
  readonly registry: string;
  /** What was asked for, without an article, e.g. "image frappe/build:version-15". */
  readonly what: string;
  readonly status: number;
  /** Body of the answer. */
  readonly said: string;
  /** Whether the request carried a login. */
  readonly isSignedIn: boolean;
}

/** The registry's refusal as one sentence, in its own words where it has any. */
export function refusalOf({ registry, what, status, said, isSignedIn }: Refused): ClientError {
  const words = wordsOf(said);
  const why = words === undefined ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
  if (status === 404) {
    const next = isSignedIn ? "look at the registry and run the command again" : "check it, or name another registry";
    return new ClientError(`there is no ${what} at ${registry} (${why})`, next);
  }
  if (status !== 401 && status !== 403) {
    return new ClientError(
      `${registry} refuses the ${what} (${why})`,
      "look at the registry and run the command again",
    );
  }
  return isSignedIn
    ? new ClientError(
        `${registry} refuses the ${what} (${why})`,
        'run "gcloud auth login" as someone who may read and write both registries',
      )
    : new ClientError(`${registry} shows the ${what} only with an account (${why})`, "name a registry that has it");
}

/** `{"errors": [{"code": …, "message": …, "detail": …}]}` (OCI distribution specification 1.1, "Error Codes"). */
function wordsOf(said: string): string | undefined {
  const body = parseJson(said) as { errors?: unknown } | null | undefined;
  const errors = typeof body === "object" && Array.isArray(body?.errors) ? (body.errors as unknown[]) : [];
  const words = errors.flatMap((error) => {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    const one = typeof message === "string" && message !== "" ? message : code;
    return typeof one === "string" && one !== "" ? [one] : [];
  });
  return words.length === 0 ? undefined : words.join("; ");
}
