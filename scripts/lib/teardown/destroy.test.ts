import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation";

import { forget, isLastBackup } from "./destroy";

const BACKUP = "urn:pulumi:acme::erpnext::erpnext:server:ServerReady$command:local:Command::ready-final-backup";
const OTHER = "urn:pulumi:acme::erpnext::x:y:Z::z";
const STATE = {
  version: 3,
  deployment: {
    resources: [
      { urn: BACKUP, type: "command:local:Command" },
      { urn: OTHER, type: "x:y:Z", outputs: { password: { ciphertext: "v1:encrypted" } }, dependencies: [BACKUP] },
    ],
  },
};

describe("taking the last backup out of the state", () => {
  let dir: string;
  let temporary: string;
  let workspace: LocalWorkspace;
  const before = process.env["TMPDIR"];

  /** A CLI that keeps its arguments and what it reads. */
  function cli(onImport: string): void {
    const script = join(dir, "pulumi");
    writeFileSync(join(dir, "state.json"), JSON.stringify(STATE));
    writeFileSync(
      script,
      `#!/bin/sh\necho "$*" >>${dir}/calls\ncase "$2" in\nexport) cat ${dir}/state.json ;;\nimport) ${onImport} ;;\nesac\n`,
    );
    chmodSync(script, 0o755);
    workspace = { pulumiCommand: { command: script }, workDir: dir } as unknown as LocalWorkspace;
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "destroy-"));
    temporary = join(dir, "tmp");
    mkdirSync(temporary);
    process.env["TMPDIR"] = temporary;
  });

  afterEach(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(dir, { recursive: true });
  });

  it("hands the state on with its secrets encrypted, and by no file", async () => {
    cli(`cat >${dir}/imported.json`);
    await forget(workspace, "acme", isLastBackup);
    expect(readFileSync(join(dir, "calls"), "utf8")).toBe("stack export --stack acme\nstack import --stack acme\n");
    const [, other] = STATE.deployment.resources;
    expect(JSON.parse(readFileSync(join(dir, "imported.json"), "utf8"))).toEqual({
      version: 3,
      deployment: { resources: [{ ...other, dependencies: [] }] },
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("leaves nothing behind where the CLI refuses, and says its words", async () => {
    cli('echo "error: the stack is currently locked" >&2; exit 255');
    await expect(forget(workspace, "acme", isLastBackup)).rejects.toThrow(/currently locked.*"acme"/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
