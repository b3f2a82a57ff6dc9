import { isMap, isNode, isScalar, parseDocument, type YAMLMap } from "yaml";

import { UserError } from "../../../core/user-error";
import { parseCustomer } from "../../../customers/parse";

/** A customer's file with another release: its tag, whether this stack builds it, and no list of what the release says. */
export type ReleaseEdit = (text: string, slug: string, version: string) => string;

/** The release is built by this customer's stack. @throws UserError as {@link withImageTag} does */
export const asBuilder: ReleaseEdit = (text, slug, version) =>
  withImageTag(withBuild(withoutLists(text), true), slug, version);

/** The release is read back from this customer's own registry, where another one's build was copied to. @throws UserError */
export const asReader: ReleaseEdit = (text, slug, version) =>
  withImageTag(withBuild(withoutLists(text), false), slug, version);

/** The lines of what stands in a release. */
function withoutLists(text: string): string {
  const items = sectionOf(text)?.items ?? [];
  const cuts = items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !["frappeBranch", "apps", "baseImages"].includes(String(key.value)) || key.range == null)
      return [];
    const end = isNode(value) ? value.range?.[2] : undefined;
    const start = text.lastIndexOf("\n", key.range[0]) + 1;
    return end === undefined || text.slice(start, key.range[0]).trim() !== "" ? [] : [[start, end] as const];
  });
  return cuts.reverse().reduce((left, [start, end]) => left.slice(0, start) + left.slice(end), text);
}

function withBuild(text: string, isBuilt: boolean): string {
  const section = sectionOf(text);
  const build = section?.get("build", true);
  if (isScalar(build) && build.range != null)
    return `${text.slice(0, build.range[0])}${isBuilt}${text.slice(build.range[1])}`;
  const tag = section?.items.find(({ key }) => isScalar(key) && key.value === "imageTag")?.key;
  if (!isScalar(tag) || tag.range == null) return text;
  const [start] = tag.range;
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  return `${text.slice(0, start)}build: ${isBuilt}\n${indent}${text.slice(start)}`;
}

function sectionOf(text: string): YAMLMap | undefined {
  const section = parseDocument(text).get("erpnext", true);
  return isMap(section) ? section : undefined;
}

/**
 * A customer's file with another image tag; everything else stays as it was, comments and spacing too. Quoted always, or YAML reads
 * a number. @throws UserError when the file would have a fault then, or is written in a way that leaves no place for the tag
 */
export function withImageTag(text: string, slug: string, tag: string): string {
  const before = parseDocument(text);
  const node = before.getIn(["erpnext", "imageTag"], true);
  if (!isScalar(node) || node.range == null) throw unwritable(slug, tag);
  const [start, end] = node.range;
  const edited = `${text.slice(0, start)}${JSON.stringify(tag)}${text.slice(end)}`;
  const after: unknown = parseDocument(edited).toJS();
  const parsed = parseCustomer(after, slug);
  if (!parsed.ok) {
    throw new UserError({
      what: `with the tag "${tag}" its file would have a fault (${parsed.faults[0] ?? ""})`,
      customer: slug,
      next: "choose another tag, or fix the file first",
    });
  }
  // As plain data: in the document an alias would follow the tag.
  const wanted = before.toJS() as { erpnext: { imageTag: unknown } };
  wanted.erpnext.imageTag = tag;
  if (JSON.stringify(after) !== JSON.stringify(wanted)) throw unwritable(slug, tag);
  return edited;
}

function unwritable(slug: string, tag: string): UserError {
  return new UserError({
    what: 'its file is written so that "erpnext.imageTag" cannot be changed alone',
    customer: slug,
    next: `write imageTag: "${tag}" on a line of its own below "erpnext"`,
  });
}
