import type { Customer } from "../../customers/schema";
import { fieldsOf, leavesOf, listOf, textOf, UNKNOWN, type PolicyResource, type Rule } from "./rule";

/** Every image by a tag that is one build for good, and by its digest where it is run or built upon. */
export const PINNED_IMAGE: Rule = {
  name: "pinned-image",
  why: "A tag that moves is another program after the next restart, and there is nothing to go back to.",
  faultOf: (resource, customer) => CHECKS[resource.type]?.(resource, customer),
};

/**
 * One tag, one build. The docker-build provider (0.0.22, provider/internal/image.go) builds and pushes in every update, whatever the difference is;
 * a changed file of the context is not among the inputs, and shows as the update alone.
 */
export const ONE_BUILD_PER_TAG: Rule = {
  name: "one-build-per-tag",
  why: "The registry's tags are immutable, so the push of a second build is refused and the whole update ends there.",
  faultOf: ({ type, inputs, before }) => {
    if (type !== "docker-build:index:Image" || before === undefined) return undefined;
    const had = new Set(listOf(before["tags"]));
    const again = (listOf(inputs["tags"]) ?? []).flatMap((tag) => textOf(tag) ?? []).find((tag) => had.has(tag));
    if (again === undefined) return undefined;
    return `would be built again under the tag "${again}", which the registry refuses: undo the change, or give "erpnext.imageTag" a new release`;
  },
};

const CHECKS: Readonly<Record<string, Rule["faultOf"]>> = {
  "docker-build:index:Image": (resource, customer) => floatingTag(resource, customer) ?? floatingBase(resource),
  "gcp:artifactregistry/repository:Repository": ({ inputs }) => {
    const { immutableTags } = fieldsOf(inputs["dockerConfig"]);
    if (immutableTags === true || immutableTags === UNKNOWN || inputs["dockerConfig"] === UNKNOWN) return undefined;
    return 'lets a tag be pushed a second time: set "dockerConfig.immutableTags" to true';
  },
  "gcp:compute/instance:Instance": ranByTag,
};

function floatingTag({ inputs }: PolicyResource, { erpnext }: Customer): string | undefined {
  const tags = (listOf(inputs["tags"]) ?? []).flatMap((tag) => textOf(tag) ?? []);
  if (tags.length === 0 && inputs["tags"] !== UNKNOWN) return 'has no tag: name it in "tags"';
  const other = tags.find((tag) => !tag.endsWith(`:${erpnext.imageTag}`));
  if (other === undefined) return undefined;
  return `is pushed as "${other}" and not under the tag "${erpnext.imageTag}" of the intake: use "erpnext.imageTag" alone`;
}

function floatingBase({ inputs }: PolicyResource): string | undefined {
  const named = fieldsOf(fieldsOf(inputs["context"])["named"]);
  for (const [, location] of leavesOf(named)) {
    const image = textOf(location);
    if (image?.startsWith("docker-image://") === true && !DIGEST.test(image)) {
      return `is built on "${image}" without a digest: pin it with "npm run pin-base-images"`;
    }
  }
  return undefined;
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** The variable of the server's environment by which it pulls (docs/server.md). */
const RUNS = /^IMAGE_REF="?([^"\n]*)"?$/m;

function ranByTag({ inputs }: PolicyResource, { erpnext }: Customer): string | undefined {
  const environment = textOf(fieldsOf(inputs["metadata"])["erpnext-env"]);
  if (environment === undefined) return undefined;
  const reference = RUNS.exec(environment)?.[1] ?? "";
  if (DIGEST.test(reference) && reference.includes(`:${erpnext.imageTag}@`)) return undefined;
  return `runs "${reference}" and not the tag "${erpnext.imageTag}" by its digest: give IMAGE_REF as <name>:<tag>@sha256:<digest>`;
}
