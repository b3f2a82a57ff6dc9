import * as pulumi from "@pulumi/pulumi";

import { recordResources, Secret } from "../components/testing/record-resources";
import { customEndpoints, makeProviders } from "./providers";
import { demoCustomer, productionCustomer } from "./testing/demo-customer";
import { canarySecrets } from "./testing/record-customer";

function record(config: Record<string, string>, { secrets = canarySecrets("custom"), customer = demoCustomer() } = {}) {
  return recordResources(() => {
    pulumi.runtime.setAllConfig(config);
    return makeProviders(customer, secrets, new pulumi.Config("cloudflare"));
  });
}

test("every custom endpoint of Google's configuration, and nothing else of the configuration", () => {
  const config = {
    "gcp:computeCustomEndpoint": "https://compute.example/",
    "gcp:storageCustomEndpoint": "https://storage.example/",
    "gcp:project": "another-project",
    "erpnext:computeCustomEndpoint": "https://elsewhere.example/",
    "gcp:computeCustomEndpointPath": "/x",
  };
  expect(customEndpoints(config)).toEqual({
    computeCustomEndpoint: "https://compute.example/",
    storageCustomEndpoint: "https://storage.example/",
  });
  expect(customEndpoints({})).toEqual({});
});

test("what the configuration says of addresses reaches the explicit providers; project and region are the customer's", async () => {
  const { named, resources } = await record({
    "gcp:computeCustomEndpoint": "https://compute.example/",
    "gcp:project": "another-project",
    "gcp:region": "us-east1",
    "cloudflare:baseUrl": "https://cloudflare.example/client/v4",
  });
  expect(resources.map(({ name }) => name).sort()).toEqual(["cloudflare", "gcp"]);
  expect(named("gcp").inputs).toMatchObject({
    project: "demo-store-erpnext",
    region: "europe-west3",
    zone: "europe-west3-a",
    computeCustomEndpoint: "https://compute.example/",
  });
  expect(named("cloudflare").inputs).toEqual({
    apiToken: new Secret("canary-cloudflare-api-token"),
    baseUrl: "https://cloudflare.example/client/v4",
  });
});

test("without a token in the stack Cloudflare's provider is given none and asks its own environment", async () => {
  const { named } = await record({}, { secrets: { ...canarySecrets("custom"), cloudflareApiToken: undefined } });
  expect(named("cloudflare").inputs).toEqual({});
});

test("production's labels have no last day", async () => {
  const { named } = await record({}, { customer: productionCustomer() });
  expect(JSON.parse(String(named("gcp").inputs["defaultLabels"]))).toEqual({
    customer: "demo-store",
    environment: "production",
    "managed-by": "pulumi",
  });
});
