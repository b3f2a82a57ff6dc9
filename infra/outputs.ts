import { z } from "zod";

/**
 * What a stack tells the world: written by infra/index.ts, read by scripts. Its one secret is encrypted in the state and
 * shown to whoever may decrypt it. A script parses the outputs with this schema, so that an older stack is refused rather
 * than half understood.
 */
export const stackOutputsSchema = z.object({
  customer: z.string().describe("Slug of the customer"),
  environment: z.enum(["production", "test"]),
  shopDomain: z.string().describe("<store>.myshopify.com"),
  shopifyApp: z.object({ id: z.string(), title: z.string() }).describe("The app whose token the stack has"),
  allOrdersReadable: z.boolean().describe("False: without scope read_all_orders, history ends 60 days back"),
  uiUrl: z.url().describe("ERPNext's pages, behind Cloudflare Access"),
  consoleUrl: z.url().describe("The Sync Console, behind Cloudflare Access"),
  webhookUrl: z.url().describe("Where Shopify delivers to"),
  healthUrl: z.url().describe("Where the server reports its state"),
  serverAddress: z.string().describe("Reserved IPv4 address"),
  serverDigest: z.string().describe("sha256:… of the files and the environment the server has applied"),
  instanceName: z.string(),
  project: z.string().describe("Google Cloud project id"),
  zone: z.string().describe("Google Cloud zone"),
  image: z.string().describe("Reference of the running image, by digest"),
  backupBucket: z.string(),
  tunnelId: z.string(),
  accessClientId: z.string().describe("What this project's own requests pass Cloudflare Access with"),
  accessClientSecret: z.string().describe("Its other half; secret"),
  accessExpiresAt: z.string().describe("When the automation's Cloudflare Access token ends (RFC 3339)"),
  subscriptions: z
    .array(z.object({ topic: z.string(), webhookId: z.string() }))
    .describe("Shopify webhook ids by topic"),
});

export type StackOutputs = z.infer<typeof stackOutputsSchema>;
