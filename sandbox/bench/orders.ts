import { spawnSync } from "node:child_process";

import { REPOSITORY } from "../workspace";

/**
 * `npm run bench:orders -- --site <url> …`: how many orders an hour a real ERPNext books, through its door. Prints a figure a line
 * (deliveries/tests/orders_bench.py, whose head says what it needs; `--help`).
 */
const { status } = spawnSync("python3", ["-B", "-m", "deliveries.tests.orders_bench", ...process.argv.slice(2)], {
  cwd: REPOSITORY,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
