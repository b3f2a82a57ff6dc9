import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";

import { cloudOutputs } from "../components/testing/cloud-outputs";
import { valueOf } from "../components/testing/value-of";
import type * as customer from "./customer";
import { readCustomer } from "./customer";
import { stackOutputsSchema } from "./outputs";
import { customerProgram } from "./index";

jest.mock("./customer", () => {
  const actual: typeof customer = jest.requireActual("./customer");
  return { readCustomer: jest.fn(actual.readCustomer) };
});

/** Whether Google's APIs answer is a test of its own. */
const awaited = jest.fn(() => Promise.resolve());
jest.mock("./await-apis", () => ({
  API_WAIT: {},
  awaitApis: (...args: []) => awaited(...args),
  rightsWarning: () => Promise.resolve(undefined),
}));

const SECRETS = {
  "erpnext:shopifyAdminToken": "canary-1",
  "erpnext:shopifyApiSecret": "canary-2",
  "erpnext:automationApiKey": "canary-3",
  "erpnext:automationApiSecret": "canary-4",
  "erpnext:databaseRootPassword": "canary-5",
  "erpnext:administratorPassword": "canary-6",
};

/** Runs the program as the engine would for this stack. @returns its outputs, and the names in order of registration */
async function run(stack: string, config: Record<string, string>) {
  const names: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        names.push(name);
        return { id: `${name}-id`, state: cloudOutputs(type, inputs as Record<string, unknown>) };
      },
      call: ({ inputs }) => ({
        ...(inputs as object),
        token: "canary-7",
        accessToken: "canary-8",
        authDomain: "a.example",
      }),
    },
    "erpnext",
    stack,
    false,
  );
  pulumi.runtime.setAllConfig(config);
  try {
    return { outputs: await valueOf(await customerProgram()), names };
  } finally {
    // What the program has begun ends before the next one's mocks take its place.
    await pulumi.runtime.disconnect();
  }
}

async function refusal(stack: string, config: Record<string, string>): Promise<unknown> {
  return run(stack, config).then(
    () => {
      throw new Error("the program ended well");
    },
    (error: unknown) => error,
  );
}

test("builds the customer that the stack is named after, and asks about the app before anything else", async () => {
  const { outputs, names } = await run("demo-store", SECRETS);
  expect(stackOutputsSchema.parse(outputs)).toMatchObject({ customer: "demo-store", environment: "test" });
  expect(names[0]).toBe("shopify-app");
}, 30_000);

describe("what the operator has to fix reaches Pulumi as its own kind of error, which is shown without a trace", () => {
  test.each([
    {
      what: "a stack without a customer",
      stack: "missing",
      config: SECRETS,
      message: /^customers\/missing\.yaml has a fault for customer "missing": /,
    },
    {
      what: "a missing secret",
      stack: "demo-store",
      config: {},
      message: /^the stack has no value for "shopifyApiSecret", .* for customer "demo-store": run "pulumi config set /,
    },
    {
      what: "a wrong address",
      stack: "demo-store",
      config: { ...SECRETS, "erpnext:hookUrl": "hooks" },
      message: /^"hookUrl" is "hooks", not an address .* for customer "demo-store": run "pulumi config set hookUrl /,
    },
  ])("$what", async ({ stack, config, message }) => {
    const error = await refusal(stack, config);
    expect(RunError.isInstance(error)).toBe(true);
    expect((error as RunError).message).toMatch(message);
  });
});

test("a defect keeps its own error and trace", async () => {
  const defect = new TypeError("a defect");
  jest.mocked(readCustomer).mockImplementationOnce(() => {
    throw defect;
  });
  expect(await refusal("demo-store", SECRETS)).toBe(defect);
});

test.each(["index.ts", "start.cjs"])("%s has fewer than 40 lines of code", (file) => {
  const lines = readFileSync(join(__dirname, file), "utf8").split("\n");
  const code = lines.map((line) => line.trim()).filter((line) => line !== "" && !/^(\/\/|\/\*|\*)/.test(line));
  expect(code.length).toBeLessThan(40);
});
