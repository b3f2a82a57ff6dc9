import { join } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { send } from "../clients/node-http";
import { digestOfTag } from "../clients/registry";
import { describePins, pinBaseImages } from "./lib/base-images/pin-base-images";
import { EXIT, runScript } from "./lib/run-script";

/** Where frappe_docker publishes its base images: Docker Hub. */
const REGISTRY = "https://registry-1.docker.io";

/** Exit codes: 0 the digests are known (and with --apply written), 1 they are not, 2 wrong usage. */
const command = new Command("pin-base-images")
  .description(
    "asks what the base images of a customer's Frappe branch are now, and pins their digests in the customer's file",
  )
  .argument("<customer>", "slug")
  .option("--apply", "write the file; without it nothing is written", false)
  .option("--json", "print the report as JSON", false)
  .option("--registry <address>", "a mirror that has frappe/build and frappe/base", parseAddress, new URL(REGISTRY))
  .option("--verbose", "show the stack trace of a failure")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage));

function parseAddress(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("It must be an address such as https://registry.example.");
  }
  return new URL(text);
}

void runScript(async () => {
  command.parse();
  const { apply, json, registry } = command.opts<{ apply: boolean; json: boolean; registry: URL }>();
  const report = await pinBaseImages({
    slug: command.args[0] ?? "",
    directory: join(__dirname, "../customers"),
    apply,
    digestOf: (image) => digestOfTag(image, { url: registry, send }),
  });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : describePins(report)}\n`);
});
