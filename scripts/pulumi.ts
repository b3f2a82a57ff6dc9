import { spawn } from "node:child_process";
import { constants } from "node:os";
import { withPath } from "../tools/executables";
import { progressTo } from "../tools/progress";
import { ensurePulumi } from "../tools/pulumi";
import { exitOnSignal } from "./lib/exit-on-signal";
import { adviceAfter, loggedRun } from "./lib/update-advice";
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
  const logged = loggedRun(args);
  const child = spawn(cli.binary, logged.args, { stdio: "inherit", env: { ...env, ...logged.env } });
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
    const faults = logged.faults();
    const failed = code !== 0 && code !== null;
    void (failed ? adviceAfter({ binary: cli.binary, args, env, faults }) : Promise.resolve([])).then((advice) => {
      for (const line of advice) process.stderr.write(`${line}\n`);
      process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

main().catch((error: unknown) => {
  process.stderr.write(describeToolError(error));
  process.exitCode = 1;
});
