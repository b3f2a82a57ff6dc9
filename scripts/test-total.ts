import { readShards } from "./lib/shards";
import { summarize } from "./lib/test-summary";

/** `npm run test:total`: the one count of a workflow whose tests run in shards; NEEDS holds GitHub's `toJSON(needs)`. */
const reports = readShards(process.env["NEEDS"]);
const { line, exitCode } = summarize(reports);
for (const trouble of reports.flatMap(({ troubles }) => troubles)) {
  process.stderr.write(`${trouble}\n`);
}
process.stdout.write(`${line}\n`);
process.exitCode = exitCode;
