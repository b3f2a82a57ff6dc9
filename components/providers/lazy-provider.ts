import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource";
import type { Inputs } from "@pulumi/pulumi/output";

/** The dynamic providers of this project: `<name>.provider.ts` beside this file, each exporting `provider`. */
export type ProviderName = "shopify-app" | "shopify-webhook-subscription" | "frappe-document" | "d1-migrations";

/** Where a dynamic resource belongs: its provider, and its type under `pulumi-nodejs:dynamic/`, such as `shopify:App`. */
export interface DynamicKind {
  readonly provider: ProviderName;
  readonly type: `${string}:${string}`;
}

/**
 * A resource of Pulumi's dynamic provider whose code is loaded when it runs rather than captured when it is declared.
 *
 * `pulumi.dynamic.Resource` would serialise the provider's closures: with the API clients that is some 50 kB in the state
 * of every resource, a change in every diff after every edit, and 0.15 s of each preview. The text that stands in for them
 * here is constant and captures nothing, least of all a secret.
 */
export abstract class DynamicResource extends CustomResource {
  /** @param resource logical name, inputs, and each output that is no input as `undefined`. */
  constructor(kind: DynamicKind, resource: { name: string; props: Inputs }, opts?: CustomResourceOptions) {
    const props = { ...resource.props, __provider: providerSource(kind.provider) };
    super(`pulumi-nodejs:dynamic/${kind.type}`, resource.name, props, opts);
  }
}

/**
 * What Pulumi's dynamic provider host evaluates: `exports.handler` returns the provider. The host runs in the program's
 * directory (`main` in Pulumi.yaml), where the loader is, one below the project's.
 */
export function providerSource(name: ProviderName): string {
  return [
    `const { join } = require("node:path");`,
    `const { loadTypeScript } = require(join(process.cwd(), "load-typescript.cjs"));`,
    `const file = join(process.cwd(), "../components/providers/${name}.provider.ts");`,
    `exports.handler = () => loadTypeScript(file).provider;`,
  ].join("\n");
}
