import { setTimeout as sleep } from "node:timers/promises";

import { type Call, parse, type Parsed, ProgramError, valueOf } from "../programs/call";
import type { Root } from "../root";
import { type Project, readProject, type Service } from "./compose-model";
import { type Container, type Engine, idOfTag } from "./engine";

/** A command inside of a container. */
export interface Execution {
  readonly container: Container;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ComposeParts {
  readonly root: Root;
  readonly engine: Engine;
  /** Runs a command in a running container. It goes on when its caller is killed, as with the real daemon. */
  execute(execution: Execution, call: Call): Promise<number>;
  /** What Docker Hub refuses a pull with; nothing when it hands the image over. */
  readonly hubRefusal: (image: string) => string | undefined;
}

/** How long making one container takes (milliseconds), so that `up` can be interrupted between two. */
const CREATE_MS = 2;

const VALUED = ["--project-directory", "--env", "--workdir", "--tail", "--timeout", "-T", "--format", "--index"];

type Command = (parts: ComposeParts, call: Call, of: { project: Project; parsed: Parsed }) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { up, ps, exec, run, stop, restart, logs, down, config };

/** `docker compose …`. */
export function composeCommand(parts: ComposeParts, call: Call, args: readonly string[]): Promise<number> | number {
  const outer = parse(args, ["--project-directory"]);
  const [name = "", ...rest] = outer.rest;
  if (name === "version") {
    call.out("Docker Compose version v2.40.3\n");
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) throw new ProgramError(`unknown docker command: "compose ${name}"`);
  const directory = valueOf(outer, "--project-directory") ?? call.cwd;
  const project = readProject({ root: parts.root, directory, env: call.env });
  // `-T` takes no value; it is only kept out of what follows.
  const valued = VALUED.filter((option) => option !== "-T");
  // Words after the service of exec and run are the command's own.
  const parsed = parse(rest, valued, name !== "exec" && name !== "run");
  return command(parts, call, { project, parsed });
}

async function up(
  parts: ComposeParts,
  call: Call,
  { project, parsed }: { project: Project; parsed: Parsed },
): Promise<number> {
  const { engine } = parts;
  const wanted = parsed.rest.length === 0 ? [...project.services.keys()] : parsed.rest;
  const names = parsed.flags.has("--no-deps") ? wanted : withDependencies(project, wanted);
  const services = names.map((name) => serviceOf(project, name));
  // All images first: one that is missing leaves everything as it is.
  for (const service of services) ensureImage(parts, service);
  if (parsed.flags.has("--remove-orphans")) {
    for (const container of engine.containers()) {
      const isOrphan = container.project === project.name && !project.services.has(container.service.name);
      if (isOrphan) await engine.removeContainer(container.id);
    }
  }
  for (const service of services) {
    await sleep(CREATE_MS, undefined, { signal: call.signal });
    const container = await upToDate(engine, project, service);
    if (container.state === "running") continue;
    const started = await engine.startContainer(container.id);
    call.err(` Container ${started.name}  Started\n`);
    if (started.state === "exited" && started.exitCode !== 0) {
      throw new ProgramError(`service "${service.name}" didn't complete successfully: exit ${started.exitCode}`);
    }
  }
  return 0;
}

/** The service's container as it should be: one that was made otherwise is made again. */
async function upToDate(engine: Engine, project: Project, service: Service): Promise<Container> {
  const there = engine.ofService(project.name, service.name);
  const image = engine.findImage(service.image);
  if (there !== undefined && there.service.hash === service.hash && there.imageId === image?.id) return there;
  if (there !== undefined) await engine.removeContainer(there.id);
  return engine.create(project.name, service);
}

/** The services and what they depend on, dependencies first, each once. */
function withDependencies(project: Project, names: readonly string[]): string[] {
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    serviceOf(project, name).dependsOn.forEach(visit);
    if (!ordered.includes(name)) ordered.push(name);
  };
  names.forEach(visit);
  return ordered;
}

function serviceOf(project: Project, name: string): Service {
  const service = project.services.get(name);
  if (service === undefined) throw new ProgramError(`no such service: ${name}`);
  return service;
}

/** The customer's own images are never pulled; public ones come from Docker Hub by their tag. */
function ensureImage({ engine, hubRefusal }: ComposeParts, service: Service): void {
  if (engine.findImage(service.image) !== undefined) return;
  const isOwn = !/^(mariadb|redis|caddy|cloudflare\/cloudflared):/.test(service.image);
  if (isOwn) throw new ProgramError(`Error response from daemon: No such image: ${service.image}`);
  const refused = hubRefusal(service.image);
  if (refused !== undefined) throw new ProgramError(refused);
  engine.nameImage(idOfTag(service.image), service.image);
}

function ps(
  { engine }: ComposeParts,
  call: Call,
  { project, parsed }: { project: Project; parsed: Parsed },
): Promise<number> {
  const isAll = parsed.flags.has("--all") || parsed.flags.has("-a");
  for (const container of engine.containers()) {
    const isMeant = parsed.rest.length === 0 || parsed.rest.includes(container.service.name);
    if (container.project !== project.name || container.isOneOff || !isMeant) continue;
    if (isAll || container.state === "running") call.out(`${container.id}\n`);
  }
  return Promise.resolve(0);
}

function exec(
  parts: ComposeParts,
  call: Call,
  { project, parsed }: { project: Project; parsed: Parsed },
): Promise<number> {
  const [service = "", ...command] = parsed.rest;
  const container = parts.engine.ofService(project.name, serviceOf(project, service).name);
  if (container?.state !== "running") throw new ProgramError(`service "${service}" is not running`);
  return parts.execute({ container, command, env: environmentOf(container, parsed) }, call);
}

/** A container for one command; without one, the service's own. */
async function run(
  parts: ComposeParts,
  call: Call,
  { project, parsed }: { project: Project; parsed: Parsed },
): Promise<number> {
  const { engine } = parts;
  const [name = "", ...command] = parsed.rest;
  const service = serviceOf(project, name);
  ensureImage(parts, service);
  const container = await engine.startContainer(engine.create(project.name, service, true).id);
  try {
    return await parts.execute({ container, command, env: environmentOf(container, parsed) }, call);
  } finally {
    const isThere = engine.isActive() && engine.find(container.id) !== undefined;
    if (parsed.flags.has("--rm") && isThere) await engine.removeContainer(container.id);
  }
}

function environmentOf(container: Container, parsed: Parsed): Record<string, string> {
  const given = (parsed.values.get("--env") ?? []).map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return { ...container.service.environment, ...(Object.fromEntries(given) as Record<string, string>) };
}

function containersOf(engine: Engine, { project, parsed }: { project: Project; parsed: Parsed }): Container[] {
  const names = parsed.rest.length === 0 ? [...project.services.keys()] : parsed.rest;
  names.forEach((name) => serviceOf(project, name));
  return names.flatMap((name) => engine.ofService(project.name, name) ?? []);
}

async function stop({ engine }: ComposeParts, _call: Call, of: { project: Project; parsed: Parsed }): Promise<number> {
  for (const { id } of containersOf(engine, of)) await engine.stopContainer(id);
  return 0;
}

async function restart(
  { engine }: ComposeParts,
  _call: Call,
  of: { project: Project; parsed: Parsed },
): Promise<number> {
  for (const { id } of containersOf(engine, of)) {
    await engine.stopContainer(id);
    await engine.startContainer(id);
  }
  return 0;
}

function logs({ engine }: ComposeParts, call: Call, of: { project: Project; parsed: Parsed }): Promise<number> {
  const tail = Number(valueOf(of.parsed, "--tail") ?? "100");
  for (const container of containersOf(engine, of)) {
    const lines = engine
      .logs(container)
      .split("\n")
      .filter((line) => line !== "");
    for (const line of lines.slice(-tail)) call.out(`${container.service.name}-1  | ${line}\n`);
  }
  return Promise.resolve(0);
}

async function down({ engine }: ComposeParts, _call: Call, of: { project: Project }): Promise<number> {
  const own = engine.containers().filter((container) => container.project === of.project.name);
  for (const { id } of own) await engine.removeContainer(id);
  return 0;
}

function config(_parts: ComposeParts, call: Call, { project }: { project: Project }): Promise<number> {
  for (const name of project.services.keys()) call.out(`${name}\n`);
  return Promise.resolve(0);
}
