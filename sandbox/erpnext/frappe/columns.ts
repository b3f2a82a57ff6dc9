import { STANDARD_FIELDS } from "./doctype";
import { doctypeOf } from "./doctypes";

/** The table whose one row says that the connector has made its custom fields. */
export const CUSTOM_FIELDS = "__custom_fields";

/** The columns of a doctype's table as the database has them at the moment. */
export function columnsOf(doctype: string, withCustomFields: boolean): ReadonlySet<string> {
  const own = Object.entries(doctypeOf(doctype).fields)
    .filter(([, field]) => field.type !== "Table" && (withCustomFields || field.custom !== true))
    .map(([name]) => name);
  return new Set([...STANDARD_FIELDS, ...own]);
}
