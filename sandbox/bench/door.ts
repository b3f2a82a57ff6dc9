import { spawnSync } from "node:child_process";

import { pythonPackages, REDIS_CLIENT } from "../../tools/python-packages";
import { REPOSITORY } from "../workspace";

/**
 * `npm run bench:door`: deliveries a second and what the door adds to their time, with forged ones beside, and the soak of a whole shop. Prints a
 * figure a line (deliveries/tests/bench.py, which takes the options).
 */
function main(): number {
  const packages = pythonPackages(REDIS_CLIENT);
  if ("trouble" in packages) {
    process.stderr.write(`the client for Redis cannot be had: ${packages.trouble}\n`);
    return 1;
  }
  const { status } = spawnSync("python3", ["-B", "-m", "deliveries.tests.bench", ...process.argv.slice(2)], {
    cwd: REPOSITORY,
    env: { ...process.env, PYTHONPATH: packages.directory },
    stdio: "inherit",
  });
  return status ?? 1;
}

process.exitCode = main();
