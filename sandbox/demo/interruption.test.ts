import { spawn } from "node:child_process";
import { once } from "node:events";

/** The process as the demo is: it waits for the interruption, and then has something to tidy up. */
const PROGRAM = `
  const { interruption } = require("./sandbox/demo/interruption.ts");
  const signal = interruption();
  const alive = setInterval(() => undefined, 1000);
  signal.addEventListener("abort", () => {
    process.stdout.write("interrupted\\n");
    process.stdin.once("data", () => { clearInterval(alive); process.stdin.destroy(); process.stdout.write("tidied up\\n"); });
  });
  process.stdout.write("waiting\\n");
`;

test.each(["SIGINT", "SIGHUP"] as const)(
  "%s twice, as npm and tsx hand it on, leaves time to tidy up",
  async (name) => {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", PROGRAM], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const printed = async (): Promise<string> => String((await once(child.stdout, "data"))[0]);
    const ended = once(child, "exit");
    expect(await printed()).toBe("waiting\n");
    child.kill(name);
    expect(await printed()).toBe("interrupted\n");
    child.kill(name);
    child.stdin.write("\n");
    expect(await printed()).toBe("tidied up\n");
    expect(await ended).toEqual([0, null]);
  },
);
