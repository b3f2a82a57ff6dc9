import { ENGLISH } from "./messages";
import { gradeOfDeprecations, readDeprecatedCalls, type DeprecatedCall } from "./deprecations";

const NOW = new Date("2026-11-30T12:00:00Z");

const call = (deadline: string | undefined, what = "Product"): DeprecatedCall => ({
  what,
  version: "2024-01",
  description: "Use GraphQL instead.",
  deadline,
});

test("Shopify's answer is read, REST and GraphQL, with and without a deadline", () => {
  const rest = {
    api_type: "REST",
    description: "Use GraphQL instead.",
    documentation_url: "https://shopify.dev",
    endpoint: "Product",
    last_call_at: "2026-11-29T03:46:18Z",
    migration_deadline: "2027-04-01T13:00:00Z",
    graphql_schema_name: null,
    version: "2024-01",
  };
  const graphql = { ...rest, endpoint: null, graphql_schema_name: "callbackUrl", migration_deadline: null };
  const body = { data_updated_at: "2026-11-30T00:15:30Z", deprecated_api_calls: [rest, graphql] };
  expect(readDeprecatedCalls(body)).toEqual([call("2027-04-01T13:00:00Z"), call(undefined, "callbackUrl")]);
});

test.each([[undefined], [null], ["page"], [{}], [{ deprecated_api_calls: null }]])("%j is no such answer", (body) => {
  expect(readDeprecatedCalls(body)).toBeUndefined();
});

test.each<[readonly DeprecatedCall[], string, string]>([
  [[], "good", "No call of the last 30 days is deprecated"],
  [[call("2027-05-30T00:00:00Z")], "good", "Shopify keeps Product of 2024-01 until 2027-05-30 (Use GraphQL instead)"],
  [
    [call("2027-05-28T00:00:00Z")],
    "warning",
    "Shopify keeps Product of 2024-01 until 2027-05-28 (Use GraphQL instead)",
  ],
  [
    [call(undefined), call("2028-01-01T00:00:00Z"), call("2025-02-01T00:00:00Z", "Variant")],
    "warning",
    "Shopify keeps Variant of 2024-01 until 2025-02-01 (Use GraphQL instead), and 2 more",
  ],
  [[call(undefined)], "good", "Shopify keeps Product of 2024-01 without a deadline (Use GraphQL instead)"],
])("%j is %s", (calls, grade, saw) => {
  const judged = gradeOfDeprecations(calls, NOW);
  expect([judged.grade, ENGLISH.write(judged.saw)]).toEqual([grade, saw]);
});
