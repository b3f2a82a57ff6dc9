import { Argument, Command } from "commander";

import { completionScript, SHELLS, type Shell } from "./lib/cli/completion";

/** `./stack completion <shell>`: prints the script that the shell loads. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("Print a completion script for your shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", '\nExample:\n  eval "$(./stack completion bash)"')
    .exitOverride()
    .action((shell: Shell, _options: unknown, command: Command) => {
      process.stdout.write(completionScript(shell, command.parent ?? command));
    });
}
