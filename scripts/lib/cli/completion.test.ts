import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";

import { completionScript } from "./completion";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "completion-"));
  mkdirSync(join(directory, "customers"));
  for (const file of ["acme.yaml", "beta.yaml", "Pulumi.acme.yaml"])
    writeFileSync(join(directory, "customers", file), "");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const program = (): Command =>
  new Command("./stack")
    .addCommand(
      new Command("heal")
        .description("Deliver what's missing.")
        .option("--since <date>", "only since")
        .option("--apply", "do it"),
    )
    .addCommand(new Command("hmac").description("Check signatures."));

/** What bash proposes for the last of the words. */
function proposals(...words: readonly string[]): readonly string[] {
  const script = `${completionScript("bash", program())}
COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}
_erpnext_stack; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { cwd: directory, encoding: "utf8" }).trim().split("\n");
}

test("bash completes commands, the options of a command, and customers", () => {
  expect(proposals("./stack", "h")).toEqual(["heal", "hmac"]);
  expect(proposals("./stack", "heal", "--")).toEqual(["--since", "--apply", "--help"]);
  expect(proposals("./stack", "hmac", "")).toEqual(["--help", "acme", "beta"]);
});

test("bash finds the customers beside the ./stack that is called from another folder", () => {
  expect(proposals(join(directory, "stack"), "heal", "a")).toEqual(["acme"]);
});

test("zsh takes bash's script, and fish gets descriptions", () => {
  expect(completionScript("zsh", program())).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n_erpnext_stack/);
  expect(completionScript("fish", program())).toContain(
    "complete -c stack -n __fish_use_subcommand -f -a heal -d 'Deliver what\\'s missing.'",
  );
  expect(completionScript("fish", program())).toContain(
    "complete -c stack -n \"__fish_seen_subcommand_from heal\" -l since -d 'only since'",
  );
});
