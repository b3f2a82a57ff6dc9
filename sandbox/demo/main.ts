import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";

import { progressTo } from "../../tools/progress";
import { describeToolError } from "../../tools/tool-error";
import { openConsoleDoor } from "../console-door";
import { freePort } from "../ports";
import { Session } from "../session";
import { Chapters, CONSOLE } from "./chapters";
import { interruption } from "./interruption";
import { Reporter } from "./reporter";

interface DemoOptions {
  readonly keep: boolean;
  readonly json: boolean;
}

/** By the shell's convention for a process that SIGINT ends. */
const INTERRUPTED = 130;

/** Exit codes: 0 all of it held, 1 something did not, 2 wrong usage (commander's own), 130 interrupted in the middle. */
async function main(options: DemoOptions): Promise<void> {
  const interrupted = interruption();
  const dir = mkdtempSync(join(tmpdir(), "erpnext-demo-"));
  const reporter = new Reporter(options.json);
  try {
    await tell(options, { dir, reporter, interrupted });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  process.exitCode = reporter.end().ok ? 0 : 1;
}

interface Stage {
  readonly dir: string;
  readonly reporter: Reporter;
  readonly interrupted: AbortSignal;
}

/** @throws Interrupted when Ctrl-C comes before all is up */
async function tell({ keep }: DemoOptions, { dir, reporter, interrupted }: Stage): Promise<void> {
  const { onProgress } = progressTo(process.stderr);
  const session = await Session.open({ dir, onProgress });
  try {
    const chapters = new Chapters(session, reporter);
    for (const chapter of ["preview", "up", "diffs", "drift", "matrix", "console"] as const) {
      // The engine has the terminal's Ctrl-C too and ends its run, which is no finding.
      await chapters[chapter]().finally(() => {
        if (interrupted.aborted) throw new Interrupted();
      });
    }
    if (keep) await stayUp(session, reporter, interrupted);
    await chapters.destroy();
  } finally {
    await session.close();
  }
}

class Interrupted extends Error {
  constructor() {
    super("interrupted: what the demo made on this machine is removed");
  }
}

/** Leaves everything running until Ctrl-C. */
async function stayUp(session: Session, reporter: Reporter, interrupted: AbortSignal): Promise<void> {
  const { urls, shopify, dir } = session.world;
  const door = await openConsoleDoor(session.world, { ...CONSOLE, port: await freePort() });
  reporter.chapter("It stays up until you press Ctrl-C, and is destroyed then");
  reporter.text(
    [
      `Sync Console            ${door.url}  (open it in a browser: you are signed in)`,
      `ERPNext behind Access   ${urls.ui}  (Host: erp.demo-store.example)`,
      `Webhook door, Caddy     ${urls.hook}  (Host: hooks.demo-store.example)`,
      `Shopify Admin API       ${shopify.url}  (Host: demo-store.myshopify.com)`,
      `Working copy, state     ${dir}`,
      `Try: cd ${session.workspace} and run pulumi with the environment in ${join(dir, "environment")}`,
    ].join("\n"),
  );
  session.writeEnvironment(join(dir, "environment"));
  if (!interrupted.aborted) await once(interrupted, "abort");
  await door.close();
}

const program = new Command()
  .name("npm run demo --")
  .description(
    "Runs the whole of it on this machine: the real Pulumi engine and Caddy, stand-ins for clouds, Shopify and ERPNext.",
  )
  .option("--keep", "leave it running until Ctrl-C, with its addresses", false)
  .option("--json", "print one JSON report instead of a story", false);

program.parse();
main(program.opts<DemoOptions>()).catch((error: unknown) => {
  process.exitCode = error instanceof Interrupted ? INTERRUPTED : 1;
  process.stderr.write(`${error instanceof Interrupted ? error.message : describeToolError(error)}\n`);
});
