import type { CloudRecord, Records } from "../records";
import { text } from "../values";

/** A pushed tag: its id is "<host>/<path>:<tag>", its output "digest" what the tag points to. Made by pushes, never by a program. */
export const TAG = "registry:tag";

/** An image reference of the form "<host>/<path>[:<tag>][@sha256:<digest>]". */
export interface ImageReference {
  readonly host: string;
  /** Without the host. */
  readonly path: string;
  readonly tag: string;
  /** "" when the reference has none. */
  readonly digest: string;
}

/** @returns nothing when the text is no reference (distribution's grammar: lower-case path, tag of at most 128 characters) */
export function parseReference(written: string): ImageReference | undefined {
  const match =
    /^(?:([a-zA-Z0-9.-]+(?::\d+)?)\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      written,
    );
  if (match === null) return undefined;
  const [, first = "", rest = "", tag = "latest", digest = ""] = match;
  const isHost = /[.:]|^localhost$/.test(first);
  return { host: isHost ? first : "", path: isHost || first === "" ? rest : `${first}/${rest}`, tag, digest };
}

/** "<host>/<path>:<tag>", the identity of a pushed tag. */
export function taggedName({ host, path, tag }: ImageReference): string {
  return `${host === "" ? "" : `${host}/`}${path}:${tag}`;
}

/** The pushed tag that a reference means; with a digest the tag need not be the same one. */
export function findTag(records: Records, reference: ImageReference): CloudRecord | undefined {
  const named = records.get(TAG, taggedName(reference));
  if (reference.digest === "") return named;
  const image = taggedName(reference).slice(0, -reference.tag.length - 1);
  return records
    .list(TAG)
    .find((record) => record.id.startsWith(`${image}:`) && text(record.outputs, "digest") === reference.digest);
}

/** What a push sends: the texts of the manifest and of the one blob that it names. */
export interface ImageContent {
  readonly manifest: string;
  readonly blob: string;
}

/** Makes a tag point to a digest, as a push does. Without content nothing of it can be pulled. */
export function pushTag(records: Records, name: string, pushed: { digest: string } & Partial<ImageContent>): void {
  const now = new Date().toISOString();
  records.put({
    provider: "docker-build",
    type: TAG,
    id: name,
    scope: "",
    inputs: {},
    outputs: { ...pushed },
    createdAt: records.get(TAG, name)?.createdAt ?? now,
    updatedAt: now,
    residue: true,
  });
}
