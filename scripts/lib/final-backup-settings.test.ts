import { finalBackupSettings } from "./final-backup-settings";

const ENVIRONMENT = {
  CUSTOMER: "demo-store",
  PROJECT: "demo-project",
  ZONE: "europe-west3-a",
  INSTANCE: "demo-store-erpnext",
  HEALTH_URL: "https://hooks.demo-store.example/healthz",
  HEALTH_HOST: "hooks.demo-store.example",
  HEALTH_CERTIFICATE: "trusted",
  BUCKET: "demo-backups",
};

test("half an hour and Google's own address, unless the environment says otherwise", () => {
  const settings = {
    customer: "demo-store",
    project: "demo-project",
    zone: "europe-west3-a",
    instance: "demo-store-erpnext",
    bucket: "demo-backups",
    health: {
      url: new URL("https://hooks.demo-store.example/healthz"),
      host: "hooks.demo-store.example",
      anyCertificate: false,
    },
  };
  expect(finalBackupSettings(ENVIRONMENT)).toEqual({
    ...settings,
    computeUrl: new URL("https://compute.googleapis.com/compute/v1/"),
    timeoutMs: 1_800_000,
  });
  const others = { GCP_COMPUTE_ENDPOINT: "http://127.0.0.1:1/compute/v1", TIMEOUT_SECONDS: "5" };
  expect(finalBackupSettings({ ...ENVIRONMENT, ...others })).toEqual({
    ...settings,
    computeUrl: new URL("http://127.0.0.1:1/compute/v1/"),
    timeoutMs: 5_000,
  });
});

test("a test customer's certificate, which is not trusted, is taken", () => {
  expect(finalBackupSettings({ ...ENVIRONMENT, HEALTH_CERTIFICATE: "staging" }).health.anyCertificate).toBe(true);
});

const TIMES = ["0", "-1", "1.5", "30m", "", "1e3", "9999999"];

test.each<[Record<string, string | undefined>, string]>([
  [
    { BUCKET: "", ZONE: undefined },
    'the environment has no "ZONE", "BUCKET": run this through "pulumi up", which sets them, or set them by hand.',
  ],
  [
    { HEALTH_URL: "hooks/healthz" },
    '"HEALTH_URL" is "hooks/healthz", which is no http address: set it to one, or unset it.',
  ],
  [
    { GCP_COMPUTE_ENDPOINT: "file:///tmp" },
    'the address of the Compute Engine API is "file:///tmp/", which is no http address: correct GCP_COMPUTE_ENDPOINT, or "gcp:computeCustomEndpoint" of the stack\'s configuration, or unset it.',
  ],
  ...TIMES.map((value): [Record<string, string>, string] => [
    { TIMEOUT_SECONDS: value },
    `"TIMEOUT_SECONDS" is "${value}", which is no number of seconds: set it to a whole number such as 1800, or unset it.`,
  ]),
])("refuses %j", (wrong, message) => {
  expect(() => finalBackupSettings({ ...ENVIRONMENT, ...wrong })).toThrow(new Error(message));
});
