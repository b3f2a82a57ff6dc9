import { demoCustomer } from "../../../infra/testing/demo-customer";
import { refuseGuardedServer, refuseUnconfirmed, type Confirmation } from "./teardown-target";

const customer = demoCustomer();

const CONFIRM = "run the command with --confirm demo-store if you mean it";
const SKIP = "run the command with --skip-backup demo-store if you mean it";

const CASES: readonly (readonly ["production" | "test", Confirmation, string | undefined])[] = [
  ["test", {}, undefined],
  ["test", { skipBackup: true }, undefined],
  ["test", { skipBackup: "demo-store" }, undefined],
  ["test", { skipBackup: "demo" }, SKIP],
  ["production", {}, CONFIRM],
  ["production", { confirm: "demo" }, CONFIRM],
  ["production", { confirm: "demo-store" }, undefined],
  ["production", { skipBackup: "demo-store" }, CONFIRM],
  ["production", { confirm: "demo-store", skipBackup: true }, SKIP],
  ["production", { confirm: "demo-store", skipBackup: "demo" }, SKIP],
  ["production", { confirm: "demo-store", skipBackup: "demo-store" }, undefined],
];

it.each(CASES)("%s with %j is refused with: %s", (environment, given, refusal) => {
  const attempt = (): void => {
    refuseUnconfirmed({ customer, environment }, given);
  };
  if (refusal === undefined) expect(attempt).not.toThrow();
  else expect(attempt).toThrow(refusal);
});

it("names the commands that let a guarded server go, and lets what Pulumi protects stand in no way", () => {
  const disk = {
    urn: "u",
    type: "gcp:compute/disk:Disk",
    name: "server-data",
    protect: true,
    deletionProtection: false,
  };
  const server = { ...disk, type: "gcp:compute/instance:Instance", name: "server-instance", protect: false };
  expect(() => {
    refuseGuardedServer({ customer, resources: [disk, server] });
  }).not.toThrow();
  expect(() => {
    refuseGuardedServer({ customer, resources: [disk, { ...server, deletionProtection: true }] });
  }).toThrow(
    'Google keeps server-instance from being deleted for customer "demo-store": run "gcloud compute instances update ' +
      'demo-store-erpnext --no-deletion-protection --zone=europe-west3-a --project=demo-store-erpnext", then ' +
      '"pulumi refresh -s demo-store", and this again.',
  );
});
