/** Longer than the Worker takes for anything. Milliseconds. */
const TIME_LIMIT = 20_000;

/** Cloudflare Access no longer knows this browser: only signing in again helps. */
export class SessionEnded extends Error {}

/**
 * Asks the Worker. Access answers a browser without a session with a redirect to its login page, which a script must not
 * follow: it would take the login page for the answer.
 */
export async function ask(path: string, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(TIME_LIMIT);
  const answer = await fetch(path, {
    redirect: "manual",
    cache: "no-store",
    headers: { "X-Requested-With": "XMLHttpRequest" },
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new SessionEnded();
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`);
  return answer;
}
