import { customerLabels } from "../../components/shared/labels";
import type { Customer } from "../../customers/schema";
import { fieldsOf, leavesOf, textOf, UNKNOWN, type PolicyResource, type Rule } from "./rule";

/** Types of Google's that take labels, and the input that does; a test compares this with the pinned SDK. */
export const LABELLED_TYPES: Readonly<Record<string, "labels" | "userLabels">> = {
  "gcp:artifactregistry/repository:Repository": "labels",
  "gcp:compute/address:Address": "labels",
  "gcp:compute/disk:Disk": "labels",
  "gcp:compute/instance:Instance": "labels",
  "gcp:monitoring/alertPolicy:AlertPolicy": "userLabels",
  "gcp:monitoring/notificationChannel:NotificationChannel": "userLabels",
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": "userLabels",
  "gcp:secretmanager/secret:Secret": "labels",
  "gcp:storage/bucket:Bucket": "labels",
};

/** Everything says whose it is. */
export const LABELLED: Rule = {
  name: "labelled",
  why: "What has no label is on no customer's bill, and the sweep of expired test customers does not find it.",
  faultOf: ({ type, inputs }, customer) => {
    const field = LABELLED_TYPES[type];
    if (field === undefined || inputs[field] === UNKNOWN) return undefined;
    const labels = fieldsOf(inputs[field]);
    const missing = Object.entries(customerLabels(customer)).find(
      ([key, value]) => labels[key] !== value && labels[key] !== UNKNOWN,
    );
    if (missing === undefined) return undefined;
    return `has no label "${missing[0]}" with the value "${missing[1]}": give it the customer's labels in "${field}"`;
  },
};

/** Nothing of the customer's stands where the intake does not say. */
export const INTAKE_PLACES: Rule = {
  name: "intake-places",
  why: "A copy of the books in another region breaks the customer's contract, one in another project mixes two customers.",
  faultOf: (resource, customer) => {
    if (!isOfGoogle(resource)) return undefined;
    for (const [path, value] of leavesOf(resource.inputs)) {
      const field = PLACES[lastKey(path)];
      const place = textOf(value);
      if (field === undefined || place === undefined) continue;
      const wanted = field(customer);
      if (place.toLowerCase() !== wanted) return `has "${place}" in ${path}: use "${wanted}", as the intake says`;
    }
    return undefined;
  },
};

function isOfGoogle({ type }: PolicyResource): boolean {
  return type.startsWith("gcp:") || type === "pulumi:providers:gcp";
}

const region = ({ gcp }: Customer): string => gcp.region;

/** Inputs that say where something stands, at whichever depth. */
const PLACES: Readonly<Record<string, (customer: Customer) => string>> = {
  project: ({ gcp }) => gcp.project,
  region,
  location: region,
  storageLocations: region,
  zone: ({ gcp }) => gcp.zone,
};

/** The field that a path ends in, without the indices after it. */
function lastKey(path: string): string {
  return /(\w+)(?:\[\d+\])*$/.exec(path)?.[1] ?? "";
}
