import { UserError } from "../../../core/user-error";

/** What has to exist before the first stack, and what it is called. */
export interface Foundation {
  /** Google Cloud project id of state, key and federation; a customer's stack never stands in it. */
  readonly project: string;
  /** The number that Google gave to it. */
  readonly projectNumber: string;
  /** Region of bucket and key, in lower case. */
  readonly location: string;
  readonly bucket: string;
  /** "owner/name" at GitHub. */
  readonly repository: string;
  /** The numbers that GitHub gave to repository and owner. A name that is given up can be registered by someone else; a number cannot. */
  readonly repositoryId: string;
  readonly ownerId: string;
  /** Projects of customers, in which a deployer makes and the reader looks. */
  readonly customerProjects: Readonly<Record<Wave, readonly string[]>>;
}

/** Production's key, deployer and projects are apart from those of test customers, whose runs no reviewer stops. */
export const WAVES = ["test", "production"] as const;
export type Wave = (typeof WAVES)[number];

/** GitHub's environments: each of the workflows' jobs that has an identity runs in one. */
export const ENVIRONMENTS = { preview: "preview", watch: "watch", test: "test", production: "production" } as const;

export const KEY_RING = "pulumi";
/** What encrypts the secrets of a wave's stacks. */
export const KEYS: Readonly<Record<Wave, string>> = { test: "stacks-test", production: "stacks" };
export const POOL = "github";
export const PROVIDER = "github";
export const DEPLOYERS: Readonly<Record<Wave, string>> = {
  test: "erpnext-deployer-test",
  production: "erpnext-deployer",
};
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

/** A variable of GitHub's Actions; none is a secret. */
export interface GithubVariable {
  readonly name: string;
  readonly value: string;
  /** The environment that it is a variable of; undefined: of the repository. */
  readonly environment?: Wave;
}

/** What GitHub's variables are set to. A job sees the deployer of its own environment and no other. */
export function githubVariables(foundation: Foundation): readonly GithubVariable[] {
  const { bucket, projectNumber } = foundation;
  return [
    {
      name: "GCP_WORKLOAD_IDENTITY_PROVIDER",
      value: `projects/${projectNumber}/locations/global/workloadIdentityPools/${POOL}/providers/${PROVIDER}`,
    },
    { name: "GCP_READER", value: emailOf(READER, foundation) },
    { name: "PULUMI_BACKEND_URL", value: `gs://${bucket}` },
    ...WAVES.map((environment) => ({
      name: "GCP_DEPLOYER",
      value: emailOf(DEPLOYERS[environment], foundation),
      environment,
    })),
  ];
}

/** What a stack of a wave encrypts its secrets with. */
export function secretsProvider({ project, location }: Foundation, wave: Wave): string {
  return `gcpkms://projects/${project}/locations/${location}/keyRings/${KEY_RING}/cryptoKeys/${KEYS[wave]}`;
}

/** The options that name customers' projects. */
const PROJECT_OPTIONS: Readonly<Record<Wave, string>> = { test: "test-project", production: "customer-project" };

const SHAPES = [
  ["project", /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "agency-platform"],
  ["location", /^[a-z]+-[a-z]+\d+$/, "europe-west3"],
  ["bucket", /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/, "agency-platform-pulumi-state"],
  ["repository", /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[\w.-]+$/, "agency/erpnext"],
] as const;

/** What an operator says of a foundation; the rest is asked for at Google and GitHub. */
export type Names = Omit<Foundation, "projectNumber" | "repositoryId" | "ownerId">;

/** Names go into commands and conditions: one of another form is refused before anything is asked. @throws UserError */
export function refuseNames(given: Names): void {
  const pairs = [
    ...SHAPES.map(([field, shape, example]) => ({ field, shape, example, value: given[field] })),
    ...WAVES.flatMap((wave) => given.customerProjects[wave].map((value) => ({ wave, value }))).map(
      ({ wave, value }) => ({
        field: PROJECT_OPTIONS[wave],
        shape: SHAPES[0][1],
        example: "acme-erpnext",
        value,
      }),
    ),
  ];
  const wrong = pairs.find(({ shape, value }) => !shape.test(value));
  if (wrong === undefined) return;
  throw new UserError({ what: `"--${wrong.field}" is "${wrong.value}"`, next: `give one like "${wrong.example}"` });
}

/** The flags that name the key's place. */
export function keyPlace({ project, location }: Foundation): readonly string[] {
  return [`--keyring=${KEY_RING}`, `--location=${location}`, `--project=${project}`];
}
