import { ServerIdentity } from "./server-identity";
import { recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const EMAIL = "acme-erpnext@acme-project.iam.gserviceaccount.com";
const build = () => new ServerIdentity("identity", { slug: "acme", project: "acme-project" });

test("a service account that may write logs and metrics, and nothing else of the project", async () => {
  const { resources } = await recordResources(build);
  expect(resources.map(({ type, name, inputs, parentType }) => ({ type, name, inputs, parentType }))).toEqual([
    { type: "erpnext:gcp:ServerIdentity", name: "identity", inputs: {}, parentType: undefined },
    {
      type: "gcp:serviceaccount/account:Account",
      name: "identity-account",
      inputs: { project: "acme-project", accountId: "acme-erpnext", displayName: "acme: ERPNext server" },
      parentType: "erpnext:gcp:ServerIdentity",
    },
    {
      type: "gcp:projects/iAMMember:IAMMember",
      name: "identity-log-writer",
      inputs: { project: "acme-project", role: "roles/logging.logWriter", member: `serviceAccount:${EMAIL}` },
      parentType: "erpnext:gcp:ServerIdentity",
    },
    {
      type: "gcp:projects/iAMMember:IAMMember",
      name: "identity-metric-writer",
      inputs: { project: "acme-project", role: "roles/monitoring.metricWriter", member: `serviceAccount:${EMAIL}` },
      parentType: "erpnext:gcp:ServerIdentity",
    },
  ]);
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  const expected = { email: EMAIL, member: `serviceAccount:${EMAIL}` };
  expect(await valueOf({ email: result.email, member: result.member })).toEqual(expected);
  expect(outputs.get(named("identity").urn)).toEqual(expected);
});
