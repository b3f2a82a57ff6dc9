import { ensureTools } from "./lib/tools";

/** `npm run setup`: gets every tool this project runs and prints what was found where. Exit code 1 when one cannot be had. */
async function main(): Promise<void> {
  const tools = await ensureTools();
  process.stdout.write(tools.lines.map((line) => `${line}\n`).join(""));
  process.exitCode = tools.missing === 0 ? 0 : 1;
}

void main();
