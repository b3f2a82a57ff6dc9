import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

import { runPython, type PythonCall } from "./python-exec";

/** What a process leaves behind that is killed before it has read its answer: a connection that is reset. */
const KILLED_AT_A_QUESTION = `
import os, socket, struct, time
peer = socket.create_connection(("127.0.0.1", int(os.environ["SANDBOX_FRAPPE_PORT"])))
peer.sendall(b"{")
time.sleep(0.2)
peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
os.kill(os.getpid(), 9)
`;

function sleeper(root: string): ChildProcess {
  return spawn("sleep", ["60"], { env: { PATH: process.env["PATH"], ERPNEXT_ROOT: root }, stdio: "ignore" });
}

test("a script sees the processes of its own server in /proc, and none of another sandbox's", () => {
  const [own, other] = [sleeper("/servers/one"), sleeper("/servers/two")];
  try {
    const seen = execFileSync("python3", ["-c", "import frappe, json, os; print(json.dumps(os.listdir('/proc')))"], {
      env: {
        PATH: process.env["PATH"],
        PYTHONPATH: join(__dirname, "python"),
        PYTHONDONTWRITEBYTECODE: "1",
        SANDBOX_SERVER: "/servers/one",
      },
      encoding: "utf8",
    });
    expect(JSON.parse(seen)).toEqual([String(own.pid)]);
  } finally {
    own.kill("SIGKILL");
    other.kill("SIGKILL");
  }
});

// An error without a listener would end this whole file.
test("a script that is killed while it waits for an answer ends as killed, and takes nothing else with it", async () => {
  const said: string[] = [];
  const call = {
    source: KILLED_AT_A_QUESTION,
    stdin: "",
    env: {},
    signal: new AbortController().signal,
    out: (text: string) => said.push(text),
    err: (text: string) => said.push(text),
  };
  expect(await runPython(call as unknown as PythonCall)).toBe(137);
  expect(said).toEqual([]);
});
