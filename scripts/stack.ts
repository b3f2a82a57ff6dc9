import { Command } from "commander";

import { backfillCommand } from "./backfill";
import { doctorCommand } from "./doctor";
import { bootstrapCommand } from "./bootstrap";
import { deliveriesCommand } from "./deliveries";
import { deployCommand } from "./deploy";
import { driftCommand } from "./drift";
import { expireCommand } from "./expire";
import { healCommand } from "./heal";
import { healthCommand } from "./health";
import { hmacCommand } from "./hmac";
import { intakeCommand } from "./intake";
import { runProgram } from "./lib/cli/command";
import { previewCommand } from "./preview";
import { releaseCommand } from "./release";
import { rolloutCommand } from "./rollout";
import { teardownCommand } from "./teardown";
import { validateCommand } from "./validate";

/** Everything an operator does with a customer besides `pulumi preview` and `pulumi up`, under one name. */
export function stackProgram(): Command {
  return new Command("stack")
    .description("Commands for one customer's stack: ERPNext on Google Cloud, fed by its Shopify store.")
    .showHelpAfterError("(stack --help lists the commands)")
    .addCommand(bootstrapCommand())
    .addCommand(intakeCommand())
    .addCommand(doctorCommand())
    .addCommand(hmacCommand())
    .addCommand(backfillCommand())
    .addCommand(deliveriesCommand())
    .addCommand(healCommand())
    .addCommand(validateCommand())
    .addCommand(previewCommand())
    .addCommand(releaseCommand())
    .addCommand(rolloutCommand())
    .addCommand(deployCommand())
    .addCommand(driftCommand())
    .addCommand(healthCommand())
    .addCommand(teardownCommand())
    .addCommand(expireCommand());
}

if (require.main === module) {
  void runProgram(stackProgram(), process.argv.slice(2));
}
