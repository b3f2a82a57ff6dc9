import { looksLikeSecret } from "../../core/secrets";
import { leavesOf, SECRET, UNKNOWN, type PolicyResource, type Rule } from "./rule";

/** What production has once: data, what leads to it, and what it can go back to. */
const KEPT = new Set([
  "gcp:compute/disk:Disk",
  "gcp:compute/address:Address",
  "gcp:artifactregistry/repository:Repository",
  "gcp:storage/bucket:Bucket",
  "cloudflare:index/d1Database:D1Database",
]);

/** Nothing of production's goes by an edit. */
export const PRODUCTION_PROTECTED: Rule = {
  name: "production-protected",
  why: "One renamed resource deletes a customer's books, their backups, or the address that Shopify delivers to.",
  faultOf: (resource, { environment }) => (environment === "production" ? unprotected(resource) : undefined),
};

function unprotected({ type, inputs, protect }: PolicyResource): string | undefined {
  if (KEPT.has(type) && !protect) return 'of a production customer is not protected: set the option "protect"';
  if (inputs["forceDestroy"] === true) {
    return 'of a production customer would be deleted with all that is in it: set "forceDestroy" to false';
  }
  const { deletionProtection } = inputs;
  if (type !== "gcp:compute/instance:Instance" || deletionProtection === true || deletionProtection === UNKNOWN) {
    return undefined;
  }
  return 'of a production customer can be deleted: set "deletionProtection" to true';
}

/** What is read by whatever runs on the server says nothing that opens a door. */
export const METADATA_WITHOUT_SECRETS: Rule = {
  name: "metadata-without-secrets",
  why: "Every process on the server and everyone who may look at the project reads the metadata.",
  faultOf: ({ type, inputs }) => {
    if (!type.startsWith("gcp:compute/")) return undefined;
    const { metadata, metadataStartupScript } = inputs;
    for (const [path, value] of leavesOf({ metadata, metadataStartupScript })) {
      if (value === SECRET) return `has a secret of the stack in ${path}: ${INSTEAD}`;
      if (typeof value === "string" && looksLikeSecret(value)) {
        return `has what looks like a credential in ${path}: ${INSTEAD}`;
      }
    }
    return undefined;
  },
};

const INSTEAD = "put it into Secret Manager, which the server reads with its own identity";
