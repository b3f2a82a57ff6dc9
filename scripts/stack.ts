import { Command } from "commander";

import { backfillCommand } from "./backfill";
import { doctorCommand } from "./doctor";
import { bootstrapCommand } from "./bootstrap";
import { deliveriesCommand } from "./deliveries";
import { closeGapsCommand } from "./close-gaps";
import { completionCommand } from "./completion";
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
  return new Command("./stack")
    .description("The operator's commands: ERPNext on Google Cloud, one stack per customer, fed by its Shopify store.")
    .showHelpAfterError("(./stack --help lists the commands)")
    .commandsGroup("One customer:")
    .addCommand(intakeCommand())
    .addCommand(doctorCommand())
    .addCommand(validateCommand())
    .addCommand(teardownCommand())
    .commandsGroup("Its orders:")
    .addCommand(backfillCommand())
    .addCommand(healCommand())
    .addCommand(deliveriesCommand())
    .addCommand(hmacCommand())
    .commandsGroup("Many customers:")
    .addCommand(bootstrapCommand())
    .addCommand(previewCommand())
    .addCommand(deployCommand())
    .addCommand(driftCommand())
    .addCommand(healthCommand())
    .addCommand(closeGapsCommand())
    .addCommand(releaseCommand())
    .addCommand(rolloutCommand())
    .addCommand(expireCommand())
    .commandsGroup("This program:")
    .addCommand(completionCommand())
    .addHelpCommand(new Command("help").argument("[command]").description("Show the help of a command."))
    .addHelpText("after", "\nExample:\n  ./stack doctor acme");
}

if (require.main === module) {
  void runProgram(stackProgram(), process.argv.slice(2));
}
