import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";

import { parseEnv } from "../metadata";
import { ProgramError } from "../programs/call";
import type { Root } from "../root";

type Json = Readonly<Record<string, unknown>>;

/** A service as all of a project's files together say it, with its variables put in. */
export interface Service {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly Mount[];
  readonly restart: string;
  readonly dependsOn: readonly string[];
  readonly hasHealthcheck: boolean;
  /** Changes when anything about the service does. */
  readonly hash: string;
}

/** Something of the machine, or a named volume, inside a container. */
export interface Mount {
  /** Absolute path, or the name of a volume. */
  readonly source: string;
  readonly target: string;
  /** The daemon refuses to start a container without it, instead of making a directory of that name. */
  readonly mustExist: boolean;
}

export interface Project {
  readonly name: string;
  readonly services: ReadonlyMap<string, Service>;
}

/** How `docker compose` was called. */
export interface ProjectCall {
  readonly root: Root;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Keys whose list another file replaces; other lists grow. */
const REPLACED: ReadonlySet<string> = new Set(["command", "entrypoint", "test"]);

/** The project that the environment and the directory's `.env` name: COMPOSE_FILE's files, one over the other. */
export function readProject({ root, directory, env }: ProjectCall): Project {
  const file = join(directory, ".env");
  const variables = { ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}), ...env };
  const names = (variables["COMPOSE_FILE"] ?? "compose.yaml").split(":");
  const files = names.map((name) => (isAbsolute(name) ? root.at(name) : join(directory, name)));
  const merged = files.reduce<Json>((before, path) => merge(before, readFile(path, variables)), {});
  const services = Object.entries((merged["services"] ?? {}) as Record<string, Json>);
  return {
    name: variables["COMPOSE_PROJECT_NAME"] ?? "default",
    services: new Map(services.map(([name, service]) => [name, serviceOf(name, service, dirname(files[0] ?? ""))])),
  };
}

function readFile(path: string, variables: Readonly<Record<string, string>>): Json {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new ProgramError(`open ${path}: no such file or directory`, 14);
  }
  const options = { merge: true, customTags: [{ tag: "!reset", resolve: () => RESET }] };
  return interpolate(parse(text, options), variables) as Json;
}

/** Compose's own tag: what another file said is taken away. */
const RESET = "\u0000reset";

function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => interpolate(item, variables));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, variables)]));
  }
  return typeof value === "string" ? expand(value, variables) : value;
}

const VARIABLE = /^\$\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\}$/;

function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\{[^}]*\}/g, (written) => {
    if (written === "$$") return "$";
    const [, name = "", operator = "", rest = ""] = VARIABLE.exec(written) ?? [];
    const value = variables[name];
    const isThere = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
    if (isThere) return value ?? "";
    if (operator.endsWith("?")) throw new ProgramError(`required variable ${name} is missing a value: ${rest}`, 15);
    return rest;
  });
}

function merge(before: Json, over: Json): Json {
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(over)) {
    const [there, next] = [normal(key, result[key]), normal(key, value)];
    if (value === RESET) {
      result[key] = undefined;
    } else if (Array.isArray(there) && Array.isArray(next) && !REPLACED.has(key)) {
      result[key] = [...(there as unknown[]), ...(next as unknown[])];
    } else {
      result[key] = isMap(next) ? merge(isMap(there) ? there : {}, next) : next;
    }
  }
  return result;
}

/** `environment`, `depends_on` and `labels` may be lists or maps; as maps they can be merged. */
function normal(key: string, value: unknown): unknown {
  if (!["environment", "depends_on", "labels"].includes(key) || !Array.isArray(value)) return value;
  return Object.fromEntries(
    (value as string[]).map((item) => [item.split("=")[0], item.split("=").slice(1).join("=")]),
  );
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function serviceOf(name: string, service: Json, base: string): Service {
  const environment = Object.entries(normal("environment", service["environment"] ?? {}) as Json)
    .filter(([, value]) => value !== null && value !== RESET)
    .map(([key, value]) => [key, String(value)]);
  return {
    name,
    image: text(service["image"], ""),
    command: ((service["command"] as readonly unknown[] | undefined) ?? []).map(String),
    environment: Object.fromEntries(environment) as Record<string, string>,
    volumes: ((service["volumes"] as readonly unknown[] | undefined) ?? []).map((volume) => mountOf(volume, base)),
    restart: text(service["restart"], "no"),
    dependsOn: Object.keys(normal("depends_on", service["depends_on"] ?? {}) as Json),
    hasHealthcheck: service["healthcheck"] !== undefined,
    hash: createHash("sha256").update(JSON.stringify(service)).digest("hex"),
  };
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function mountOf(volume: unknown, base: string): Mount {
  if (typeof volume === "string") {
    const [source = "", target = ""] = volume.split(":");
    return { source: source.startsWith(".") ? join(base, source) : source, target, mustExist: false };
  }
  const { source, target, bind } = volume as { source: string; target: string; bind?: { create_host_path?: boolean } };
  return { source, target, mustExist: bind?.create_host_path === false };
}
