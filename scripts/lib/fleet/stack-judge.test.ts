import type { StepEventMetadata } from "@pulumi/pulumi/automation";

import { loadCustomer } from "../../../customers/load";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { NOT_KNOWN, SIGNATURE } from "./resource-change";
import { StackJudge } from "./stack-judge";
import { DISK, RECORD, step } from "./testing/previews";

const loaded = loadCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);
const customer = loaded.ok ? loaded.customer : undefined;

const PROXIED = { name: "hooks.demo-store.example", proxied: true };
const record = (op: string, inputs: Record<string, unknown>): StepEventMetadata =>
  step({ op, type: RECORD, name: "hook-record", new: inputs });

function judge(...steps: readonly StepEventMetadata[]): readonly string[] {
  const stack = new StackJudge(customer);
  steps.forEach((each) => {
    stack.take(each);
  });
  return stack.breaches().map(({ rule, message }) => `${rule}: ${message}`);
}

const REFUSED = [
  `hook-unproxied: "hook-record" puts Cloudflare's proxy before the hook host "hooks.demo-store.example": set "proxied" to false`,
];

it.each(["same", "create", "update", "replace", "import"])("judges what is there after the step %s", (op) => {
  expect(judge(record(op, PROXIED))).toEqual(REFUSED);
  expect(judge(record(op, { ...PROXIED, proxied: false }))).toEqual([]);
});

it.each(["delete", "delete-replaced", "refresh", "read", "create-replacement"])(
  "leaves alone what the step %s is about: it goes, it is what was there before, or another step says it",
  (op) => {
    expect(judge(record(op, PROXIED))).toEqual([]);
  },
);

it("waits for what is not known yet, and knows a secret in both of the engine's ways to write one", () => {
  expect(judge(record("create", { ...PROXIED, proxied: NOT_KNOWN }))).toEqual([]);
  const server = (metadata: Record<string, unknown>): StepEventMetadata =>
    step({ op: "create", type: "gcp:compute/projectMetadata:ProjectMetadata", name: "all", new: { metadata } });
  const secret = `metadata-without-secrets: "all" has a secret of the stack in metadata.note: put it into Secret Manager, which the server reads with its own identity`;
  expect(judge(server({ note: "[secret]" }))).toEqual([secret]);
  expect(judge(server({ note: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270" } }))).toEqual([secret]);
  expect(judge(server({ note: NOT_KNOWN }))).toEqual([]);
});

it("counts a resource once, however many steps it takes", () => {
  const labels = { customer: "demo-store", environment: "test", "expires-on": "2030-12-31", "managed-by": "pulumi" };
  const disk = (name: string, op: string): StepEventMetadata => step({ op, type: DISK, name, new: { labels } });
  expect(judge(disk("data", "replace"), disk("data", "same"))).toEqual([]);
  expect(judge(disk("data", "same"), disk("more", "create"))).toEqual([
    "budget: the stack has 2 of gcp:compute/disk:Disk: a customer has one",
  ]);
});

it("says nothing of a customer whose file has faults: the program does", () => {
  const stack = new StackJudge(undefined);
  stack.take(record("create", PROXIED));
  expect(stack.breaches()).toEqual([]);
});

it("tells a rule what an update starts from, and of a resource that stays nothing", () => {
  const tags = ["registry.example/demo-store/erpnext:1.0"];
  const image = (op: string): StepEventMetadata =>
    step({ op, type: "docker-build:index:Image", name: "image-erpnext", old: { tags }, new: { tags } });
  const rebuilt = 'one-build-per-tag: "image-erpnext" would be built again under the tag';
  expect(judge(image("update"))).toEqual([expect.stringContaining(rebuilt)]);
  expect(judge(image("same"))).toEqual([]);
});
