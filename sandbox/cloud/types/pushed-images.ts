import { createHash } from "node:crypto";

import type { RegistryStore } from "../../registry-api";
import type { CloudRecord, Records } from "../records";
import { isRecord, text } from "../values";
import { REPOSITORY } from "./gcp-data";
import { parseReference, pushTag, TAG, type ImageContent } from "./registry";

/** The images of the cloud's registries, in the terms of the distribution API. A path has no region, and is one repository's here. */
export class PushedImages implements RegistryStore {
  /** Blobs and manifests that were sent and that no tag names yet. */
  readonly #sent = new Map<string, Buffer>();

  constructor(private readonly records: Records) {}

  read(repository: string, digest: string): Buffer | undefined {
    const sent = this.#sent.get(`${repository} ${digest}`);
    if (sent !== undefined) return sent;
    const texts = this.#tags(repository).flatMap(({ outputs }) => [text(outputs, "manifest"), text(outputs, "blob")]);
    const found = texts.find((one) => one !== "" && digestOf(Buffer.from(one)) === digest);
    return found === undefined ? undefined : Buffer.from(found);
  }

  write(repository: string, digest: string, bytes: Buffer): void {
    this.#sent.set(`${repository} ${digest}`, bytes);
  }

  tag(repository: string, tag: string, digest: string): string | undefined {
    const record = this.#repository(repository);
    if (record === undefined) return `Repository "${repository.split("/")[1] ?? ""}" not found`;
    const name = `${text(record.outputs, "registryUri").split("/")[0] ?? ""}/${repository}:${tag}`;
    const there = this.records.get(TAG, name)?.outputs["digest"] ?? digest;
    const { dockerConfig } = record.inputs;
    if (there !== digest && isRecord(dockerConfig) && dockerConfig["immutableTags"] === true) {
      return `cannot update tag ${tag}. The repository has enabled tag immutability`;
    }
    pushTag(this.records, name, { digest, ...this.#content(repository, digest) });
    return undefined;
  }

  #repository(path: string): CloudRecord | undefined {
    const [project = "", id = ""] = path.split("/");
    const all = this.records.list(REPOSITORY);
    return all.find((one) => one.id.startsWith(`projects/${project}/`) && one.id.endsWith(`/repositories/${id}`));
  }

  #content(repository: string, digest: string): ImageContent {
    const manifest = this.read(repository, digest)?.toString("utf8") ?? "{}";
    const { config } = JSON.parse(manifest) as { config?: { digest: string } };
    return { manifest, blob: this.read(repository, config?.digest ?? "")?.toString("utf8") ?? "" };
  }

  #tags(repository: string): CloudRecord[] {
    return this.records.list(TAG).filter(({ id }) => parseReference(id)?.path === repository);
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
