import { GUEST } from "./auth";
import { columnsOf } from "../frappe/columns";
import { SETTING } from "../connector/doctypes-connector";
import { doctypeOf, hasDoctype } from "../frappe/doctypes";
import { type Fields, text, type Value } from "../frappe/document";
import { insert, load, remove, update } from "../frappe/documents";
import { builtin, doesNotExist, notPermitted, noTable, PythonException } from "../frappe/exceptions";
import { list, parseListQuery } from "../frappe/list-query";
import type { Call } from "./methods";
import { assertPermitted, type Right } from "./permissions";
import { getRq, isRqDoctype, listRq } from "../frappe/rq-doctypes";
import { saveSetting } from "../connector/setting";

/** A request to /api/resource/<doctype>[/<name>]. `params` are those of the query and of the body. */
export interface ResourceCall extends Call {
  readonly verb: string;
  readonly doctype: string;
  readonly name: string | undefined;
}

export interface ResourceAnswer {
  readonly status: number;
  readonly body: Fields;
}

/** Frappe's REST on documents. Guests get 403, and so does a user none of whose roles has the right. The caller commits. */
export async function callResource(call: ResourceCall): Promise<ResourceAnswer> {
  if (call.user === GUEST) {
    throw notPermitted(`User Guest does not have doctype access via role permission for document ${call.doctype}`);
  }
  const isKnown = hasDoctype(call.doctype) || isRqDoctype(call.doctype);
  if (!isKnown && call.verb === "GET" && call.name === undefined) throw doesNotExist("DocType", call.doctype);
  assertPermitted({ ...call, tx: call.work.tx, right: rightOf(call) });
  if (isRqDoctype(call.doctype)) return callRq(call);
  const { name } = call;
  if (name === undefined) return call.verb === "POST" ? { status: 200, body: { data: create(call) } } : listed(call);
  switch (call.verb) {
    case "GET":
      return { status: 200, body: { data: load(call.work.tx, call.doctype, name) } };
    case "PUT":
      return { status: 200, body: { data: await change(call, name) } };
    case "DELETE":
      remove(call.work.tx, call.doctype, name);
      return { status: 202, body: { data: "ok" } };
    default:
      throw new PythonException("", { type: "MethodNotAllowed", module: "werkzeug.exceptions.", status: 405 });
  }
}

const RIGHTS: Readonly<Record<string, Right>> = { POST: "create", PUT: "write", DELETE: "delete" };

/** A document that is sent as submitted, or cancelled, needs that right. */
function rightOf({ verb, params }: ResourceCall): Right {
  const target = Number(params["docstatus"] ?? 0);
  if (verb === "PUT" && target === 2) return "cancel";
  if (target === 1 && (verb === "POST" || verb === "PUT")) return "submit";
  return RIGHTS[verb] ?? "read";
}

function listed({ work, doctype, params }: ResourceCall): ResourceAnswer {
  const definition = doctypeOf(doctype);
  if (definition.single === true) {
    throw noTable(doctype);
  }
  const columns = columnsOf(doctype, work.tx.hasCustomFields);
  return { status: 200, body: { data: list(work.tx.all(doctype), parseListQuery(params), columns) } };
}

function create(call: ResourceCall): Value {
  return insert(call.work.tx, { ...call.params, doctype: call.doctype }, { user: call.user });
}

async function change(call: ResourceCall, name: string): Promise<Value> {
  const { work, doctype, params } = call;
  const saving = { user: call.user };
  const doc = load(work.tx, doctype, name);
  if (doctype === SETTING) return saveSetting(work, params, saving);
  return update(work.tx, doc, { fields: params, saving });
}

function callRq(call: ResourceCall): ResourceAnswer {
  const { site } = call.work;
  const { name } = call;
  if (call.verb === "GET") {
    return {
      status: 200,
      body: { data: name === undefined ? listRq(site, call.doctype, call.params) : getRq(site, call.doctype, name) },
    };
  }
  if (call.verb === "DELETE" && call.doctype === "RQ Job" && name !== undefined) {
    if (!site.queue.remove(name)) throw doesNotExist(call.doctype, text(name));
    return { status: 202, body: { data: "ok" } };
  }
  throw builtin("NotImplementedError", "");
}
