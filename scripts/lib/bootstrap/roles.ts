/** A role on a customer's project, and the services of Google's whose resources it is for. */
export interface Role {
  readonly role: string;
  /** As in `@pulumi/gcp/<service>/…`. */
  readonly services: readonly string[];
}

/** What `pulumi up` of a customer needs in the customer's project. */
export const DEPLOYER_ROLES: readonly Role[] = [
  { role: "roles/serviceusage.serviceUsageAdmin", services: ["projects"] },
  { role: "roles/resourcemanager.projectIamAdmin", services: ["projects", "organizations"] },
  { role: "roles/compute.admin", services: ["compute"] },
  { role: "roles/iam.serviceAccountAdmin", services: ["serviceaccount"] },
  { role: "roles/iam.serviceAccountUser", services: ["serviceaccount"] },
  { role: "roles/artifactregistry.admin", services: ["artifactregistry"] },
  { role: "roles/secretmanager.admin", services: ["secretmanager"] },
  { role: "roles/storage.admin", services: ["storage"] },
  { role: "roles/monitoring.editor", services: ["monitoring"] },
  { role: "roles/pubsub.admin", services: ["pubsub"] },
];

/**
 * What a preview and a look for drift need there. It reads the values of secrets, because the provider compares them; it can
 * change nothing. `iam.securityReviewer` reads who may do what, of every kind of resource.
 */
export const READER_ROLES: readonly Role[] = [
  { role: "roles/serviceusage.serviceUsageViewer", services: ["projects"] },
  {
    role: "roles/iam.securityReviewer",
    services: ["projects", "organizations", "artifactregistry", "secretmanager", "storage"],
  },
  { role: "roles/compute.viewer", services: ["compute"] },
  { role: "roles/iam.serviceAccountViewer", services: ["serviceaccount"] },
  { role: "roles/artifactregistry.reader", services: ["artifactregistry"] },
  { role: "roles/secretmanager.viewer", services: ["secretmanager"] },
  { role: "roles/secretmanager.secretAccessor", services: ["secretmanager"] },
  { role: "roles/storage.bucketViewer", services: ["storage"] },
  { role: "roles/monitoring.viewer", services: ["monitoring"] },
  { role: "roles/pubsub.viewer", services: ["pubsub"] },
];
