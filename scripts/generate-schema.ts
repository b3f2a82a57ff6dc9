import { join } from "node:path";

import { customerJsonSchema } from "../customers/json-schema";
import { generateAll } from "./lib/generated-file";
import { configurationPage } from "./lib/reference/configuration-page";

/** `npm run schema`: writes what follows from customers/schema.ts; `-- --check` only compares. */
generateAll(
  [
    { path: join(__dirname, "../customers/customer.schema.json"), content: customerJsonSchema() },
    { path: join(__dirname, "../docs/configuration.md"), content: configurationPage() },
  ],
  "scripts/generate-schema.ts",
);
