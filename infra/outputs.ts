import { z } from "zod";

/**
 * The stack outputs: infra/index.ts writes them, scripts read them. The one secret is encrypted in the state; anyone who may
 * decrypt the stack can read it. A script parses the outputs with this schema, so that it refuses an older stack instead of
 * misreading it.
 */
export const stackOutputsSchema = z.object({
  customer: z.string().describe("Slug of the customer"),
  environment: z.enum(["production", "test"]).describe("production or test"),
  shopDomain: z.string().describe("<store>.myshopify.com"),
  shopifyApp: z.object({ id: z.string(), title: z.string() }).describe("The app whose token the stack has"),
  allOrdersReadable: z.boolean().describe("False: without scope read_all_orders, history ends 60 days back"),
  uiUrl: z.url().describe("ERPNext's pages, behind Cloudflare Access"),
  consoleUrl: z.url().describe("The Sync Console, behind Cloudflare Access"),
  webhookUrl: z.url().describe("Where Shopify delivers"),
  healthUrl: z.url().describe("Where the server reports its state; shows its steps only with a token"),
  serverAddress: z.string().describe("Reserved IPv4 address"),
  serverDigest: z.string().describe("sha256:… of the files and the environment that the server has applied"),
  instanceName: z.string().describe("Name of the Compute Engine instance"),
  project: z.string().describe("Google Cloud project id"),
  zone: z.string().describe("Google Cloud zone"),
  image: z.string().describe("Reference of the running image, by digest"),
  backupBucket: z.string().describe("Name of the bucket that holds the backups"),
  tunnelId: z.string().describe("Id of the Cloudflare tunnel"),
  accessClientId: z.string().describe("Client id of the Access service token that this project's own requests carry"),
  accessClientSecret: z.string().describe("The secret that belongs to it; the one secret output"),
  accessExpiresAt: z.string().describe("When that service token expires (RFC 3339)"),
  subscriptions: z
    .array(z.object({ topic: z.string(), webhookId: z.string() }))
    .describe("Topic and id of each Shopify subscription"),
});

export type StackOutputs = z.infer<typeof stackOutputsSchema>;
