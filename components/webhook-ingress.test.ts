import { recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";
import { WebhookIngress } from "./webhook-ingress";

const build = () =>
  new WebhookIngress("ingress", { hookHost: "hook-acme.example.com", zoneId: "b".repeat(32), address: "203.0.113.10" });

test("one record, DNS-only, straight to the server", async () => {
  const { resources } = await recordResources(build);
  expect(resources.map(({ type, name, parentType }) => [type, name, parentType])).toEqual([
    ["erpnext:cloudflare:WebhookIngress", "ingress", undefined],
    ["cloudflare:index/dnsRecord:DnsRecord", "ingress-record", "erpnext:cloudflare:WebhookIngress"],
  ]);
  expect(resources[1]?.inputs).toEqual({
    zoneId: "b".repeat(32),
    name: "hook-acme.example.com",
    type: "A",
    content: "203.0.113.10",
    proxied: false,
    ttl: 300,
    comment: "Shopify webhooks, straight to Caddy: keep DNS-only",
  });
});

test("the addresses for Shopify and for health checks are on the hook host", async () => {
  const { result, resources, outputs } = await recordResources(build);
  const addresses = {
    hookHost: "hook-acme.example.com",
    webhookUrl: "https://hook-acme.example.com/api/method/ecommerce_integrations.shopify.connection.store_request_data",
    healthUrl: "https://hook-acme.example.com/healthz",
  };
  expect(await valueOf(pick(result))).toEqual(addresses);
  expect(outputs.get(resources[0]!.urn)).toEqual(addresses);
});

function pick({ hookHost, webhookUrl, healthUrl }: WebhookIngress) {
  return { hookHost, webhookUrl, healthUrl };
}
