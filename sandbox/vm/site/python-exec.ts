import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Value } from "../../erpnext";
import { PythonException } from "../../erpnext/frappe-api";
import type { BenchCall } from "./bench";
import { FUNCTIONS, type Session } from "./frappe-calls";

/** The sandbox's `frappe` for Python. */
const PACKAGES = join(__dirname, "python");

/** How a process that was killed ends. */
const KILLED = 137;

/** A script for Frappe's Python, with what it reads and its variables. */
export interface PythonCall extends BenchCall {
  readonly source: string;
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a Python script for real; what it asks of Frappe is answered from the sandbox's ERPNext. */
export async function runPython(call: PythonCall): Promise<number> {
  const server = createServer((socket) => {
    serve(socket, call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await runProcess(call, (server.address() as AddressInfo).port);
  } finally {
    await closed(server);
  }
}

function runProcess(call: PythonCall, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-c", call.source], {
      env: {
        PATH: process.env["PATH"] ?? "",
        PYTHONPATH: PACKAGES,
        PYTHONDONTWRITEBYTECODE: "1",
        SANDBOX_FRAPPE_PORT: String(port),
        ...call.env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const kill = (): void => {
      child.kill("SIGKILL");
    };
    call.signal.addEventListener("abort", kill, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      call.out(chunk.toString());
    });
    child.stderr.on("data", (chunk: Buffer) => {
      call.err(chunk.toString());
    });
    // A script that ends without reading its input is no fault.
    child.stdin.on("error", () => undefined);
    child.stdin.end(call.stdin);
    child.once("error", reject);
    child.once("close", (code) => {
      call.signal.removeEventListener("abort", kill);
      resolve(code ?? KILLED);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** One connection is one process: what it asked for comes a line a question. */
function serve(socket: Socket, call: BenchCall): void {
  const session: Session = { call, site: "", tx: undefined };
  socket.on("error", () => undefined);
  socket.once("close", () => {
    session.tx?.rollback();
  });
  const questions = createInterface({ input: socket });
  // A process that is killed while an answer is on its way resets the connection, and readline passes that on.
  questions.on("error", () => undefined);
  questions.on("line", (line) => {
    void answer(session, line).then((reply) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

async function answer(session: Session, line: string): Promise<object> {
  const asked = JSON.parse(line) as { function: string; arguments: Value[] };
  try {
    const run = FUNCTIONS[asked.function];
    if (run === undefined) throw new Error(`the sandbox's Frappe has no function "${asked.function}"`);
    return { value: (await run(session, asked.arguments)) ?? null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: error instanceof PythonException ? error.raised.type : "ValidationError", message };
  }
}
