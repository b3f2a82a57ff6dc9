import { Service } from "@pulumi/gcp/projects/service";
import * as pulumi from "@pulumi/pulumi";

/** Google APIs that a customer's stack calls; a fresh project has none of them but Cloud Storage's. */
const APIS = [
  "artifactregistry",
  "cloudresourcemanager",
  "compute",
  // Vulnerabilities of every image that is pushed.
  "containerscanning",
  "iam",
  "iap",
  "logging",
  "monitoring",
  "oslogin",
  "secretmanager",
  "storage",
] as const;

/** What a stack calls besides, where the intake asks for it. */
export type OptionalApi = "pubsub";

/** Which project is made ready. */
export interface ProjectServicesArgs {
  /** Google Cloud project id. */
  readonly project: string;
  /** Further APIs. Default: none. */
  readonly more?: readonly OptionalApi[];
  /**
   * Resolves once the APIs answer, which they do some time after they were enabled. An update waits for it when they are enabled; a
   * preview does not. Default: nothing is waited for.
   */
  readonly answer?: () => pulumi.Input<void>;
}

/**
 * The Google APIs that everything else of the customer's project needs; make the other components depend on this one.
 * They stay enabled when the stack goes: switching one off would take whatever else runs in the project with it.
 */
export class ProjectServices extends pulumi.ComponentResource {
  /** The project, known once all of its APIs are enabled. */
  readonly project: pulumi.Output<string>;
  private readonly answering: pulumi.Output<pulumi.Resource>;

  constructor(name: string, args: ProjectServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ProjectServices", name, {}, opts);

    const services = [...APIS, ...(args.more ?? [])].map((api) => this.service(name, args, api));

    this.project = pulumi.all(services.map((service) => service.project)).apply(() => args.project);
    const { answer } = args;
    // In a preview what is enabled later is known already, and nothing has been.
    this.answering = pulumi
      .all(services.map((service) => service.urn))
      .apply(() => (answer === undefined || pulumi.runtime.isDryRun() ? undefined : answer()))
      .apply((): pulumi.Resource => this);
    this.registerOutputs({ project: this.project });
  }

  /** This component, known once its APIs answer: what needs them depends on it. */
  ready(): pulumi.Output<pulumi.Resource> {
    return this.answering;
  }

  private service(name: string, args: ProjectServicesArgs, api: string): Service {
    return new Service(
      `${name}-${api}`,
      { project: args.project, service: `${api}.googleapis.com`, disableOnDestroy: false },
      { parent: this },
    );
  }
}
