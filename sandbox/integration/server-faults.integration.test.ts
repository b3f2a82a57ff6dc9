import type { Document } from "yaml";

import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { operator } from "./killed-update";
import { oneLine, outage, refusal, STACK_TRACE, succeeded, useSession } from "./testing";

const holder = useSession();

const SETTING = /^PUT \/api\/resource\/Shopify Setting/;

const INSTANCE = "gcp:compute/instance:Instance";
const DISK = "gcp:compute/disk:Disk";

async function failedUp(): Promise<string> {
  const said = refusal(await holder.session.up());
  expect(said).not.toMatch(STACK_TRACE);
  return oneLine(said);
}

async function finished(): Promise<void> {
  const { session } = holder;
  succeeded(await session.up());
  succeeded(await session.preview(["--expect-no-changes"]));
}

function withDeliveryNotes(yes: boolean): (document: Document) => void {
  return (document) => {
    document.setIn(["sync", "deliveryNotes"], yes);
  };
}

function setting(): Record<string, unknown> {
  return { ...holder.session.world.vm.erpnext?.documents("Shopify Setting")[0] };
}

/** Requests that wrote to Shopify Setting. */
function settingSaves(): unknown[] {
  const { entries } = holder.session.world.log;
  return entries.filter(
    ({ service, method, path }) => service === "erpnext" && method === "PUT" && /Shopify/.test(path),
  );
}

describe("the cloud", () => {
  test("refuses a disk: up says so, and what to do", async () => {
    const { session } = holder;
    const { cloud } = session.world;
    cloud.failNext({ type: DISK, operation: "create", message: "Quota 'SSD_TOTAL_GB' exceeded.", status: 403 });
    const refused = await session.pulumi.npmRunPulumi(["up", "--yes", "--skip-preview", "--stack", STACK]);
    expect(oneLine(refusal(refused))).toContain("Quota 'SSD_TOTAL_GB' exceeded.");
    expect(refused.stderr).toMatch(/^Google refused the update: have the quota of the project ".+" raised .*\n$/);
    expect(cloud.resources(DISK)).toEqual([]);
    expect(cloud.resources(INSTANCE)).toEqual([]);
  });

  test("fails at an operation that it had begun: the disk is there, up names the way out, and doctor --fix takes it in", async () => {
    const { session } = holder;
    const { cloud } = session.world;
    cloud.failNext({
      type: DISK,
      operation: "create",
      when: "after",
      message: "Error waiting to create Disk: timeout",
    });
    expect(await failedUp()).toContain("Error waiting to create Disk: timeout");
    expect(cloud.resources(DISK)).toHaveLength(1);
    const again = await session.pulumi.npmRunPulumi(["up", "--yes", "--skip-preview", "--stack", STACK]);
    expect(oneLine(refusal(again))).toMatch(/Error 409: .+ already exists/);
    expect(again.stderr).toContain(`run "./stack doctor ${STACK} --fix" before any "pulumi refresh"`);
    const cured = await operator(holder, "doctor", STACK, "--only", "unfinished", "--fix");
    expect([cured.code, printed(cured)]).toEqual([0, expect.stringContaining("took server-data into the state")]);
    await finished();
    expect(cloud.resources(DISK)).toHaveLength(1);
    expect(cloud.resources(INSTANCE)).toHaveLength(1);
  });

  test("loses its answer after it did what was asked: the next up finds nothing wrong", async () => {
    const { session } = holder;
    const { cloud } = session.world;
    session.editCustomer((document) => {
      document.setIn(["gcp", "dataDiskGb"], 80);
    });
    cloud.failNext({ type: DISK, operation: "update", message: "Bad gateway.", status: 502, when: "after" });
    expect(await failedUp()).toContain("Bad gateway.");
    await finished();
    expect(cloud.resources(DISK)).toMatchObject([{ inputs: { size: 80 } }]);
  });
});

describe("the server", () => {
  test("fails a step: up says it in the step's own words, and goes on once the server has tried again", async () => {
    const { session } = holder;
    const { vm } = session.world;
    session.editCustomer((document) => {
      document.setIn(["erpnext", "imageTag"], "1.1");
    });
    const full = { code: 1, stderr: "write /var/lib/docker/tmp/GetImageBlob: no space left on device" };
    vm.faults.add({ program: "docker", match: /^pull /, times: 3, effect: full });
    const said = await failedUp();
    expect(said).toMatch(
      /the server's step "image" failed with "(write \S+: no space left on device \| ){3}the image \S+@sha256:[0-9a-f]{64} cannot be pulled" for customer "demo-store": fix that and run "pulumi up -s demo-store" again\./,
    );
    // host/watch.sh does this by itself, after a minute at first.
    expect(await vm.startUnit("erpnext-converge.service")).toBe(0);
    await finished();
  });
});

describe("ERPNext", () => {
  test("answers one save with 500: up tells, and the next one saves", async () => {
    const { session } = holder;
    session.editCustomer(withDeliveryNotes(false));
    session.world.vm.erpnext?.failNext({ match: SETTING, kind: "500" });
    expect(await failedUp()).toContain(
      'erp.demo-store.example answered HTTP 500 with text/html instead of Frappe\'s JSON to save "Shopify Setting" for customer "demo-store": look into the log of the site\'s backend and run the command again.',
    );
    expect(setting()).toMatchObject({ sync_delivery_note: 1 });
    await finished();
    expect(setting()).toMatchObject({ sync_delivery_note: 0, enable_shopify: 1 });
  });

  test("is not there: up gives up with a sentence, and the next one saves", async () => {
    const { session } = holder;
    session.editCustomer(withDeliveryNotes(true));
    await session.world.vm.erpnext?.stop();
    const began = Date.now();
    const said = await failedUp();
    const took = Date.now() - began;
    await session.world.vm.erpnext?.start();
    expect(said).toMatch(
      /erp\.demo-store\.example did not answer to read "Shopify Setting": HTTP 502, given up after 5 tries in \d+\.\d s for customer "demo-store": check that the server has converged and its tunnel is up, and run the command again\./,
    );
    expect(took).toBeLessThan(120_000);
    await finished();
    expect(setting()).toMatchObject({ sync_delivery_note: 1 });
  });

  test("answers everything with 500: reads are tried again, and up gives up with a sentence", async () => {
    const { session } = holder;
    session.editCustomer(withDeliveryNotes(false));
    const recover = outage(session.world.vm.erpnext!, /Shopify Setting/);
    const said = await failedUp();
    recover();
    expect(said).toMatch(
      /erp\.demo-store\.example answered HTTP 500 with text\/html instead of Frappe's JSON to read "Shopify Setting", given up after 5 tries in \d+\.\d s for customer "demo-store"/,
    );
    await finished();
    expect(setting()).toMatchObject({ sync_delivery_note: 0 });
  });

  test("has a group where payments should arrive: refused before Shopify Setting is saved", async () => {
    const { session } = holder;
    session.editCustomer((document) => {
      document.setIn(["accounting", "cashBankAccount"], "Bank Accounts - DSG");
    });
    session.world.log.clear();
    expect(await failedUp()).toContain(
      'Account "Bank Accounts - DSG" has "is_group" 1 instead of 0 for customer "demo-store": correct it in ERPNext or name another one in the customer\'s file.',
    );
    expect(settingSaves()).toEqual([]);
    expect(setting()).toMatchObject({ cash_bank_account: "Demo Bank - DSG" });
    session.editCustomer((document) => {
      document.setIn(["accounting", "cashBankAccount"], "Demo Bank - DSG");
    });
    await finished();
  });
});
