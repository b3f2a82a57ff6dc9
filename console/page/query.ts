import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import type { Gap, GapQuery } from "../model";
import { CSV_PATH } from "./api";

/** Every reason, in the sequence in which the page shows them. */
export const REASONS: readonly Gap["reason"][] = [...MISSING_REASONS, ...DIFFERENCES, "orphan"];

/** Rows of a page of the list. */
export const PAGE_LENGTH = 25;

/** What is longer is no name that anyone looks for. */
const SEARCH_LENGTH = 100;

/** What the address says: the page and the CSV read the same words. What is no reason is passed over. */
export function readGapQuery(parameters: URLSearchParams, limit = PAGE_LENGTH): GapQuery {
  const wanted = new Set(parameters.getAll("reason"));
  const after = parameters.get("after") ?? "";
  const month = /^\d{4}-\d{2}$/.exec(parameters.get("month") ?? "")?.[0];
  return {
    reasons: REASONS.filter((reason) => wanted.has(reason)),
    search: (parameters.get("search") ?? "").trim().slice(0, SEARCH_LENGTH),
    ...(month === undefined ? {} : { month }),
    after: after === "" ? null : after,
    limit,
  };
}

/** The state of the list that is kept in the address. */
export type GapView = Pick<GapQuery, "reasons" | "search" | "month" | "after">;

/** The page with this list, at the list. */
export function pageHref(view: GapView): string {
  return `/${queryString(view)}#gaps`;
}

/** The whole of this list as a file: every page of it. */
export function csvHref(view: GapView): string {
  return `${CSV_PATH}${queryString({ ...view, after: null })}`;
}

/** The list with one more reason, or with one less where it is chosen already. It begins at its first page. */
export function toggled(view: GapView, reason: Gap["reason"]): GapView {
  const chosen = view.reasons.includes(reason);
  const reasons = REASONS.filter((each) => (each === reason ? !chosen : view.reasons.includes(each)));
  return { ...view, reasons, after: null };
}

function queryString({ reasons, search, month, after }: GapView): string {
  const parameters = new URLSearchParams();
  for (const reason of reasons) parameters.append("reason", reason);
  if (search !== "") parameters.set("search", search);
  if (month !== undefined) parameters.set("month", month);
  if (after !== null) parameters.set("after", after);
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
