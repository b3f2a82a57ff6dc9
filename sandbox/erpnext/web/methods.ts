import { GUEST } from "./auth";
import { CATALOG_JOB, CATALOG_METHOD, productCount } from "../connector/catalog";
import { columnsOf } from "../frappe/columns";
import { hasDoctype } from "../frappe/doctypes";
import { type Doc, type Fields, isFields, text, type Value } from "../frappe/document";
import { ADMINISTRATOR, load } from "../frappe/documents";
import { builtin, doesNotExist, notPermitted, noTable, validationError } from "../frappe/exceptions";
import { filtered, list, parseFilters, parseListQuery } from "../frappe/list-query";
import { assertPermitted } from "./permissions";
import { readPassword } from "../frappe/passwords";
import { isRqDoctype, listRq, viewRq } from "../frappe/rq-doctypes";
import { enqueueEvent } from "../frappe/scheduler";
import type { Work } from "../site";

/** A call of a whitelisted function. */
export interface Call {
  readonly work: Work;
  readonly user: string;
  readonly params: Fields;
}

const PAGE = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";

type Method = (call: Call) => Value | Promise<Value>;

const METHODS: Readonly<Record<string, Method>> = {
  "frappe.auth.get_logged_user": ({ user }) => user,
  "frappe.client.get_count": getCount,
  "frappe.client.get_list": getList,
  "frappe.client.get_value": getValue,
  "frappe.client.get_password": getPassword,
  "frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event": executeEvent,
  "frappe.core.doctype.rq_job.rq_job.stop_job": stopJob,
  "frappe.desk.reportview.get_list": viewList,
  [`${PAGE}.get_product_count`]: async ({ work }) => ({ ...(await productCount(work)) }),
  [`${PAGE}.import_all_products`]: importAll,
};

/** Answers a method call; the value is what Frappe wraps in `message`. Guests may ask for `ping` and the time zone. */
export async function callMethod(path: string, call: Call): Promise<Value> {
  if (path === "ping" || path === "frappe.ping") return "pong";
  if (path === "frappe.client.get_time_zone") return { time_zone: call.work.tx.store.siteTimeZone() };
  const method = METHODS[path];
  if (method === undefined) throw validationError(`Failed to get method for command ${path} with ${noMethod(path)}`);
  if (call.user === GUEST) throw notPermitted(`You are not permitted to access this resource. Login to access`);
  return method(call);
}

/** What Python says of a module that has no such function. */
function noMethod(path: string): string {
  const dot = path.lastIndexOf(".");
  return `module '${path.slice(0, Math.max(dot, 0))}' has no attribute '${path.slice(dot + 1)}'`;
}

function getCount({ work, user, params }: Call): Value {
  const doctype = text(params["doctype"]);
  if (!hasDoctype(doctype)) throw noTable(doctype);
  assertPermitted({ tx: work.tx, user, doctype, right: "read" });
  const columns = columnsOf(doctype, work.tx.hasCustomFields);
  return filtered(work.tx.all(doctype), parseFilters(params["filters"]), columns).length;
}

function getList({ work, user, params }: Call): Value {
  const doctype = text(params["doctype"]);
  assertPermitted({ tx: work.tx, user, doctype, right: "read" });
  if (isRqDoctype(doctype)) return listRq(work.site, doctype, params);
  return list(work.tx.all(doctype), parseListQuery(params), columnsOf(doctype, work.tx.hasCustomFields));
}

/** What Frappe's own list view asks; here for what is kept in redis, where alone it can do more than the other. */
function viewList(call: Call): Value {
  const { work, user, params } = call;
  const doctype = text(params["doctype"]);
  if (!isRqDoctype(doctype)) return getList(call);
  assertPermitted({ tx: work.tx, user, doctype, right: "read" });
  return viewRq(work.site, doctype, params);
}

/** One or several fields of the first match; `filters` may be a name. Nothing matching is an empty object. */
function getValue({ work, user, params }: Call): Value {
  const doctype = text(params["doctype"]);
  assertPermitted({ tx: work.tx, user, doctype, right: "read" });
  const given = params["filters"];
  const isName = typeof given === "string" && !/^[[{]/.test(given.trim());
  const filters = isName ? [{ field: "name", operator: "=", value: given }] : parseFilters(given);
  const sent = text(params["fieldname"] ?? "name");
  const fields = Array.isArray(params["fieldname"])
    ? (params["fieldname"] as Value[]).map(text)
    : sent.startsWith("[")
      ? (JSON.parse(sent) as string[])
      : [sent];
  const query = { ...parseListQuery({ order_by: "modified desc", limit: 1 }), fields, filters };
  const docs: Iterable<Doc> =
    filters.length === 0 && doctype.length > 0 && isSingle(work, doctype)
      ? [load(work.tx, doctype, doctype)]
      : work.tx.all(doctype);
  return list(docs, query, columnsOf(doctype, work.tx.hasCustomFields))[0] ?? {};
}

function isSingle(work: Work, doctype: string): boolean {
  try {
    load(work.tx, doctype, doctype);
    return true;
  } catch {
    return false;
  }
}

function getPassword({ work, user, params }: Call): Value {
  if (user !== ADMINISTRATOR) throw notPermitted(`This action is only allowed for ${ADMINISTRATOR}`);
  const doc = { doctype: text(params["doctype"]), name: text(params["name"]) };
  return readPassword(work.tx, doc, text(params["fieldname"]));
}

/** Queues a scheduled event at once; a copy of one that is there already is refused without an error. */
function executeEvent({ work, user, params }: Call): Value {
  assertPermitted({ tx: work.tx, user, doctype: "Scheduled Job Type", right: "write" });
  const sent = params["doc"];
  const doc: unknown = typeof sent === "string" ? JSON.parse(sent) : sent;
  if (!isFields(doc)) throw builtin("TypeError", "execute_event() missing 1 required positional argument: 'doc'");
  enqueueEvent(work.site, work.tx, text(doc["name"]));
  return doc;
}

function stopJob({ work, params }: Call): Value {
  const id = text(params["job_id"]);
  if (!work.site.queue.remove(id)) throw doesNotExist("RQ Job", id);
  return null;
}

/** A job runs as the user that queued it. */
function importAll({ work, user }: Call): Value {
  work.site.queue.enqueue({ method: CATALOG_METHOD, jobName: CATALOG_JOB, queue: "long", kwargs: { user } });
  return null;
}
