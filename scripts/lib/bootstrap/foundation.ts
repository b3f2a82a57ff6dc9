import { UserError } from "../../../components/shared/user-error";

/** What has to exist before the first stack, and what it is called. */
export interface Foundation {
  /** Google Cloud project id of state, key and federation; a customer's stack never stands in it. */
  readonly project: string;
  /** The number that Google gave to it. */
  readonly projectNumber: string;
  /** Region of bucket and key, in lower case. */
  readonly location: string;
  readonly bucket: string;
  /** "owner/name" at GitHub: nobody else's runs get an identity. */
  readonly repository: string;
  /** Projects of customers, in which the deployer makes and the reader looks. */
  readonly customerProjects: readonly string[];
}

export const KEY_RING = "pulumi";
export const KEY = "stacks";
export const POOL = "github";
export const PROVIDER = "github";
export const DEPLOYER = "erpnext-deployer";
export const READER = "erpnext-reader";

/** The branch whose runs may deploy. */
export const DEPLOYED_REF = "refs/heads/main";

/** Name of the bucket when none is given; buckets of all of Google's customers share one space of names. */
export function defaultBucket(project: string): string {
  return `${project}-pulumi-state`;
}

export function emailOf(account: string, { project }: Foundation): string {
  return `${account}@${project}.iam.gserviceaccount.com`;
}

/** What GitHub's repository variables are set to. None of them is a secret. */
export function githubVariables(foundation: Foundation): Readonly<Record<string, string>> {
  const { bucket, projectNumber } = foundation;
  return {
    GCP_WORKLOAD_IDENTITY_PROVIDER: `projects/${projectNumber}/locations/global/workloadIdentityPools/${POOL}/providers/${PROVIDER}`,
    GCP_DEPLOYER: emailOf(DEPLOYER, foundation),
    GCP_READER: emailOf(READER, foundation),
    PULUMI_BACKEND_URL: `gs://${bucket}`,
  };
}

export function secretsProvider({ project, location }: Foundation): string {
  return `gcpkms://projects/${project}/locations/${location}/keyRings/${KEY_RING}/cryptoKeys/${KEY}`;
}

const SHAPES = [
  ["project", /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "agency-platform"],
  ["location", /^[a-z]+-[a-z]+\d+$/, "europe-west3"],
  ["bucket", /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/, "agency-platform-pulumi-state"],
  ["repository", /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[\w.-]+$/, "agency/erpnext"],
] as const;

/** Names go into commands and conditions: one of another form is refused before anything is asked. @throws UserError */
export function refuseNames(given: Omit<Foundation, "projectNumber">): void {
  const pairs = [
    ...SHAPES.map(([field, shape, example]) => ({ field, shape, example, value: given[field] })),
    ...given.customerProjects.map((value) => ({
      field: "customer-project",
      shape: SHAPES[0][1],
      example: "acme-erpnext",
      value,
    })),
  ];
  const wrong = pairs.find(({ shape, value }) => !shape.test(value));
  if (wrong === undefined) return;
  throw new UserError({ what: `"--${wrong.field}" is "${wrong.value}"`, next: `give one like "${wrong.example}"` });
}

/** The flags that name the key's place. */
export function keyPlace({ project, location }: Foundation): readonly string[] {
  return [`--keyring=${KEY_RING}`, `--location=${location}`, `--project=${project}`];
}
