import * as pulumi from "@pulumi/pulumi";

import { ServerSecrets, type ServerSecretsArgs } from "./server-secrets";
import { recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const MEMBER = "serviceAccount:acme-erpnext@acme-project.iam.gserviceaccount.com";
const ARGS: ServerSecretsArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  labels: { customer: "acme" },
  member: MEMBER,
  app: "custom",
  shopifyCredential: pulumi.secret("canary-credential"),
  shopifyApiSecret: pulumi.secret("canary-api-secret"),
  automationApiKey: pulumi.secret("canary-key"),
  automationApiSecret: pulumi.secret("canary-secret"),
  databaseRootPassword: pulumi.secret("canary-root"),
  administratorPassword: "canary-administrator",
  tunnelToken: pulumi.secret("canary-tunnel"),
};
const build = (args: Partial<ServerSecretsArgs> = {}) => new ServerSecrets("secrets", { ...ARGS, ...args });

const VALUES: Readonly<Record<string, string>> = {
  "administrator-password": "canary-administrator",
  "automation-api-key": "canary-key",
  "automation-api-secret": "canary-secret",
  "database-root-password": "canary-root",
  "shopify-admin-token": "canary-credential",
  "shopify-api-secret": "canary-api-secret",
  "tunnel-token": "canary-tunnel",
};

test.each(Object.entries(VALUES))("%s: a secret, its value and its one reader", async (key, value) => {
  const { named } = await recordResources(build);
  expect(named(`secrets-${key}`).inputs).toEqual({
    project: "acme-project",
    secretId: `acme-${key}`,
    replication: { userManaged: { replicas: [{ location: "europe-west3" }] } },
    labels: { customer: "acme" },
  });
  expect(named(`secrets-${key}-version`).inputs).toEqual({
    secret: `secrets-${key}-id`,
    secretData: new Secret(value),
    deletionPolicy: "DISABLE",
  });
  expect(named(`secrets-${key}-reader`).inputs).toEqual({
    project: "acme-project",
    secretId: `acme-${key}`,
    role: "roles/secretmanager.secretAccessor",
    member: MEMBER,
  });
});

test("three resources a key and no more, all of them the component's", async () => {
  const { resources } = await recordResources(build);
  const children = resources.filter(({ custom }) => custom);
  expect(children).toHaveLength(3 * Object.keys(VALUES).length);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:gcp:ServerSecrets"]));
});

test("a Dev-Dashboard app has a client id and no token", async () => {
  const { result, resources, named } = await recordResources(() => build({ app: "dev-dashboard" }));
  expect(named("secrets-shopify-client-id-version").inputs["secretData"]).toEqual(new Secret("canary-credential"));
  expect(resources.map(({ name }) => name)).not.toContain("secrets-shopify-admin-token");
  expect(await valueOf(result.keys)).toEqual([
    "administrator-password",
    "automation-api-key",
    "automation-api-secret",
    "database-root-password",
    "shopify-api-secret",
    "shopify-client-id",
    "tunnel-token",
  ]);
});

test("while the app's secret is rotated the server has the older one too, secret like the others", async () => {
  const { result, named } = await recordResources(() => build({ shopifyApiSecretPrevious: "canary-previous" }));
  expect(named("secrets-shopify-api-secret-previous-version").inputs["secretData"]).toEqual(
    new Secret("canary-previous"),
  );
  expect(await valueOf(result.keys)).toEqual([...Object.keys(VALUES), "shopify-api-secret-previous"].sort());
});

test("outputs say what there is and never what it is", async () => {
  const { result, outputs, named } = await recordResources(build);
  const expected = {
    prefix: "acme-",
    keys: Object.keys(VALUES),
    versions: Object.keys(VALUES)
      .map((key) => `${key}=1`)
      .join(" "),
    credentialSince: "2026-11-01T00:00:00Z",
  };
  const { prefix, keys, versions, credentialSince } = result;
  expect(await valueOf({ prefix, keys, versions, credentialSince })).toEqual(expected);
  expect(outputs.get(named("secrets").urn)).toEqual(expected);
  const secret = [prefix, keys, versions, credentialSince].map((output) => pulumi.isSecret<unknown>(output));
  expect(await Promise.all(secret)).toEqual([false, false, false, false]);
});

test("a value that someone forgot to mark is secret all the same, and stands nowhere else", async () => {
  const { resources } = await recordResources(build);
  const elsewhere = resources.map(({ inputs }) => ({ ...inputs, secretData: undefined }));
  expect(JSON.stringify(elsewhere)).not.toContain("canary");
});
