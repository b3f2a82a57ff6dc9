import { apiState, PROBED_APIS, probeApi, type ApiState } from "./google-services";
import { send } from "./node-http";
import { startStubServer } from "./testing/stub-server";

const OFF =
  "Compute Engine API has not been used in project acme before or it is disabled. Enable it by visiting https://console.developers.google.com then retry.";

function refusal(message: string, reason?: string): object {
  return { error: { code: 403, message, details: reason === undefined ? [] : [{ reason }] } };
}

test.each<[string, number, object | undefined, ApiState["kind"], string?]>([
  ["an answer", 200, {}, "answers"],
  ["a right that is missing, which the caller is told", 403, refusal("Permission denied"), "answers"],
  ["a project that is not seen", 404, refusal("not found"), "answers"],
  ["an API that is off, or was enabled a moment ago", 403, refusal(OFF), "not-yet"],
  ["the same by its reason", 403, refusal("x", "SERVICE_DISABLED"), "not-yet"],
  ["the same of an older API", 403, refusal("x", "accessNotConfigured"), "not-yet"],
  ["a project without billing", 403, refusal("This API method requires billing to be enabled."), "refused", "billing"],
  ["the same by its reason", 403, refusal("x", "BILLING_DISABLED"), "refused", "billing"],
  ["a suspended project", 403, refusal("x", "CONSUMER_SUSPENDED"), "refused", "project"],
  ["a policy of the organisation", 403, refusal("x", "ORG_POLICY_VIOLATED"), "refused", "policy"],
  ["a token that is over, which the provider says", 401, refusal("Invalid Credentials"), "answers"],
])("%s", (...row) => {
  const [, status, body, kind, refusal] = row;
  const state = apiState({ status, body });
  expect(state.kind).toBe(kind);
  if (state.kind === "refused") expect(state.refusal).toBe(refusal);
});

test("what does not answer at all delays no one", async () => {
  const google = await startStubServer({ status: 503 });
  const config = { "gcp:computeCustomEndpoint": `${google.url}/compute/v1/` };
  const state = await probeApi("compute", { send, project: "acme", token: "t", config });
  await google.close();
  expect(state).toEqual({ kind: "answers" });
  expect(google.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /compute/v1/projects/acme/zones?maxResults=1",
  ]);
});

test("what is asked is in the project, and writes nothing", async () => {
  const google = await startStubServer({ status: 200, body: {} });
  const config = new Proxy({}, { get: () => `${google.url}/` });
  for (const api of PROBED_APIS) await probeApi(api, { send, project: "acme", token: "t", config });
  await google.close();
  expect(google.seen.every(({ method, path }) => method === "GET" && path.includes("projects/acme"))).toBe(true);
});
