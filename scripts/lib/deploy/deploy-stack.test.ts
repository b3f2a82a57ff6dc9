import { join } from "node:path";

import { Stack, type LocalWorkspace } from "@pulumi/pulumi/automation";

import * as adoption from "../adopt/adopt";
import { change, DISK } from "../fleet/testing/previews";
import * as previews from "../fleet/preview-stack";
import { deployStack } from "./deploy-stack";

jest.mock("../adopt/adopt", () => ({
  ...jest.requireActual<object>("../adopt/adopt"),
  adopt: jest.fn(),
  lookForUnfinished: jest.fn(),
}));
jest.mock("../fleet/preview-stack", () => ({
  ...jest.requireActual<object>("../fleet/preview-stack"),
  previewStack: jest.fn(),
}));

/** What was done, in order. */
let done: string[];

const workspace = {
  workDir: join(__dirname, "../../.."),
  getAllConfig: () => Promise.resolve({}),
} as unknown as LocalWorkspace;
const how = { signal: new AbortController().signal, allowLoss: [], apply: true };
const seen = { pending: ["network-network"], found: [], superfluous: [], foreign: [], unlabelled: [] };

beforeEach(() => {
  done = [];
  const changes = [change("create", DISK, { name: "server-data" })];
  jest.mocked(previews.previewStack).mockImplementation((_workspace, stack) => {
    done.push("preview");
    return Promise.resolve({ kind: "previewed", stack, seconds: 1, changes, breaches: [] });
  });
  jest.mocked(adoption.lookForUnfinished).mockImplementation(() => {
    done.push("look");
    return Promise.resolve(seen);
  });
  jest.mocked(adoption.adopt).mockImplementation((_workspace, _asked, what) => {
    done.push(`adopt ${what.pending.join(", ")}`);
    return Promise.resolve("");
  });
  const up = (): Promise<void> => {
    done.push("up");
    return Promise.resolve();
  };
  jest.spyOn(Stack, "select").mockResolvedValue({ up } as unknown as Stack);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test("what a killed update had made is taken into the state before the stack is updated", async () => {
  expect(await deployStack(workspace, "acme", how)).toEqual({ kind: "deployed", stack: "acme", changes: 1 });
  expect(done).toEqual(["preview", "look", "adopt network-network", "preview", "up"]);
});

test("without --apply nothing is taken in", async () => {
  expect(await deployStack(workspace, "acme", { ...how, apply: false })).toMatchObject({ kind: "planned" });
  expect(done).toEqual(["preview"]);
});

test("what cannot be looked at keeps the stack from being updated, and is said", async () => {
  jest.mocked(adoption.lookForUnfinished).mockRejectedValue(new Error("Google answered HTTP 403"));
  const result = await deployStack(workspace, "acme", how);
  expect(result).toMatchObject({ kind: "refused", stack: "acme" });
  expect(JSON.stringify(result)).toContain("Google answered HTTP 403");
  expect(done).toEqual(["preview"]);
});

test("what Google refused is told with what to do about it", async () => {
  const urn = "urn:pulumi:demo-store::erpnext::gcp:compute/network:Network::network";
  const message = "Error creating Network: googleapi: Error 409: The resource 'x' already exists, alreadyExists";
  const up = ({ onEvent }: { onEvent: (event: object) => void }): Promise<void> => {
    onEvent({ diagnosticEvent: { severity: "error", urn, message } });
    return Promise.reject(new Error("failed"));
  };
  jest.spyOn(Stack, "select").mockResolvedValue({ up } as unknown as Stack);
  expect(await deployStack(workspace, "demo-store", how)).toEqual({
    kind: "failed",
    stack: "demo-store",
    reason: `${message}. Google refused the update: run "./stack doctor demo-store --fix" before any "pulumi refresh": it takes into the state what is there; then run "pulumi up -s demo-store" again.`,
  });
});
