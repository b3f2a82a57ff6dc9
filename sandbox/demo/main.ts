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
import { Reporter } from "./reporter";

interface DemoOptions {
  readonly keep: boolean;
  readonly json: boolean;
}

/** Exit codes: 0 all of it held, 1 something did not, 2 wrong usage (commander's own). */
async function main({ keep, json }: DemoOptions): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "erpnext-demo-"));
  const reporter = new Reporter(json);
  const { onProgress } = progressTo(process.stderr);
  const session = await Session.open({ dir, onProgress });
  try {
    const chapters = new Chapters(session, reporter);
    await chapters.preview();
    await chapters.up();
    await chapters.diffs();
    await chapters.drift();
    await chapters.matrix();
    await chapters.console();
    if (keep) {
      await stayUp(session, reporter);
    }
    await chapters.destroy();
  } finally {
    await session.close();
    rmSync(dir, { recursive: true, force: true });
  }
  process.exitCode = reporter.end().ok ? 0 : 1;
}

/** Leaves everything running until Ctrl-C. */
async function stayUp(session: Session, reporter: Reporter): Promise<void> {
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
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => {
      resolve();
    });
  });
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
  process.exitCode = 1;
  process.stderr.write(`${describeToolError(error)}\n`);
});
