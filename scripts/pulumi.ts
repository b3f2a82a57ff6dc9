import { spawn } from "node:child_process";
import { constants } from "node:os";
import { withPath } from "../tools/executables";
import { progressTo } from "../tools/progress";
import { ensurePulumi } from "../tools/pulumi";
import { unfinishedHint } from "./lib/adopt/hint";
import { exitOnSignal } from "./lib/exit-on-signal";
import { withPolicies } from "./lib/policy-pack";
import { PULUMI_ENVIRONMENT } from "./lib/pulumi-environment";
import { describeToolError } from "../tools/tool-error";

/**
 * `npm run pulumi -- <arguments>`: the Pulumi CLI with these arguments, wherever it comes from, and with this project's
 * policies, of which a plain `pulumi up` knows nothing. Ends as the CLI ends.
 */
async function main(): Promise<void> {
  const restore = exitOnSignal();
  const cli = await ensurePulumi(progressTo(process.stderr));
  const args = process.argv.slice(2);
  const env = withPath(withPolicies({ ...PULUMI_ENVIRONMENT, ...process.env }, args), cli.directory);
  const child = spawn(cli.binary, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches the CLI from the terminal itself. A second SIGINT would make it give up with operations still pending.
      const fromTerminal = process.stdin.isTTY && (signal === "SIGINT" || signal === "SIGQUIT");
      if (!fromTerminal) {
        child.kill(signal);
      }
    });
  }
  // Not before: a signal that came between would end this process and leave the CLI alone.
  restore();
  child.once("error", (error) => {
    process.stderr.write(`the Pulumi CLI "${cli.binary}" does not start: ${error.message}.\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    void (code === 0 || code === null ? Promise.resolve(undefined) : unfinishedHint(cli.binary, args, env)).then(
      (hint) => {
        if (hint !== undefined) process.stderr.write(`${hint}\n`);
        process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      },
    );
  });
}

main().catch((error: unknown) => {
  process.stderr.write(describeToolError(error));
  process.exitCode = 1;
});
