import * as pulumi from "@pulumi/pulumi";

/** What the guard stands before. */
export interface DestroyGuardArgs {
  /** Refuse every destroy of the stack. */
  readonly protect: boolean;
}

/**
 * Makes `pulumi destroy` refuse before it has deleted anything. Pulumi looks at `protect` when a resource's turn comes, and deletes in
 * the order of dependencies: without the guard a destroy of production takes subscriptions, settings and schedule before the first
 * protected resource stops it. The guard depends on everything else, so its turn is the first, and while it stays all that it depends on
 * stays (pulumi v3.256.0, pkg/resource/deploy/deployment_executor.go, performDeletes). It is nothing in any cloud.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  /** @param everything All other resources of the stack; the children of a component are meant with it. */
  constructor(name: string, { protect }: DestroyGuardArgs, everything: readonly pulumi.Resource[]) {
    super("erpnext:stack:DestroyGuard", name, {}, { protect, dependsOn: [...everything] });
    this.registerOutputs({});
  }
}
