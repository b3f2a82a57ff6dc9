import { ServerReady, type ServerReadyArgs } from "./server-ready";
import { recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const DIGEST = `sha256:${"a".repeat(64)}`;
const ARGS: ServerReadyArgs = {
  slug: "acme",
  healthUrl: "https://hook-acme.example.com/healthz",
  healthHost: "hook-acme.example.com",
  healthToken: "canary-health-token",
  certificate: "staging",
  digest: DIGEST,
  instanceName: "acme-erpnext",
  instanceId: "1234567890",
  machineType: "e2-standard-4",
  project: "acme-project",
  zone: "europe-west3-a",
  backupBucket: "acme-project-acme-backups",
  finalBackup: true,
};
const build = (args: Partial<ServerReadyArgs> = {}) => new ServerReady("ready", { ...ARGS, ...args });

test("waits on creation and on every update, again for another digest or another machine", async () => {
  const { named } = await recordResources(build);
  const applied = named("ready-applied");
  expect(applied.type).toBe("command:local:Command");
  expect(applied.parentType).toBe("erpnext:server:ServerReady");
  expect(applied.inputs).toEqual({
    create: "npm run --silent wait-for-server",
    update: "npm run --silent wait-for-server",
    environment: {
      CUSTOMER: "acme",
      HEALTH_URL: "https://hook-acme.example.com/healthz",
      HEALTH_HOST: "hook-acme.example.com",
      HEALTH_CERTIFICATE: "staging",
      DIGEST,
      MACHINE_TYPE: "e2-standard-4",
      TIMEOUT_SECONDS: "2700",
    },
    triggers: ["1234567890"],
    stdin: new Secret("canary-health-token"),
    addPreviousOutputInEnv: false,
  });
});

test("the time to wait can be set", async () => {
  const { named } = await recordResources(() => build({ timeoutSeconds: 5 }));
  expect(named("ready-applied").inputs["environment"]).toMatchObject({ TIMEOUT_SECONDS: "5" });
});

test("the last backup runs on deletion alone", async () => {
  const { named } = await recordResources(build);
  expect(named("ready-final-backup").inputs).toEqual({
    delete: "npm run --silent final-backup",
    environment: {
      CUSTOMER: "acme",
      PROJECT: "acme-project",
      ZONE: "europe-west3-a",
      INSTANCE: "acme-erpnext",
      HEALTH_URL: "https://hook-acme.example.com/healthz",
      HEALTH_HOST: "hook-acme.example.com",
      HEALTH_CERTIFICATE: "staging",
      BUCKET: "acme-project-acme-backups",
    },
    stdin: new Secret("canary-health-token"),
    addPreviousOutputInEnv: false,
  });
});

test("a store that wants no last backup has none, and gets none by no longer wanting it", async () => {
  const { named } = await recordResources(() => build({ finalBackup: false }));
  expect(named("ready-final-backup").inputs).toEqual({ addPreviousOutputInEnv: false });
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  expect(await valueOf(result.digest)).toBe(DIGEST);
  expect(outputs.get(named("ready").urn)).toEqual({ digest: DIGEST });
});
