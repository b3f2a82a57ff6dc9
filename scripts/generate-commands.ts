import { join } from "node:path";

import { generateAll } from "./lib/generated-file";
import { commandsPage } from "./lib/reference/commands-page";
import { stackProgram } from "./stack";

/** `npm run commands`: writes docs/commands.md from the commands' help; `-- --check` only compares. */
generateAll(
  [{ path: join(__dirname, "../docs/commands.md"), content: commandsPage(stackProgram()) }],
  "scripts/generate-commands.ts",
);
