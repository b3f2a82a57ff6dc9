import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { Aid, ProviderDefinition, ResourceType, Situation } from "../resource-type";
import { isRecord, strings, text } from "../values";
import type { Properties } from "../values";

const UNSUPPORTED = 'is not supported by the sandbox; print what is needed and read "stdout"';

const localCommand: ResourceType = {
  token: "command:local:Command",
  checks: {
    assetPaths: () => UNSUPPORTED,
    archivePaths: () => UNSUPPORTED,
    logging: oneOf("stdout", "stderr", "stdoutAndStderr", "none"),
  },
  inputDefaults: { addPreviousOutputInEnv: true },
  replaces: ["triggers"],
  volatile: ["stdout", "stderr"],
  kept: false,
  id: ({ name }) => `${name}${randomBytes(4).toString("hex")}`,
  computed: () => ({ stdout: "", stderr: "" }),
  effects: {
    create: (situation, aid) =>
      run(situation.inputs["create"], { situation, aid, inputs: situation.inputs, state: {} }),
    update: (situation, aid, state) => {
      const { inputs } = situation;
      return run(inputs["update"] ?? inputs["create"], { situation, aid, inputs, state });
    },
    delete: async (situation, aid, state) => {
      await run(state["delete"], { situation, aid, inputs: state, state });
    },
  },
};

/** Commands on the operator's machine: really run, as the plugin does, but with the environment of the sandbox and not of the engine. */
export const commandProvider: ProviderDefinition = {
  name: "command",
  detailedDiff: true,
  checkConfig: () => [],
  types: [localCommand],
  invokes: [],
};

interface Run {
  readonly situation: Situation;
  readonly aid: Aid;
  /** Settings: of the program, or for a delete those that the engine holds. */
  readonly inputs: Properties;
  /** What the engine holds, with the last run's output. */
  readonly state: Properties;
}

/** @returns the command's output; the last one's when there is no command */
async function run(command: Properties[string] | undefined, of: Run): Promise<Properties> {
  const last = { stdout: text(of.state, "stdout"), stderr: text(of.state, "stderr") };
  if (typeof command !== "string") return last;
  const { situation, aid, inputs } = of;
  const [program = "/bin/sh", ...args] = interpreterOf(inputs);
  const child = spawn(program, [...args, command], {
    cwd: resolve(situation.session.directory, text(inputs, "dir")),
    env: { ...process.env, ...environmentOf(inputs, last) },
    // A group of its own, so that cancelling reaches what the command started.
    detached: true,
  });
  const stop = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
  aid.signal.addEventListener("abort", stop, { once: true });
  // A command that does not read its input ends before it is written, which is no fault of the command.
  child.stdin.on("error", () => undefined);
  child.stdin.end(text(inputs, "stdin"));
  const both: string[] = [];
  const logging = text(inputs, "logging") || "stdoutAndStderr";
  const told = (stream: "stdout" | "stderr"): boolean => logging === stream || logging === "stdoutAndStderr";
  const [stdout, stderr, failure] = await Promise.all([
    lines(child.stdout, both, told("stdout") ? aid : undefined),
    lines(child.stderr, both, told("stderr") ? aid : undefined),
    ended(child),
  ]);
  aid.signal.removeEventListener("abort", stop);
  if (failure !== undefined)
    throw new CloudError(500, `${failure}: running ${JSON.stringify(command)}:\n${both.join("\n")}`);
  return { stdout, stderr };
}

function interpreterOf(inputs: Properties): string[] {
  const own = strings(inputs, "interpreter");
  return own.length > 0 ? own : ["/bin/sh", "-c"];
}

function environmentOf(inputs: Properties, last: { stdout: string; stderr: string }): Record<string, string> {
  const own = isRecord(inputs["environment"]) ? inputs["environment"] : {};
  const named = Object.fromEntries(Object.keys(own).map((key) => [key, text({ value: own[key] ?? "" }, "value")]));
  if (inputs["addPreviousOutputInEnv"] === false) return named;
  return {
    ...named,
    ...(last.stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: last.stdout }),
    ...(last.stderr === "" ? {} : { PULUMI_COMMAND_STDERR: last.stderr }),
  };
}

/** Reads a stream line by line, telling the operator each as it comes. @returns the whole, without the last newline */
async function lines(stream: NodeJS.ReadableStream, both: string[], aid: Aid | undefined): Promise<string> {
  const own: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    own.push(line);
    both.push(line);
    await aid?.say("info", line);
  }
  return own.join("\n");
}

/** @returns how it failed, or nothing */
async function ended(child: ReturnType<typeof spawn>): Promise<string | undefined> {
  return new Promise((finish) => {
    child.once("error", (error) => {
      finish(error.message);
    });
    child.once("close", (code, signal) => {
      finish(code === 0 ? undefined : signal === null ? `exit status ${String(code)}` : `signal: ${signal}`);
    });
  });
}
