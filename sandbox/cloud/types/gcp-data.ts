import { form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { CloudRecord } from "../records";
import type { ResourceType, Situation } from "../resource-type";
import { text } from "../values";
import { iamBinding, requireMember } from "./gcp-project";
import { gcp, numericId, placeOf, projectNumber } from "./gcp-type";
import { TAG } from "./registry";

export const REPOSITORY = "gcp:artifactregistry/repository:Repository";
export const SECRET = "gcp:secretmanager/secret:Secret";
const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
export const BUCKET = "gcp:storage/bucket:Bucket";
/** A file in a bucket. Nothing of the project declares one: backups are planted by what plays the server. */
export const BUCKET_OBJECT = "gcp:storage/bucketObject:BucketObject";

const ARTIFACT_REGISTRY = "artifactregistry.googleapis.com";
const SECRET_MANAGER = "secretmanager.googleapis.com";

const repository = gcp({
  token: REPOSITORY,
  api: ARTIFACT_REGISTRY,
  checks: {
    repositoryId: form(
      /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "1 to 63 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    format: oneOf("DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "KFP", "GENERIC"),
    mode: oneOf("STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"),
  },
  defaults: { mode: "STANDARD_REPOSITORY", cleanupPolicyDryRun: false },
  replaces: ["format", "location", "repositoryId", "kmsKeyName", "mode", "remoteRepositoryConfig", "project"],
  id: (situation) =>
    `projects/${placeOf(situation).project}/locations/${locationOf(situation)}/repositories/${text(situation.inputs, "repositoryId")}`,
  planned: (situation) => ({ location: locationOf(situation) }),
  computed: (situation) => ({
    name: text(situation.inputs, "repositoryId"),
    registryUri: `${locationOf(situation)}-docker.pkg.dev/${placeOf(situation).project}/${text(situation.inputs, "repositoryId")}`,
    createTime: situation.now,
    updateTime: situation.now,
  }),
  volatile: ["updateTime"],
  owns: (record, other) => other.type === TAG && other.id.startsWith(`${text(record.outputs, "registryUri")}/`),
});

const repositoryMember = iamBinding({
  token: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
  api: ARTIFACT_REGISTRY,
  replaces: ["repository", "location", "role", "member", "project", "condition"],
  target: (situation) => repositoryPath(situation),
  verify: (situation) => {
    exists(situation, REPOSITORY, repositoryPath(situation));
  },
});

const secret = gcp({
  token: SECRET,
  api: SECRET_MANAGER,
  checks: { secretId: form(/^[A-Za-z0-9_-]{1,255}$/, 'at most 255 letters, digits, "_" and "-"') },
  defaults: { deletionProtection: false },
  replaces: ["secretId", "replication", "project", "tags"],
  id: (situation) => `projects/${placeOf(situation).project}/secrets/${text(situation.inputs, "secretId")}`,
  computed: (situation) => ({
    name: `projects/${projectNumber(placeOf(situation).project)}/secrets/${text(situation.inputs, "secretId")}`,
    createTime: situation.now,
  }),
  release: (record) => {
    if (record.inputs["deletionProtection"] !== true) return;
    throw new CloudError(
      412,
      `The secret "${record.id}" has "deletionProtection"; set it to false and update before deleting.`,
    );
  },
  owns: (record, other) =>
    other.type === SECRET_VERSION && other.id.startsWith(`${text(record.outputs, "name")}/versions/`),
});

const secretVersion = gcp({
  token: SECRET_VERSION,
  api: SECRET_MANAGER,
  defaults: { enabled: true },
  secrets: ["secretData"],
  replaces: ["secretData", "secretDataWoVersion", "secret", "isSecretDataBase64"],
  id: (situation) => `${versionsOf(situation)}/versions/${nextVersion(situation)}`,
  computed: (situation) => ({
    name: situation.id,
    version: situation.id.split("/").at(-1) ?? "",
    createTime: situation.now,
    destroyTime: "",
  }),
  verify: (situation) => {
    exists(situation, SECRET, secretPath(situation));
    const data = text(situation.inputs, "secretData");
    if (data === "")
      throw new CloudError(400, `A version of "${secretPath(situation)}" needs a payload that is not empty.`);
  },
});

const secretMember = iamBinding({
  token: "gcp:secretmanager/secretIamMember:SecretIamMember",
  api: SECRET_MANAGER,
  replaces: ["secretId", "role", "member", "project", "condition"],
  target: (situation) => secretPath(situation, "secretId"),
  verify: (situation) => {
    exists(situation, SECRET, secretPath(situation, "secretId"));
  },
});

const bucket = gcp({
  token: BUCKET,
  api: "storage.googleapis.com",
  autoname: "name",
  checks: {
    name: form(
      /^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits, hyphens, dots and underscores",
    ),
    storageClass: oneOf("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE"),
    publicAccessPrevention: oneOf("inherited", "enforced"),
    "lifecycleRules.*.action.type": oneOf("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
  },
  defaults: {
    forceDestroy: false,
    storageClass: "STANDARD",
    uniformBucketLevelAccess: false,
    publicAccessPrevention: "inherited",
  },
  replaces: ["name", "location", "project", "enableObjectRetention", "hierarchicalNamespace"],
  id: ({ inputs }) => text(inputs, "name"),
  planned: ({ inputs }) => ({ url: `gs://${text(inputs, "name")}` }),
  computed: (situation) => ({
    selfLink: `https://www.googleapis.com/storage/v1/b/${text(situation.inputs, "name")}`,
    projectNumber: Number(projectNumber(placeOf(situation).project)),
    timeCreated: situation.now,
    updated: situation.now,
  }),
  volatile: ["updated"],
  release: (record, records) => {
    const held = records.list(BUCKET_OBJECT).filter((object) => text(object.inputs, "bucket") === record.id).length;
    if (held === 0 || record.inputs["forceDestroy"] === true) return;
    throw new CloudError(
      409,
      `The bucket "${record.id}" holds ${held} objects; empty it, or set "forceDestroy" and update.`,
    );
  },
  owns: (record, other) => other.type === BUCKET_OBJECT && text(other.inputs, "bucket") === record.id,
});

/** All grants of a bucket at once. */
const bucketPolicy = gcp({
  token: "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
  api: "storage.googleapis.com",
  replaces: ["bucket"],
  shared: true,
  id: ({ inputs }) => `b/${text(inputs, "bucket").replace(/^b\//, "")}`,
  computed: () => ({ etag: `CA${numericId()}=` }),
  volatile: ["etag"],
  verify: (situation) => {
    exists(situation, BUCKET, text(situation.inputs, "bucket").replace(/^b\//, ""));
    const { bindings } = JSON.parse(text(situation.inputs, "policyData")) as { bindings: { members: string[] }[] };
    for (const member of bindings.flatMap(({ members }) => members)) requireMember(situation, member);
  },
});

export const dataTypes: readonly ResourceType[] = [
  repository,
  repositoryMember,
  secret,
  secretVersion,
  secretMember,
  bucket,
  bucketPolicy,
];

function exists(situation: Situation, type: string, id: string): CloudRecord {
  const record = situation.records.get(type, id);
  if (record !== undefined) return record;
  throw new CloudError(
    404,
    `Google Cloud knows no ${type} "${id}", which ${situation.name} refers to; create it first.`,
  );
}

function locationOf(situation: Situation): string {
  return text(situation.inputs, "location") || placeOf(situation).region;
}

function repositoryPath(situation: Situation): string {
  const named = text(situation.inputs, "repository");
  if (named.startsWith("projects/")) return named;
  return `projects/${placeOf(situation).project}/locations/${locationOf(situation)}/repositories/${named}`;
}

/** A secret's id from its id, its name with the project's number, or its short name. */
function secretPath(situation: Situation, key = "secret"): string {
  const { project } = placeOf(situation);
  const named = text(situation.inputs, key);
  return named.startsWith("projects/")
    ? named.replace(/^projects\/\d+\//, `projects/${project}/`)
    : `projects/${project}/secrets/${named}`;
}

function versionsOf(situation: Situation): string {
  const { project } = placeOf(situation);
  return secretPath(situation).replace(`projects/${project}/`, `projects/${projectNumber(project)}/`);
}

/** Versions count up from the highest there is. */
function nextVersion(situation: Situation): number {
  const prefix = `${versionsOf(situation)}/versions/`;
  const numbers = situation.records
    .list(SECRET_VERSION)
    .filter((record) => record.id.startsWith(prefix))
    .map((record) => Number(record.id.slice(prefix.length)));
  return Math.max(0, ...numbers) + 1;
}
