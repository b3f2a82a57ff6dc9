import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

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
