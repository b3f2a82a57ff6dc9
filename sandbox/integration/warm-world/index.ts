import { execFileSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { printed } from "../../pulumi-output";
import { Session, type SessionOptions } from "../../session";

/**
 * Opens a session in a world in which the documented example is up already. The first file of a jest worker makes it; each further one
 * gets a copy of what that one had made, in the same directory and at the same ports, because the state of a stack names both.
 */
export async function openWarmSession(options: Omit<SessionOptions, "dir" | "again">): Promise<Session> {
  const worker = join(process.env["SANDBOX_WARM_WORLDS"] ?? "", process.env["JEST_WORKER_ID"] ?? "1");
  const [dir, kept] = [join(worker, "world"), join(worker, "kept")];
  if (!existsSync(kept)) {
    await makeWorld(dir);
    renameSync(dir, kept);
  }
  rmSync(dir, { recursive: true, force: true });
  execFileSync("cp", ["-a", kept, dir]);
  const session = await Session.open({ ...options, dir, again: true });
  await session.world.vm.settled();
  return session;
}

async function makeWorld(dir: string): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  const session = await Session.open({ dir });
  try {
    const run = await session.up();
    if (run.code !== 0) throw new Error(`the first up of this worker's world ended with ${run.code}:\n${printed(run)}`);
    await session.world.vm.settled();
  } finally {
    await session.close();
  }
}
