import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { accountOfToken } from "../google";
import { type Call, parse, type Program, ProgramError, valueOf } from "../programs/call";
import { composeCommand, type ComposeParts } from "./compose";
import type { Container } from "./engine";
import { render } from "./format";

export interface DockerParts extends ComposeParts {
  isInstalled(): boolean;
  /** What the registry refuses a pull with; nothing when it hands the image over. */
  pullRefusal(reference: string, account: string): string | undefined;
}

/** How long a pull takes (milliseconds), so that it can be interrupted. */
const PULL_MS = 30;

/** The `docker` command. */
export function dockerProgram(parts: DockerParts): Program {
  const commands: Readonly<Record<string, (call: Call, args: readonly string[]) => number | Promise<number>>> = {
    compose: (call, args) => composeCommand(parts, call, args),
    info: (call, args) => {
      parts.engine.images();
      const format = valueOf(parse(args, ["--format"]), "--format");
      call.out(
        `${render(format ?? " Server Version: 28.5.2", { DockerRootDir: parts.root.at(parts.engine.dataRoot) })}\n`,
      );
      return 0;
    },
    inspect: (call, args) => inspect(parts, call, args),
    login: (call, args) => logIn(call, args),
    pull: (call, args) => pull(parts, call, args),
    tag: (_call, [from = "", to = ""]) => {
      const image = parts.engine.findImage(from);
      if (image === undefined) throw new ProgramError(`Error response from daemon: No such image: ${from}`);
      parts.engine.nameImage(image.id, to);
      return 0;
    },
    image: (call, args) => imageCommand(parts, call, args),
    ps: (call, args) => list(parts, call, args),
    rm: async (_call, args) => {
      for (const id of parse(args, []).rest) await parts.engine.removeContainer(id);
      return 0;
    },
  };
  return (call) => {
    if (!parts.isInstalled()) throw new ProgramError("docker: command not found", 127);
    const [name = "", ...args] = call.args;
    const command = commands[name];
    if (command === undefined) throw new ProgramError(`docker: unknown command: docker ${name}`);
    return command(call, args);
  };
}

/** What `docker inspect` tells of a container. */
async function describe(parts: DockerParts, container: Container): Promise<Record<string, unknown>> {
  const health = await parts.engine.healthOf(container);
  return {
    Id: container.id,
    Name: `/${container.name}`,
    Image: container.imageId,
    Config: { Image: container.service.image },
    State: {
      Status: container.state,
      ExitCode: container.exitCode,
      ...(health === "" ? {} : { Health: { Status: health } }),
    },
  };
}

async function inspect(parts: DockerParts, call: Call, args: readonly string[]): Promise<number> {
  const parsed = parse(args, ["--format"], true);
  const container = parts.engine.find(parsed.rest[0] ?? "");
  if (container === undefined) throw new ProgramError(`Error: No such object: ${parsed.rest[0] ?? ""}`);
  const described = await describe(parts, container);
  const format = valueOf(parsed, "--format");
  call.out(`${format === undefined ? JSON.stringify([described]) : render(format, described)}\n`);
  return 0;
}

function list(parts: DockerParts, call: Call, args: readonly string[]): number {
  const parsed = parse(args, ["--filter", "--format"], true);
  const labels = (parsed.values.get("--filter") ?? []).map((filter) => filter.replace(/^label=/, ""));
  const isAll = parsed.flags.has("--all") || parsed.flags.has("-a");
  for (const container of parts.engine.containers()) {
    const own = [
      `com.docker.compose.project=${container.project}`,
      `com.docker.compose.service=${container.service.name}`,
      `com.docker.compose.oneoff=${container.isOneOff ? "True" : "False"}`,
    ];
    if ((isAll || container.state === "running") && labels.every((label) => own.includes(label)))
      call.out(`${container.id}\n`);
  }
  return 0;
}

/** Keeps the token where the real one does: in the directory that DOCKER_CONFIG names. */
function logIn(call: Call, args: readonly string[]): number {
  const { values, rest } = parse(args, ["--username"], true);
  const [host = ""] = (rest[0] ?? "").replace(/^https:\/\//, "").split("/");
  const token = call.stdin.trim();
  if (accountOfToken(token) === undefined) {
    throw new ProgramError(`Error response from daemon: Get "https://${host}/v2/": denied: Unauthenticated request.`);
  }
  const directory = call.env["DOCKER_CONFIG"] ?? join(call.env["HOME"] ?? "/root", ".docker");
  mkdirSync(directory, { recursive: true });
  const auth = Buffer.from(`${values.get("--username")?.[0] ?? ""}:${token}`).toString("base64");
  writeFileSync(join(directory, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  call.out("Login Succeeded\n");
  return 0;
}

function accountFor(call: Call, host: string): string {
  try {
    const file = join(call.env["DOCKER_CONFIG"] ?? "", "config.json");
    const { auths } = JSON.parse(readFileSync(file, "utf8")) as { auths: Record<string, { auth: string }> };
    const pair = Buffer.from(auths[host]?.auth ?? "", "base64").toString();
    return accountOfToken(pair.slice(pair.indexOf(":") + 1)) ?? "";
  } catch {
    return "";
  }
}

async function pull(parts: DockerParts, call: Call, args: readonly string[]): Promise<number> {
  const [reference = ""] = parse(args, []).rest;
  const refused = parts.pullRefusal(reference, accountFor(call, reference.split("/")[0] ?? ""));
  if (refused !== undefined) throw new ProgramError(refused);
  await sleep(PULL_MS, undefined, { signal: call.signal });
  parts.engine.nameImage(reference.split("@")[1] ?? "", reference);
  call.out(`${reference}\n`);
  return 0;
}

type ImageCommand = (parts: DockerParts, call: Call, name: string) => void;

const IMAGE_COMMANDS: Readonly<Record<string, ImageCommand>> = {
  inspect: ({ engine }, call, name) => {
    const image = engine.findImage(name);
    if (image === undefined) throw new ProgramError(`Error response from daemon: No such image: ${name}`);
    call.out(`${JSON.stringify([{ Id: image.id, RepoTags: image.names }])}\n`);
  },
  ls: ({ engine }, call, name) => {
    const tags = engine.images().flatMap(({ names }) => names.filter((known) => known.startsWith(`${name}:`)));
    for (const tag of tags) call.out(`${tag.slice(name.length + 1)}\n`);
  },
  rm: ({ engine }, _call, name) => {
    if (engine.findImage(name) === undefined) throw new ProgramError(`Error: No such image: ${name}`);
    const user = engine.containers().find(({ service, state }) => service.image === name && state === "running");
    if (user !== undefined) {
      throw new ProgramError(`Error response from daemon: conflict: unable to remove ${name}: ${user.name} uses it`);
    }
    engine.removeImageName(name);
  },
};

function imageCommand(parts: DockerParts, call: Call, [command = "", ...args]: readonly string[]): number {
  const run = IMAGE_COMMANDS[command];
  if (run === undefined) throw new ProgramError(`docker: unknown command: docker image ${command}`);
  run(parts, call, parse(args, ["--format"], true).rest[0] ?? "");
  return 0;
}
