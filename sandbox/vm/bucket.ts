import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CloudRecord } from "../cloud/records";
import { settings, type CloudView } from "./cloud-view";

const OBJECT = "gcp:storage/bucketObject:BucketObject";

interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** The cloud, as far as a server changes it: by the objects that it puts into a bucket. */
export interface ServerCloud extends CloudView {
  plant(record: Omit<CloudRecord, "createdAt" | "updatedAt">): void;
}

/** Objects of Cloud Storage: what they are is in the cloud's records, what they hold is in files. */
export class Buckets {
  constructor(
    private readonly cloud: ServerCloud,
    private readonly directory: string,
  ) {}

  exists(bucket: string): boolean {
    return this.cloud.resources("gcp:storage/bucket:Bucket").some((record) => settings(record)["name"] === bucket);
  }

  /** Whether an account has one of these roles on a bucket. */
  may(email: string, bucket: string, roles: readonly string[]): boolean {
    return this.cloud
      .resources("gcp:storage/bucketIAMPolicy:BucketIAMPolicy")
      .map(settings)
      .filter((policy) => String(policy["bucket"]).replace(/^b\//, "") === bucket)
      .flatMap((policy) => (JSON.parse(String(policy["policyData"])) as { bindings: Binding[] }).bindings)
      .some(({ role, members }) => roles.includes(role) && members.includes(`serviceAccount:${email}`));
  }

  /** Names with a prefix, sorted. */
  names(bucket: string, prefix: string): string[] {
    return this.cloud
      .resources(OBJECT)
      .map(settings)
      .filter((object) => object["bucket"] === bucket && String(object["name"]).startsWith(prefix))
      .map((object) => String(object["name"]))
      .sort();
  }

  has(bucket: string, name: string): boolean {
    return this.names(bucket, name).includes(name);
  }

  /** Names that newer sets have replaced, as told by a caller that may change an object's metadata. */
  readonly #customTimes = new Map<string, string>();

  customTime(bucket: string, name: string): string | undefined {
    return this.#customTimes.get(this.#file(bucket, name));
  }

  setCustomTime(bucket: string, name: string, time: string): void {
    this.#customTimes.set(this.#file(bucket, name), time);
  }

  put(bucket: string, name: string, content: Buffer): void {
    mkdirSync(join(this.directory, bucket), { recursive: true });
    writeFileSync(this.#file(bucket, name), content);
    const properties = { bucket, name };
    this.cloud.plant({
      provider: "gcp",
      type: OBJECT,
      scope: "",
      id: `${bucket}/${name}`,
      inputs: properties,
      outputs: properties,
    });
  }

  content(bucket: string, name: string): Buffer {
    return readFileSync(this.#file(bucket, name));
  }

  /** What the JSON API tells about an object. */
  resource(bucket: string, name: string): object {
    const content = this.content(bucket, name);
    const md5Hash = createHash("md5").update(content).digest("base64");
    const customTime = this.customTime(bucket, name);
    return {
      kind: "storage#object",
      bucket,
      name,
      size: String(content.length),
      md5Hash,
      ...(customTime === undefined ? {} : { customTime }),
    };
  }

  #file(bucket: string, name: string): string {
    return join(this.directory, bucket, encodeURIComponent(name));
  }
}
