import { createHash } from "node:crypto";

import { CloudError } from "../cloud-error";
import { contextHash } from "./build-context";
import type { Records } from "../records";
import type { Aid, InputCheck, ProviderDefinition, ResourceType, Situation } from "../resource-type";
import { isRecord, items, strings, text, without } from "../values";
import type { Properties, Value } from "../values";
import { REPOSITORY } from "./gcp-data";
import { findTag, TAG, parseReference, pushTag, taggedName } from "./registry";
import type { ImageContent, ImageReference } from "./registry";

export const IMAGE = "docker-build:index:Image";
const INDEX = "docker-build:index:Index";

const reference: InputCheck = (value) =>
  typeof value === "string" && parseReference(value) !== undefined
    ? undefined
    : `must be an image reference such as "registry/project/image:tag", not ${JSON.stringify(value)}`;

const image: ResourceType = {
  token: IMAGE,
  checks: { "tags.*": reference },
  inputDefaults: { buildOnPreview: true, network: "default" },
  secrets: ["secrets"],
  // Short-lived tokens are new in every run.
  ignores: ["registries.password"],
  volatile: ["digest", "contextHash", "ref"],
  // What exists are the tags in a registry; an image that was not pushed belongs to no one.
  kept: false,
  gone: (state, records) =>
    isPushed(state) && !strings(state, "tags").some((tag) => holds(records, tag, text(state, "digest"))),
  id: ({ inputs }) => text(inputs, "digest"),
  computed: () => ({ digest: "", contextHash: "", ref: "" }),
  drifts: (situation, state) => (contextOf(situation) === text(state, "contextHash") ? [] : ["contextHash"]),
  effects: {
    create: (situation, aid) => build(situation, aid),
    update: (situation, aid) => build(situation, aid),
    delete: (situation, aid, state) => unpush(situation, aid, state),
  },
};

const index: ResourceType = {
  token: INDEX,
  checks: { tag: reference, "sources.*": reference },
  inputDefaults: { push: true },
  ignores: ["registry.password"],
  volatile: ["ref"],
  kept: false,
  gone: (state, records) =>
    state["push"] !== false && !holds(records, text(state, "tag"), text(state, "ref").split("@")[1] ?? ""),
  id: ({ inputs }) => text(inputs, "tag"),
  computed: () => ({ ref: "" }),
  effects: {
    create: (situation) => assemble(situation),
    update: (situation) => assemble(situation),
    delete: (situation, aid, state) => unpush(situation, aid, { ...state, tags: [text(state, "tag")] }),
  },
};

/** Images are not built here: what the same inputs would give gets the same digest, and pushing is what a registry would allow. */
export const dockerBuildProvider: ProviderDefinition = {
  name: "docker-build",
  detailedDiff: true,
  checkConfig: () => [],
  types: [image, index],
  invokes: [],
};

async function build(situation: Situation, aid: Aid): Promise<Properties> {
  const { inputs } = situation;
  for (const [name, location] of Object.entries(namedContexts(inputs))) resolveNamed(situation, name, location);
  const hash = contextOf(situation);
  const image = imageOf([hash, without(inputs, ["tags", "registries", "push", "load", "exports", "buildOnPreview"])]);
  const { digest } = image;
  const tags = strings(inputs, "tags");
  if (isPushed(inputs)) push(situation, tags, image);
  else
    await aid.say(
      "warning",
      "No exports were specified, so the image stays in the build cache; use `push` to upload it.",
    );
  const [first] = tags;
  return { contextHash: hash, digest, ref: first === undefined ? "" : `${first}@${digest}` };
}

function assemble(situation: Situation): Promise<Properties> {
  const { inputs, records } = situation;
  const sources = strings(inputs, "sources").map((source) => {
    const parsed = parseReference(source);
    const pushed = parsed === undefined ? undefined : findTag(records, parsed);
    if (pushed === undefined)
      throw new CloudError(
        404,
        `The registry holds no image "${source}", which ${situation.name} is to list; push it first.`,
      );
    return text(pushed.outputs, "digest");
  });
  const tag = text(inputs, "tag");
  const digest = digestOf(sources);
  if (inputs["push"] !== false) push(situation, [tag], { digest });
  return Promise.resolve({ ref: `${tag}@${digest}` });
}

/** All tags are checked before the first is moved. */
function push(situation: Situation, tags: readonly string[], image: PushedImage): void {
  const references = tags.map((tag) => parseReference(tag)).filter((parsed) => parsed !== undefined);
  for (const parsed of references) refusePush(situation, parsed, image.digest);
  for (const parsed of references) pushTag(situation.records, taggedName(parsed), image);
}

function refusePush({ records }: Situation, parsed: ImageReference, digest: string): void {
  const repository = repositoryOf(parsed);
  if (repository === undefined) return;
  const name = taggedName(parsed);
  const record = records.get(REPOSITORY, repository);
  if (record === undefined) {
    throw new CloudError(
      404,
      `name unknown: the repository "${repository}" does not exist; create it before "${name}" is pushed.`,
    );
  }
  if (record.inputs["format"] !== "DOCKER")
    throw new CloudError(400, `The repository "${repository}" does not hold Docker images.`);
  const there = records.get(TAG, name);
  if (there === undefined || text(there.outputs, "digest") === digest || !hasImmutableTags(record.inputs)) return;
  throw new CloudError(
    400,
    `failed to push ${name}: unknown: cannot update tag ${parsed.tag}. The repository has enabled tag immutability`,
  );
}

/** What cannot be deleted stays: the plugin warns and goes on. */
async function unpush(situation: Situation, aid: Aid, state: Properties): Promise<void> {
  const { records } = situation;
  for (const tag of strings(state, "tags")) {
    const parsed = parseReference(tag);
    if (parsed === undefined) continue;
    const repository = records.get(REPOSITORY, repositoryOf(parsed) ?? "");
    if (repository !== undefined && hasImmutableTags(repository.inputs)) {
      await aid.say("warning", `${taggedName(parsed)} stays: its repository's tags are immutable.`);
    } else {
      records.remove(TAG, taggedName(parsed));
    }
  }
}

/** Whether a tag is there and still means this digest. */
function holds(records: Records, tag: string, digest: string): boolean {
  const parsed = parseReference(tag);
  return parsed !== undefined && records.get(TAG, taggedName(parsed))?.outputs["digest"] === digest;
}

/** The Artifact Registry repository that an image of a "<location>-docker.pkg.dev" host belongs to. */
function repositoryOf({ host, path }: ImageReference): string | undefined {
  const location = /^(.+)-docker\.pkg\.dev$/.exec(host)?.[1];
  if (location === undefined) return undefined;
  const [project = "", repository = ""] = path.split("/");
  return `projects/${project}/locations/${location}/repositories/${repository}`;
}

function hasImmutableTags(repository: Properties): boolean {
  return isRecord(repository["dockerConfig"]) && repository["dockerConfig"]["immutableTags"] === true;
}

function isPushed(inputs: Properties): boolean {
  return (
    inputs["push"] === true ||
    items(inputs, "exports").some(
      (item) => item["registry"] !== undefined || text(item, "raw").includes("type=registry"),
    )
  );
}

function contextOf({ session, inputs }: Situation): string {
  return contextHash(session.directory, {
    location: text(inputs, "context.location"),
    dockerfile: text(inputs, "dockerfile.location"),
    named: namedContexts(inputs),
  });
}

function namedContexts(inputs: Properties): Record<string, string> {
  const context = inputs["context"];
  const named = isRecord(context) && isRecord(context["named"]) ? context["named"] : {};
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [key, isRecord(value) ? text(value, "location") : ""]),
  );
}

/** BuildKit reads a context's name as an image reference, and loads what a docker-image:// location names before it builds. */
function resolveNamed({ records }: Situation, name: string, location: string): void {
  if (parseReference(name) === undefined)
    throw new CloudError(400, `invalid reference format: the named context "${name}".`);
  if (!location.startsWith("docker-image://")) return;
  const image = parseReference(location.slice("docker-image://".length));
  if (image === undefined)
    throw new CloudError(400, `invalid reference format: "${location}" of the named context "${name}".`);
  // What other registries hold is not known here.
  if (repositoryOf(image) === undefined || findTag(records, image) !== undefined) return;
  throw new CloudError(
    404,
    `failed to resolve source metadata for ${location.slice("docker-image://".length)}: not found.`,
  );
}

type PushedImage = { readonly digest: string } & Partial<ImageContent>;

/** An image of one blob, which says what it was made from. */
function imageOf(content: Value): PushedImage {
  const blob = canonical(content);
  const descriptor = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: sha256(blob),
    size: Buffer.byteLength(blob),
  };
  const manifest = canonical({ schemaVersion: 2, config: descriptor, layers: [] });
  return { digest: sha256(manifest), manifest, blob };
}

function digestOf(content: Value): string {
  return sha256(canonical(content));
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** JSON with sorted keys. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_key, item: Value) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
