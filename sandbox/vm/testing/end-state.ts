import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Doc, Fields, Value } from "../../erpnext";
import type { TestServer } from "./server";

/** The end state that a run reaches, however it got there. */
export interface EndState {
  readonly status: unknown;
  readonly containers: readonly string[];
  readonly images: readonly string[];
  readonly packages: readonly string[];
  readonly rules: readonly string[];
  readonly site: unknown;
  readonly files: readonly string[];
}

interface Status {
  readonly steps: readonly { readonly name: string; readonly state: string; readonly detail?: string }[];
  readonly state: string;
  readonly digest: string;
}

/** The status file as `/healthz` serves it. */
export function statusOf(server: TestServer): Status {
  const none: Status = { state: "", digest: "", steps: [] };
  const text = server.vm.machine?.root.read("/var/lib/erpnext/status/status.json") ?? "{}";
  return { ...none, ...(JSON.parse(text) as Partial<Status>) };
}

/** Everything but times, and what is random by its nature: keys, ids, row names. */
export function endStateOf(server: TestServer): EndState {
  const machine = server.vm.machine;
  if (machine === undefined) throw new Error("there is no server");
  const { state, digest, steps } = statusOf(server);
  return {
    status: { state, digest, steps: steps.map(({ name, state: of, detail }) => [name, of, detail]) },
    containers: machine.engine
      .containers()
      .map((c) => `${c.name} ${c.service.image} ${c.state} ${c.exitCode} ${c.service.hash.slice(0, 8)}`)
      .sort(),
    images: machine.engine
      .images()
      .flatMap(({ id, names }) => names.map((name) => `${name} ${id}`))
      .sort(),
    packages: Object.entries(machine.state.packages)
      .map((pair) => pair.join(" "))
      .sort(),
    rules: machine.firewall.rules("DOCKER-USER") ?? [],
    site: siteOf(server),
    files: [...filesOf(machine.root.directory), ...filesOf(join(server.dir, "disks"))].sort(),
  };
}

function siteOf(server: TestServer): unknown {
  const tables = server.vm.erpnext?.tables() ?? {};
  return Object.fromEntries(
    Object.entries(tables)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([doctype, docs]) => [doctype, docs.map((doc) => plain(doc)).sort()]),
  );
}

const TIMES: ReadonlySet<string> = new Set(["creation", "modified", "key"]);

function plain(doc: Doc): string {
  const rows = (value: Value): Value =>
    Array.isArray(value) ? value.map((row) => ({ ...(row as Fields), name: "" })) : value;
  return JSON.stringify(
    Object.entries(doc)
      .filter(([field]) => !TIMES.has(field))
      .map(([field, value]) => [field, rows(value)])
      .sort(),
  );
}

/** Logs, what Caddy keeps for itself, and what is in memory only belong to no end state. */
const LEFT_OUT =
  /^\/(var\/log|containers|tmp|dev|root)\/|\/(mariadb|engine|disk)\.json$|attributes\.|^\/run\/erpnext\/(lock|request\.json)$/;

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((path) => `/${path}`)
    .filter(
      (path) => !LEFT_OUT.test(path) && statSync(join(directory, path), { throwIfNoEntry: false })?.isFile() === true,
    );
}
