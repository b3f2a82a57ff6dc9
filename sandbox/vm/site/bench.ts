import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { benchInstallApp, benchInstallFrappe, type Doc, type ErpnextStandIn, type Fields } from "../../erpnext";
import { PythonException } from "../../erpnext/frappe-api";
import { parse, type Parsed, ProgramError, valueOf } from "../programs/call";
import { dump, readDump } from "./dump";
import type { SiteHost } from "./site-host";

/** Where a command of bench runs, and where its words go. */
export interface BenchCall {
  readonly host: SiteHost;
  /** A path inside of the container on this machine. */
  readonly at: (path: string) => string;
  /** The tag of the image that the command runs in. */
  readonly tag: string;
  /** Aborted when the container is gone. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const VALUED = [
  ...["--site", "--db-name", "--db-root-username", "--db-root-password", "--admin-password", "--format"],
  ...["--mariadb-user-host-login-scope", "--backup-path", "--with-public-files", "--with-private-files", "--kwargs"],
];

type Command = (call: BenchCall, of: { site: string; parsed: Parsed }) => Promise<number> | number;

const COMMANDS: Readonly<Record<string, Command>> = {
  "new-site": newSite,
  "list-apps": listApps,
  "install-app": installApp,
  "enable-scheduler": ({ host, out }, { site }) => {
    putScheduler(documentsOf(host, site), 1);
    out(`Enabled for ${site}\n`);
    return 0;
  },
  "set-maintenance-mode": ({ host }, { site, parsed }) => {
    existing(host, site);
    host.config(site).change({ maintenance_mode: parsed.rest[1] === "on" ? 1 : 0 });
    // Some request was under way.
    if (parsed.rest[1] === "on") host.database.leaveConnection(host.config(site).value.db_name);
    return 0;
  },
  migrate,
  backup,
  restore,
  execute,
};

/** `bench [--site <name>] <command> …`, as far as the server's scripts and operators call it. */
export async function runBench(call: BenchCall, args: readonly string[]): Promise<number> {
  const parsed = parse(args, VALUED, true);
  const [name = ""] = parsed.rest;
  const command = COMMANDS[name];
  if (command === undefined) throw new ProgramError(`Error: No such command '${name}'.`, 2);
  return command(call, { site: valueOf(parsed, "--site") ?? "", parsed });
}

function existing(host: SiteHost, site: string): void {
  if (!host.siteNames().includes(site)) throw new ProgramError(`Site ${site} does not exist!`);
}

/** The site's documents, which are there while its database and backend run. */
function documentsOf(host: SiteHost, site: string): ErpnextStandIn {
  existing(host, site);
  if (host.erpnext?.isUp === true) return host.erpnext;
  throw new ProgramError("pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'db'\")");
}

async function newSite({ host, signal, out }: BenchCall, { parsed }: { parsed: Parsed }): Promise<number> {
  const site = parsed.rest[1] ?? "";
  const name = valueOf(parsed, "--db-name") ?? "";
  const { database } = host;
  if (!parsed.flags.has("--force")) {
    if (existsSync(host.sites(site))) throw new ProgramError(`Site ${site} already exists`);
    if (database.schema(name) !== undefined) throw new ProgramError(`Database ${name} already exists`);
  }
  rmSync(host.sites(site), { recursive: true, force: true });
  await host.settle();
  mkdirSync(join(host.sites(site), "public", "files"), { recursive: true });
  mkdirSync(join(host.sites(site), "private", "files"), { recursive: true });
  host.config(site).change({ db_name: name, encryption_key: randomBytes(32).toString("base64url") });
  // The site's folder is there before anyone asks the database.
  await sleep(host.benchStepMs, undefined, { signal });
  database.signIn(valueOf(parsed, "--db-root-password") ?? "");
  database.drop(name);
  database.putSchema(name, { hasTables: false, apps: [] });
  await sleep(host.benchStepMs, undefined, { signal });
  database.putSchema(name, { hasTables: true, apps: [] });
  await host.settle();
  const standIn = documentsOf(host, site);
  benchInstallFrappe(standIn, valueOf(parsed, "--admin-password") ?? "");
  await sleep(host.benchStepMs, undefined, { signal });
  database.putSchema(name, { hasTables: true, apps: ["frappe"] });
  out("\nInstalling frappe...\n*** Scheduler is disabled ***\n");
  return 0;
}

function listApps({ host, out }: BenchCall, { site }: { site: string }): number {
  existing(host, site);
  out(`${JSON.stringify({ [site]: installed(host, site) })}\n`);
  return 0;
}

function installed(host: SiteHost, site: string): readonly string[] {
  return host.database.schema(host.config(site).value.db_name)?.apps ?? [];
}

async function installApp(
  { host, signal, out }: BenchCall,
  { site, parsed }: { site: string; parsed: Parsed },
): Promise<number> {
  const app = parsed.rest[1] ?? "";
  const standIn = documentsOf(host, site);
  if (!host.apps().includes(app)) throw new ProgramError(`App ${app} not in apps.txt`);
  const apps = installed(host, site);
  if (apps.includes(app) && !parsed.flags.has("--force")) return 0;
  putModule(standIn, app, parsed.flags.has("--force"));
  await sleep(host.benchStepMs, undefined, { signal });
  // It is listed from now on; what comes last, scheduled events among it, is not there yet.
  const listed = apps.includes(app) ? apps : [...apps, app];
  host.database.putSchema(host.config(site).value.db_name, { hasTables: true, apps: listed });
  await sleep(host.benchStepMs, undefined, { signal });
  benchInstallApp(standIn, app);
  out(`\nInstalling ${app}...\n`);
  return 0;
}

/** The first thing that an app brings; bench refuses a second one, unless it is forced. */
function putModule(standIn: ErpnextStandIn, app: string, isForced: boolean): void {
  const tx = standIn.begin();
  const isThere = tx.get("Module Def", app) !== undefined;
  if (!isThere) tx.put({ doctype: "Module Def", name: app, app_name: app });
  tx.commit();
  if (!isThere || isForced) return;
  const duplicate = `IntegrityError(1062, "Duplicate entry '${app}' for key 'PRIMARY'")`;
  throw new ProgramError(`An error occurred while installing ${app}: ('Module Def', '${app}', ${duplicate})`);
}

/** Migrations under way; Frappe keeps a second one out by a lock file. */
const migrating = new WeakSet<SiteHost>();

async function migrate({ host, tag, signal, out }: BenchCall, { site }: { site: string }): Promise<number> {
  const standIn = documentsOf(host, site);
  if (standIn.documents("User").length === 0) {
    throw new ProgramError(`pymysql.err.ProgrammingError: (1146, "Table 'tabPatch Log' doesn't exist")`);
  }
  if (migrating.has(host)) throw new ProgramError("filelock: bench_migrate is locked by another process");
  host.database.lock(host.config(site).value.db_name);
  migrating.add(host);
  try {
    out(`Migrating ${site}\n`);
    for (const patch of [`${tag}: before the model`, `${tag}: after the model`]) {
      await sleep(host.benchStepMs, undefined, { signal });
      const tx = standIn.begin();
      tx.put({ doctype: "Patch Log", name: patch, patch });
      tx.commit();
      out(`Executing ${patch}\n`);
    }
    return 0;
  } finally {
    migrating.delete(host);
  }
}

function backup({ host, at, out }: BenchCall, { site, parsed }: { site: string; parsed: Parsed }): number {
  const standIn = documentsOf(host, site);
  const directory = at(valueOf(parsed, "--backup-path") ?? `sites/${site}/private/backups`);
  mkdirSync(directory, { recursive: true });
  const now = new Date();
  const stamp = now.toISOString().slice(0, 19).replace("T", "_").replaceAll(/[-:]/g, "");
  const file = (ending: string): string => join(directory, `${stamp}-${site.replaceAll(".", "_")}-${ending}`);
  writeFileSync(file("database.sql.gz"), dump({ ...standIn.tables(), ...appsTable(installed(host, site)) }, now));
  if (parsed.flags.has("--with-files")) {
    pack(join(host.sites(site), "public", "files"), file("files.tar"));
    pack(join(host.sites(site), "private", "files"), file("private-files.tar"));
  }
  copyFileSync(join(host.sites(site), "site_config.json"), file("site_config_backup.json"));
  out(`Backup for Site ${site} has been successfully completed with files\n`);
  return 0;
}

const SETTINGS = "System Settings";

/** Where a dump says which apps the database belongs to. */
const APPS = "DefaultValue installed_apps";

function appsTable(apps: readonly string[]): Record<string, Doc[]> {
  return { [APPS]: apps.map((name) => ({ doctype: APPS, name })) };
}

/** Whether the scheduler is on; off where there is no database any more that could tell. */
function schedulerOf(standIn: ErpnextStandIn): 0 | 1 {
  return standIn.documents(SETTINGS, { enable_scheduler: 1 }).length > 0 ? 1 : 0;
}

function putScheduler(standIn: ErpnextStandIn, enabled: 0 | 1): void {
  const tx = standIn.begin();
  const [settings = { doctype: SETTINGS, name: SETTINGS }] = standIn.documents(SETTINGS);
  tx.put({ ...settings, enable_scheduler: enabled });
  tx.commit();
}

function pack(directory: string, file: string): void {
  const { status, stderr } = spawnSync("tar", ["-cf", file, "-C", directory, "."], { encoding: "utf8" });
  if (status !== 0) throw new ProgramError(stderr);
}

async function restore(
  { host, at, signal, out }: BenchCall,
  { site, parsed }: { site: string; parsed: Parsed },
): Promise<number> {
  const standIn = documentsOf(host, site);
  host.database.signIn(valueOf(parsed, "--db-root-password") ?? "");
  const file = at(parsed.rest[1] ?? "");
  if (!existsSync(file)) throw new ProgramError(`Invalid path ${parsed.rest[1] ?? ""}`);
  const { db_name: name } = host.config(site).value;
  host.database.lock(name);
  const tables = readDump(readFileSync(file));
  const scheduler = schedulerOf(standIn);
  // The database is dropped first, and filled again.
  standIn.replaceTables({});
  await sleep(host.benchStepMs, undefined, { signal });
  const { [APPS]: apps = [], ...rest } = tables;
  standIn.replaceTables(rest);
  putScheduler(standIn, scheduler);
  host.database.putSchema(name, { hasTables: true, apps: apps.map((row) => row.name) });
  for (const kind of ["public", "private"]) {
    const archive = valueOf(parsed, `--with-${kind}-files`);
    if (archive === undefined) continue;
    const { status, stderr } = spawnSync("tar", ["-xf", at(archive), "-C", join(host.sites(site), kind, "files")]);
    if (status !== 0) throw new ProgramError(stderr.toString());
  }
  out(`Site ${site} has been restored with files\n`);
  return 0;
}

async function execute(
  { host, signal }: BenchCall,
  { site, parsed }: { site: string; parsed: Parsed },
): Promise<number> {
  const standIn = documentsOf(host, site);
  const kwargs = JSON.parse(valueOf(parsed, "--kwargs") ?? "{}") as Fields;
  const method = parsed.rest[1] ?? "";
  await standIn.benchExecute(method, { kwargs, signal }).catch((error: unknown) => {
    throw error instanceof PythonException ? new ProgramError(tracebackOf(error, method)) : error;
  });
  return 0;
}

/** What failed, and behind it a second exception: bench then tries the method as an expression, whose module is not imported. */
function tracebackOf(failure: PythonException, method: string): string {
  const second = `NameError: name '${method.split(".")[0] ?? ""}' is not defined`;
  const between = "\nDuring handling of the above exception, another exception occurred:\n\n";
  return `${failure.traceback}${between}Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${second}`;
}
