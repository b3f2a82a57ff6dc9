import type { StackOutputs } from "../../../infra/outputs";

/** The outputs of customers/demo-store.yaml's stack when it is up. */
export function exampleOutputs(changes: Partial<StackOutputs> = {}): StackOutputs {
  return {
    customer: "demo-store",
    environment: "test",
    shopDomain: "demo-store.myshopify.com",
    shopifyApp: { id: "gid://shopify/App/1", title: "ERPNext" },
    allOrdersReadable: true,
    uiUrl: "https://erp.demo-store.example",
    consoleUrl: "https://sync.demo-store.example",
    webhookUrl:
      "https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data",
    healthUrl: "https://hooks.demo-store.example/healthz",
    serverAddress: "203.0.113.7",
    serverDigest: `sha256:${"d".repeat(64)}`,
    instanceName: "demo-store-erpnext",
    project: "demo-store-erpnext",
    zone: "europe-west3-a",
    image: `europe-west3-docker.pkg.dev/demo-store-erpnext/demo-store/demo-store/erpnext:1.0@sha256:${"e".repeat(64)}`,
    backupBucket: "demo-store-erpnext-backups",
    tunnelId: "5f2f3c2e-0000-4000-8000-000000000000",
    accessClientId: "88bf3b6d86161464f6509f7219099e57.access",
    accessClientSecret: "bdd31cbc4dec990953e39163fbbb194c93313ca9f0a6e420346af9d326b1d2a5",
    accessExpiresAt: "2027-11-26T00:00:00Z",
    subscriptions: [{ topic: "ORDERS_CREATE", webhookId: "101" }],
    ...changes,
  };
}
