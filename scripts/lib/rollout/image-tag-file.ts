import { isScalar, parseDocument } from "yaml";

import { UserError } from "../../../components/shared/user-error";
import { parseCustomer } from "../../../customers/parse";

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
      next: "choose another tag, or mend the file first",
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
