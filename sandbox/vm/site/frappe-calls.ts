import { completeSetup, isSetupComplete, setUpCompany } from "../../erpnext";
import type { Doc, ErpnextStandIn, Fields, Transaction, Value } from "../../erpnext";
import * as frappe from "../../erpnext/frappe-api";
import type { BenchCall } from "./bench";
import { runBench } from "./bench";
import { ProgramError } from "../programs/call";

/** One process of a script: a database connection, and the site that it has chosen. */
export interface Session {
  readonly call: BenchCall;
  site: string;
  /** Begun by the first use after a commit. */
  tx: Transaction | undefined;
}

type FrappeFunction = (session: Session, args: readonly Value[]) => unknown;

/** What Frappe's Python functions do; the names are those that sandbox/vm/site/python asks by. */
export const FUNCTIONS: Readonly<Record<string, FrappeFunction>> = {
  init: (session, [site]) => {
    session.site = text(site);
    if (!session.call.host.siteNames().includes(session.site)) throw frappe.doesNotExist("Site", session.site);
  },
  connect: (session) => {
    standInOf(session);
  },
  commit: (session) => {
    session.tx?.commit();
    session.tx = undefined;
  },
  rollback: (session) => {
    session.tx?.rollback();
    session.tx = undefined;
  },
  exists: (session, [doctype, name]) => exists(session, text(doctype), text(name)),
  get_all: (session, [doctype, filters, order, limit]) => {
    const wanted = Object.entries((filters ?? {}) as Fields);
    const docs = [...transaction(session).all(text(doctype))].filter((doc) =>
      wanted.every(([field, value]) => doc[field] === value),
    );
    // "creation desc" is the one order that is asked for; documents come oldest first by themselves.
    const ordered = text(order).endsWith(" desc") ? docs.reverse() : docs;
    return limit === 0 ? ordered : ordered.slice(0, Number(limit));
  },
  get_doc: (session, [doctype, name]) => read(session, text(doctype), text(name)),
  get_value: (session, [doctype, name, field]) => read(session, text(doctype), text(name))[text(field)],
  set_value: (session, [doctype, name, values]) => {
    // Past the document's own code, as the real one does.
    transaction(session).put({ ...read(session, text(doctype), text(name)), ...(values as Fields) });
  },
  forget: (session, [doctype, names]) => {
    for (const name of names as readonly string[]) transaction(session).remove(text(doctype), name);
  },
  add_permission: (session, [doctype, role, right]) => {
    frappe.addPermission(transaction(session), { doctype: text(doctype), role: text(role), right: text(right) });
  },
  insert: (session, [doc]) => frappe.insert(transaction(session), doc as Doc, { user: "Administrator" }),
  save: (session, [doc]) => save(session, doc as Doc),
  get_roles: (session, [user]) => frappe.rolesOf(transaction(session), text(user)),
  get_password: (session, [doctype, name, field]) =>
    frappe.readPasswordIfSet(transaction(session), { doctype: text(doctype), name: text(name) }, text(field)),
  set_password: (session, [doctype, name, field, value]) => {
    const of = { field: text(field), value: text(value) };
    frappe.writePassword(transaction(session), { doctype: text(doctype), name: text(name) }, of);
  },
  check_login: (session, [user, password]) => {
    frappe.checkLogin(transaction(session), text(user), text(password));
  },
  set_login: (session, [user, password]) => {
    frappe.writeLogin(transaction(session), text(user), text(password));
  },
  update_site_config: (session, [key, value]) => {
    session.call.host.config(session.site).change({ [text(key)]: value });
    if (key === "encryption_key") session.call.host.erpnext?.setEncryptionKey(text(value));
  },
  charts_of: (_session, [country]) => chartsOf(text(country)),
  setup_complete: (session, [wizard]) => {
    const tx = transaction(session);
    const company = companyOf(wizard as Fields);
    // The wizard leaves out a company that ERPNext does not take, and calls itself complete all the same.
    if (!isSetupComplete(tx)) {
      if (chartsOf(company.country).includes(company.chartOfAccounts ?? "")) setUpCompany(tx, company);
      else completeSetup(tx, company.timeZone ?? "");
    }
    return { status: "ok" };
  },
  workers: (session) => workers(session),
  jobs: (session) => jobs(session),
  now: (session) => transaction(session).store.timestamp(),
  sql: (session, [query, values]) => countByStatus(session, text(query), values as readonly string[]),
  stop_job: (session, [id]) => isStarted(session, text(id)) && standInOf(session).removeJob(text(id)),
  delete_job: (session, [id]) => standInOf(session).removeJob(text(id)),
  bench: (session, [args]) => bench(session, args as readonly string[]),
};

function text(value: Value): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
}

function standInOf({ call, site }: Session): ErpnextStandIn {
  const { erpnext } = call.host;
  if (erpnext?.isUp === true && call.host.siteNames().includes(site)) return erpnext;
  throw new ProgramError("(2003, \"Can't connect to MySQL server on 'db'\")");
}

function transaction(session: Session): Transaction {
  session.tx ??= standInOf(session).begin();
  return session.tx;
}

function read(session: Session, doctype: string, name: string): Doc {
  const tx = transaction(session);
  return doctype === "System Settings" ? frappe.systemSettings(tx) : frappe.load(tx, doctype, name);
}

const LOG_BY_STATUS =
  "select status, count(*) from `tabEcommerce Integration Log` where method = %s and creation >= %s group by status";

/** The one query that is asked in SQL: rows of the connector's log by status. */
function countByStatus(session: Session, query: string, [method = "", since = ""]: readonly string[]): Value[][] {
  if (query !== LOG_BY_STATUS) throw new Error(`the sandbox's MariaDB has no answer to: ${query}`);
  const counts = new Map<string, number>();
  for (const row of transaction(session).all("Ecommerce Integration Log")) {
    if (row["method"] !== method || text(row["creation"]) < since) continue;
    counts.set(text(row["status"]), (counts.get(text(row["status"])) ?? 0) + 1);
  }
  return [...counts];
}

/** What an app brings is there once the app is. */
function exists(session: Session, doctype: string, name: string): string | null {
  if (doctype !== "DocType" && doctype !== "Role") return made(session, doctype, name);
  const { host } = session.call;
  const apps = host.database.schema(host.config(session.site).value.db_name)?.apps ?? [];
  if (doctype === "Role")
    return apps.includes("erpnext") && frappe.KNOWN_ROLES.includes(name) ? name : made(session, doctype, name);
  const needed = /^(Shopify|Ecommerce)/.test(name) ? "ecommerce_integrations" : "frappe";
  return apps.includes(needed) ? name : null;
}

/** A document of the database, by its name. */
function made(session: Session, doctype: string, name: string): string | null {
  return transaction(session).get(doctype, name)?.name ?? null;
}

function save(session: Session, doc: Doc): Doc {
  const tx = transaction(session);
  const fields = Object.fromEntries(Object.entries(doc).filter(([field]) => field !== "modified"));
  return frappe.update(tx, frappe.load(tx, doc.doctype, doc.name), { fields, saving: { user: "Administrator" } });
}

/** Verified charts of accounts of ERPNext 15, by country; there are more countries. */
const CHARTS: Readonly<Record<string, readonly string[]>> = {
  Germany: ["SKR03 mit Kontonummern", "SKR04 mit Kontonummern", "SKR04 ohne Kontonummern"],
};

function chartsOf(country: string): string[] {
  return [...(CHARTS[country] ?? []), "Standard", "Standard with Numbers"];
}

/** The company that the setup wizard was told to make. */
function companyOf(wizard: Fields): Parameters<typeof setUpCompany>[1] {
  return {
    name: text(wizard["company_name"]),
    abbreviation: text(wizard["company_abbr"]),
    country: text(wizard["country"]),
    currency: text(wizard["currency"]),
    timeZone: text(wizard["timezone"]),
    fiscalYearStart: text(wizard["fy_start_date"]).slice(5),
    bankAccount: text(wizard["bank_account"]),
    chartOfAccounts: text(wizard["chart_of_accounts"]),
  };
}

/** A time of the sandbox's clock, which may be far ahead, by the machine's; UTC without saying so, as RQ writes it. */
function machineTime(session: Session, iso: string): string {
  const ahead = session.call.host.clock.now().getTime() - Date.now();
  return new Date(Date.parse(iso) - ahead).toISOString().replace("Z", "");
}

function workers(session: Session): object[] {
  return standInOf(session)
    .workers.list()
    .map(({ name, queues, lastHeartbeat, birthDate }) => ({
      name,
      queues,
      last_heartbeat: machineTime(session, lastHeartbeat),
      birth_date: machineTime(session, birthDate),
    }));
}

function jobs(session: Session): object[] {
  return standInOf(session)
    .jobs()
    .map(({ id, queue, status, method, jobName, kwargs, enqueuedAt }) => ({
      id,
      queue,
      status,
      method,
      kwargs,
      job_name: jobName,
      event: "scheduled" in kwargs ? method : "",
      enqueued_at: machineTime(session, enqueuedAt),
      description: `frappe.utils.background_jobs.execute_job(method='${method}')`,
    }));
}

function isStarted(session: Session, id: string): boolean {
  return standInOf(session)
    .jobs()
    .some((job) => job.id === id && job.status === "started");
}

async function bench(session: Session, args: readonly string[]): Promise<object> {
  let [out, err] = ["", ""];
  const call: BenchCall = {
    ...session.call,
    out: (words) => (out += words),
    err: (words) => (err += words),
  };
  try {
    return { code: await runBench(call, args), out, err };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: error instanceof ProgramError ? error.code : 1, out, err: `${err}${error.message}\n` };
  }
}
