import { CloudError } from "../cloud-error";
import type { Records } from "../records";
import type { Invoke } from "../resource-type";
import { text } from "../values";
import type { Properties } from "../values";
import { REPOSITORY } from "./gcp-data";
import { TAG } from "./registry";

/**
 * An image of a repository by its tag. As terraform-provider-google-beta reads it (2026-08-21, services/artifactregistry/
 * data_source_artifact_registry_docker_image.go): with the provider's own credentials it lists the repository's images, whose names end in
 * `/<name, URL-escaped>@<digest>`, and takes the one that has the tag. It says "Requested image was not found." and not which.
 */
export const getDockerImage: Invoke = {
  token: "gcp:artifactregistry/getDockerImage:getDockerImage",
  read: (args, { records, session }) => {
    const project = text(args, "project") || text(session.config, "project");
    const [location, repositoryId] = [text(args, "location"), text(args, "repositoryId")];
    const repository = `projects/${project}/locations/${location}/repositories/${repositoryId}`;
    if (records.get(REPOSITORY, repository) === undefined) {
      throw new CloudError(404, `googleapi: Error 404: Requested entity was not found: ${repository}`);
    }
    const [, name = "", tag = ""] = /^([^:@]+):([^:@]+)$/.exec(text(args, "imageName")) ?? [];
    const base = `${location}-docker.pkg.dev/${project}/${repositoryId}/${name}`;
    const digest = text(records.get(TAG, `${base}:${tag}`)?.outputs ?? {}, "digest");
    if (digest === "") throw new CloudError(404, "Requested image was not found.");
    return {
      ...args,
      project,
      id: `${repository}/dockerImages/${text(args, "imageName")}`,
      name: `${repository}/dockerImages/${encodeURIComponent(name)}@${digest}`,
      selfLink: `${base}@${digest}`,
      tags: tagsOf(records, base, digest),
      mediaType: "application/vnd.oci.image.index.v1+json",
    } satisfies Properties;
  },
};

function tagsOf(records: Records, base: string, digest: string): string[] {
  const tagged = records
    .list(TAG)
    .filter(({ id, outputs }) => id.startsWith(`${base}:`) && outputs["digest"] === digest);
  return tagged.map(({ id }) => id.slice(base.length + 1));
}
