import type { CustomResourceOptions } from "@pulumi/pulumi/resource";
import { secret, type Input, type Inputs, type Output } from "@pulumi/pulumi/output";

import { DynamicResource } from "./lazy-provider";

/** One document of a Frappe site and how it is treated. */
export interface FrappeDocumentArgs {
  /** `https://<hosts.ui>`. After a change the document is seen to on the new site; the old one is left alone. */
  readonly siteUrl: Input<string>;
  /** Where requests go instead. Default: `siteUrl`. A change is no change of the document. */
  readonly apiUrl?: Input<string>;
  /** The customer's slug, for messages. */
  readonly customer: Input<string>;
  /** Service token of the Cloudflare Access application before the site. Default: none stands there. */
  readonly accessClientId?: Input<string>;
  /** Secret, also in the state, which needs it to read and delete. */
  readonly accessClientSecret?: Input<string>;
  /** A change replaces. */
  readonly doctype: Input<string>;
  /** The name that Frappe gives it; for a Single its doctype. A change replaces. */
  readonly documentName: Input<string>;
  /** Whether it is a Single, which always exists and is never deleted: that would wipe all its values. Default: false. */
  readonly single?: Input<boolean>;
  /** Make it where it is missing, otherwise leave it untouched and compare nothing. Default: false. */
  readonly ifAbsent?: Input<boolean>;
  /** Never write: it must exist and hold the values. Default: false. */
  readonly expect?: Input<boolean>;
  /**
   * Fields with their values; no other field is checked. A child table is a list of rows, compared in order and by the
   * columns given, and written as a whole.
   */
  readonly values: Inputs;
  /** Secret fields, each with the key of the stack's configuration that holds its value. Default: none. */
  readonly secretValues?: Input<Record<string, string>>;
}

/**
 * A document in ERPNext. One that exists already is adopted, and then not deleted: only what this project made is.
 * Secrets are kept as digests.
 */
export class FrappeDocument extends DynamicResource {
  // Declared only: a field that is defined after super() would overwrite the output that Pulumi put there.
  declare readonly doctype: Output<string>;
  declare readonly documentName: Output<string>;
  /** The managed fields as they were last seen. */
  declare readonly values: Output<Record<string, unknown>>;
  /** Whether this resource made the document. */
  declare readonly createdHere: Output<boolean>;

  constructor(name: string, args: FrappeDocumentArgs, opts?: CustomResourceOptions) {
    const { accessClientSecret } = args;
    const marked = accessClientSecret === undefined ? {} : { accessClientSecret: secret(accessClientSecret) };
    const props = { ...args, ...marked, createdHere: undefined };
    super({ provider: "frappe-document", type: "frappe:Document" }, { name, props }, opts);
  }
}
