import { renderEnvFile } from "../../components/shared/env-file";
import type { CloudRecord } from "../cloud/records";
import { isInstance, parseEnv } from "./metadata";

function record(part: Partial<CloudRecord>): CloudRecord {
  return {
    provider: "gcp",
    type: "gcp:compute/instance:Instance",
    id: "instance-1",
    scope: "demo-project",
    inputs: {},
    outputs: {},
    createdAt: "2026-11-23T12:00:00Z",
    updatedAt: "2026-11-23T12:00:00Z",
    ...part,
  };
}

test.each([
  ["gcp:compute/instance:Instance", true],
  ["gcp:compute/instanceTemplate:InstanceTemplate", false],
  ["gcp:compute/disk:Disk", false],
])("%s is an instance: %s", (type, expected) => {
  expect(isInstance(record({ type }))).toBe(expected);
});

describe("parseEnv", () => {
  test.each([
    ["a quoted value", 'A="b c"\n', { A: "b c" }],
    ["a plain value", "A=b\n", { A: "b" }],
    ["an empty value", 'A=""\nB=\n', { A: "", B: "" }],
    ["escapes", 'A="say \\"hi\\" for \\$5 \\\\ here"\n', { A: 'say "hi" for $5 \\ here' }],
    ["equals signs in the value", 'A="b=c=d"\nC=d=e\n', { A: "b=c=d", C: "d=e" }],
    ["comments and empty lines", '# comment\n\nA="#1"\n', { A: "#1" }],
    ["the last of two", 'A="1"\nA="2"\n', { A: "2" }],
    ["nothing", "", {}],
  ])("reads %s", (_title, text, expected) => {
    expect(parseEnv(text)).toEqual(expected);
  });

  test("reads back what the program writes", () => {
    const environment = { COMPANY_NAME: 'Ünï "Döt" & Söhne = $5', EMPTY: "", COMPOSE_FILE: "a.yaml:b.yaml" };
    expect(parseEnv(renderEnvFile("demo-store", environment))).toEqual(environment);
  });
});
