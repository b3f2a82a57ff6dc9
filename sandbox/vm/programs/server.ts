import { readFileSync, readlinkSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { type Call, type Program, ProgramError } from "./call";
import type { ProgramFault, ProgramFaults } from "./faults";

/** How a program whose caller was killed, or whose answer was lost, ends. */
const KILLED = 137;

export interface ProgramServerOptions {
  readonly programs: Readonly<Record<string, Program>>;
  readonly faults: ProgramFaults;
  /** Told of every call before it is answered. */
  readonly onCall: (call: Call) => void;
}

/** Answers the launchers: runs the stand-in that they name, with what /proc tells about them. */
export class ProgramServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(private readonly options: ProgramServerOptions) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      // A caller that was killed resets its connection.
      socket.on("error", () => undefined);
      void this.#serve(socket);
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async #serve(socket: Socket): Promise<void> {
    const gone = new AbortController();
    socket.once("close", () => {
      gone.abort(new Error("The caller is gone."));
    });
    const asked = await readRequest(socket);
    if (asked === undefined) return;
    const call = callOf(asked, socket, gone.signal);
    if (call === undefined) {
      socket.destroy();
      return;
    }
    const code = await this.#run(call);
    if (!socket.destroyed) socket.end(`x${code}\n`);
  }

  async #run(call: Call): Promise<number> {
    this.options.onCall(call);
    const fault = this.options.faults.due(call);
    try {
      if (fault !== undefined && fault.when !== "after") {
        const code = await suffer(fault, call);
        if (code !== undefined) return code;
      }
      const program = this.options.programs[call.program];
      const code = program === undefined ? 127 : await program(call);
      return fault?.when === "after" ? ((await suffer(fault, call)) ?? code) : code;
    } catch (error) {
      call.err(`${error instanceof Error ? error.message : String(error)}\n`);
      return error instanceof ProgramError ? error.code : 1;
    }
  }
}

/** @returns the code that the call ends with because of the fault; undefined when it goes on */
async function suffer({ effect }: ProgramFault, call: Call): Promise<number | undefined> {
  if (effect === "hang") {
    await new Promise((resolve) => {
      call.signal.addEventListener("abort", resolve, { once: true });
    });
    return KILLED;
  }
  if (typeof effect === "function") {
    await effect();
    return call.signal.aborted ? KILLED : undefined;
  }
  call.err(`${effect.stderr}\n`);
  return effect.code;
}

interface Asked {
  readonly program: string;
  readonly pid: number;
  readonly stdin: string;
}

/** Reads `<program> <pid> <bytes of input>`, a line break, and the input. Nothing when the caller went before its end. */
function readRequest(socket: Socket): Promise<Asked | undefined> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    socket.once("close", () => {
      resolve(undefined);
    });
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf("\n");
      if (end < 0) return;
      const [program = "", pid = "", length = ""] = received.subarray(0, end).toString().split(" ");
      const input = received.subarray(end + 1);
      if (input.length >= Number(length)) resolve({ program, pid: Number(pid), stdin: input.toString() });
    });
  });
}

function callOf(asked: Asked, socket: Socket, signal: AbortSignal): Call | undefined {
  const proc = `/proc/${asked.pid}`;
  try {
    // The shell, its script, and the arguments.
    const [, , ...args] = readFileSync(`${proc}/cmdline`, "utf8").split("\0").slice(0, -1);
    const env = readFileSync(`${proc}/environ`, "utf8").split("\0").slice(0, -1);
    return {
      program: asked.program,
      args,
      cwd: readlinkSync(`${proc}/cwd`),
      env: Object.fromEntries(env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)])),
      stdin: asked.stdin,
      signal,
      out: lines(socket, "o"),
      err: lines(socket, "e"),
    };
  } catch {
    // Killed before it was looked at.
    return undefined;
  }
}

function lines(socket: Socket, mark: "o" | "e"): (text: string) => void {
  return (text) => {
    if (text === "" || socket.destroyed) return;
    const parts = text.split("\n");
    const rest = parts.pop() ?? "";
    const whole = parts.map((line) => `${mark}${line}\n`).join("");
    socket.write(rest === "" ? whole : `${whole}${mark.toUpperCase()}${rest}\n`);
  };
}
