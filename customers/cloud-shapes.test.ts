import * as shapes from "./cloud-shapes";
import { refusals } from "./testing/refusals";

const noProject =
  'which is not a Google Cloud project id of 6 to 30 lower case letters, digits and hyphens: write for example "demo-store-erpnext"';
const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const noZoneId = `which is not a zone id of 32 hexadecimal digits: write for example "${zoneId}"`;

test.each(["a".repeat(6), "a".repeat(7), "a".repeat(29), "a".repeat(30), "demo-store-erpnext"])(
  "gcpProjectId accepts %j",
  (value) => {
    expect(refusals(shapes.gcpProjectId, value)).toEqual([]);
  },
);

test.each([
  ["a".repeat(5), noProject],
  ["a".repeat(31), noProject],
  ["1abcde", noProject],
  ["abcde-", noProject],
  ["abc_def", noProject],
  ["Abcdef", 'which has upper case letters: write for example "abcdef"'],
  ["123456789012", 'which is a project\'s number and not its id: write for example "demo-store-erpnext"'],
])("gcpProjectId refuses %j", (value, said) => {
  expect(refusals(shapes.gcpProjectId, value)).toEqual([`"field" is "${value}", ${said}`]);
});

test.each(["europe-west3", "us-central1", "northamerica-northeast2", "europe-west12"])(
  "gcpRegion accepts %j",
  (value) => {
    expect(refusals(shapes.gcpRegion, value)).toEqual([]);
  },
);

test.each([
  ["europe-west3-a", 'which is a zone and not a region: write for example "europe-west3"'],
  ["Europe-West3", 'which has upper case letters: write for example "europe-west3"'],
  ["frankfurt", 'which is not a Google Cloud region: write for example "europe-west3"'],
  ["europe-west", 'which is not a Google Cloud region: write for example "europe-west3"'],
])("gcpRegion refuses %j", (value, said) => {
  expect(refusals(shapes.gcpRegion, value)).toEqual([`"field" is "${value}", ${said}`]);
});

test.each(["europe-west3-a", "us-east1-d"])("gcpZone accepts %j", (value) => {
  expect(refusals(shapes.gcpZone, value)).toEqual([]);
});

test.each([
  ["us-east1", 'which is a region and not a zone: write for example "us-east1-a"'],
  ["us-east1-ab", 'which is not a Google Cloud zone: write for example "europe-west3-a"'],
  ["US-EAST1-B", 'which has upper case letters: write for example "us-east1-b"'],
])("gcpZone refuses %j", (value, said) => {
  expect(refusals(shapes.gcpZone, value)).toEqual([`"field" is "${value}", ${said}`]);
});

test.each(["e2-standard-4", "n2-custom-4-8192", "c3-standard-8-lssd", "n2d-highmem-2", "t2d-standard-4"])(
  "machineType accepts %j",
  (value) => {
    expect(refusals(shapes.machineType, value)).toEqual([]);
  },
);

const arm =
  'which is an Arm machine, on which ERPNext\'s x86-64 images do not start: write for example "e2-standard-4"';
const hyperdisk =
  'which takes Hyperdisk only, where the server has persistent disks: write for example "e2-standard-4"';
const noMachine = 'which is not a machine type of Compute Engine: write for example "e2-standard-4"';

test.each([
  ["t2a-standard-4", arm],
  ["c4a-standard-4", arm],
  ["n4a-standard-4", arm],
  ["n4-standard-4", hyperdisk],
  ["c4-standard-8", hyperdisk],
  ["c4d-standard-8", hyperdisk],
  ["E2-standard-4", 'which has upper case letters: write for example "e2-standard-4"'],
  ["big", noMachine],
  ["e2_standard_4", noMachine],
])("machineType refuses %j", (value, said) => {
  expect(refusals(shapes.machineType, value)).toEqual([`"field" is "${value}", ${said}`]);
});

describe("cloudflareId", () => {
  const shape = shapes.cloudflareId("a zone id", zoneId);

  test("accepts 32 hexadecimal digits", () => {
    expect(refusals(shape, "0".repeat(32))).toEqual([]);
  });

  test.each([
    ["0".repeat(31), noZoneId],
    ["g".repeat(32), noZoneId],
    ["A".repeat(32), `which has upper case letters: write for example "${"a".repeat(32)}"`],
  ])("refuses %j", (value, said) => {
    expect(refusals(shape, value)).toEqual([`"field" is "${value}", ${said}`]);
  });

  // People who copy the wrong thing from Cloudflare's dashboard copy an API key (37 characters) or a token (40).
  test.each([33, 37, 40])("does not print a value of %d characters", (length) => {
    expect(refusals(shape, "c".repeat(length))).toEqual([
      `"field" is a value that may be a secret (not shown), ${noZoneId}`,
    ]);
  });
});
