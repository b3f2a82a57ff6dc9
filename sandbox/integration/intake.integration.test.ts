import { readFileSync, rmSync, writeFileSync } from "node:fs";

import type { PulumiRun } from "../pulumi-runner";
import { printed } from "../pulumi-output";
import { oneLine, refusal, STACK_TRACE, useSession } from "./testing";

const holder = useSession();

let intake: string;

beforeAll(() => {
  intake = readFileSync(holder.session.customerFile(), "utf8");
});

beforeEach(() => {
  writeFileSync(holder.session.customerFile(), intake);
});

/** Runs both commands that an operator may start with. @returns what they said, which is the same */
async function refused(): Promise<string> {
  const { session } = holder;
  session.world.log.clear();
  const runs: PulumiRun[] = [await session.preview(), await session.up()];
  for (const run of runs) {
    expect(refusal(run)).not.toMatch(STACK_TRACE);
    expect(printed(run)).not.toMatch(STACK_TRACE);
  }
  expect(session.world.log.writes()).toEqual([]);
  expect(session.world.cloud.resources()).toEqual([]);
  const [preview = "", up = ""] = runs.map((run) => oneLine(refusal(run)));
  expect(up).toBe(preview);
  return preview;
}

const SAID_BY_PROGRAM = "Diagnostics: pulumi:pulumi:Stack (erpnext-demo-store): error: ";

const REMEDY = ' for customer "demo-store": fix the problems below and run again; nothing was changed';

/** An edit of the intake file, and what the operator is told after the file's name. */
const FAULTS: [what: string, change: (yaml: string) => string, message: string][] = [
  [
    "an unknown key",
    (yaml) => yaml.replace("  machineType:", "  machine: e2-small\n  machineType:"),
    `a fault${REMEDY} - "gcp.machine" is not a known field: remove it or use one of project, region, zone, machineType, dataDiskGb, backupLocation, for example project: "demo-store-erpnext".`,
  ],
  [
    "malformed YAML",
    (yaml) => yaml.replace("country: Germany", "country: 'Germany'y"),
    `a fault${REMEDY} - customers/demo-store.yaml, line 19, column 21: Unexpected scalar at node end: correct the YAML; customers/demo-store.yaml is a valid example.`,
  ],
  [
    "several faults at once",
    (yaml) =>
      yaml
        .replace("currency: EUR", "currency: Euro")
        .replace("hook: hooks.demo-store.example", "hook: hooks.elsewhere.example")
        .replace("dataDiskGb: 50", "dataDiskGb: 5"),
    `3 faults${REMEDY} - "company.currency" is "Euro", which is not a currency of ISO 4217: write for example "EUR"` +
      ' - "hosts.hook" is "hooks.elsewhere.example", which is not inside the zone "demo-store.example": write for example "hooks.demo-store.example"' +
      ' - "gcp.dataDiskGb" is the number 5, which is not a whole number of GB from 20 to 65536: write for example 50.',
  ],
];

test.each(FAULTS)("%s is refused with a sentence, before anything is touched", async (_what, change, message) => {
  const { session } = holder;
  const changed = change(intake);
  expect(changed).not.toBe(intake);
  writeFileSync(session.customerFile(), changed);
  expect(await refused()).toBe(`${SAID_BY_PROGRAM}customers/demo-store.yaml has ${message}`);
});

test("a stack without an intake file is told which one is missing", async () => {
  rmSync(holder.session.customerFile());
  const said = await refused();
  expect(said).toContain(`${SAID_BY_PROGRAM}customers/demo-store.yaml has a fault${REMEDY} - `);
  expect(said).toContain("customers/demo-store.yaml does not exist, there are no customers there: write it");
});

test("missing secrets are named all at once", async () => {
  const { session } = holder;
  await session.pulumi.must(["config", "rm-all", "--stack", "demo-store", "shopifyAdminToken", "automationApiSecret"]);
  expect(await refused()).toBe(
    `${SAID_BY_PROGRAM}the stack has no value for "automationApiSecret", "shopifyAdminToken" for customer "demo-store": ` +
      'run "pulumi config set --secret automationApiSecret -s demo-store" and "pulumi config set --secret shopifyAdminToken -s demo-store".',
  );
});
