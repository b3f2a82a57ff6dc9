import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { oneLine, succeeded, useSession } from "./testing";

const holder = useSession();

interface Result {
  readonly stacks: readonly string[];
  readonly groups: readonly { readonly stacks: readonly string[]; readonly danger: string }[];
  readonly unchanged: readonly string[];
  readonly failed: readonly { readonly stack: string; readonly reason: string }[];
  readonly red: boolean;
}

/** Customers beside the demo store, whose stacks have its configuration; "broken" has none of the secrets. */
async function addCustomers(): Promise<void> {
  const { session } = holder;
  const example = readFileSync(session.customerFile(), "utf8");
  for (const slug of ["beta", "broken"]) {
    writeFileSync(
      join(session.workspace, "customers", `${slug}.yaml`),
      example.replace("slug: demo-store", `slug: ${slug}`),
    );
    await session.pulumi.must(["stack", "init", slug]);
  }
  const { plain, secret } = session.world.stackConfig();
  for (const [flag, values] of [
    ["--plaintext", plain],
    ["--secret", secret],
  ] as const) {
    const pairs = Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    await session.pulumi.must(["config", "set-all", "--stack", "beta", ...pairs]);
  }
}

test("many stacks are previewed at once, the same changes folded, one that cannot be is shown, and nothing is written", async () => {
  const { session } = holder;
  await addCustomers();
  await session.pulumi.must(["stack", "select", STACK]);
  const before = session.world.log.writes().length;
  const run = await session.operator(["preview", "--json", "--jobs", "2"]);
  const result = JSON.parse(run.stdout) as Result;
  expect(run.code).toBe(1);
  expect(result.stacks).toEqual(["beta", "broken", STACK]);
  expect(result.groups.map(({ stacks, danger }) => [stacks, danger])).toEqual([[["beta", STACK], "adds"]]);
  expect(result.failed.map(({ stack }) => stack)).toEqual(["broken"]);
  expect(result.failed[0]?.reason).toContain('the stack has no value for "shopifyApiSecret"');
  expect(result.red).toBe(true);
  expect(session.world.log.writes().length).toBe(before);
  const { secret } = session.world.stackConfig();
  Object.values(secret).forEach((value) => {
    expect(printed(run)).not.toContain(value);
  });
  const selected = await session.pulumi.must(["stack", "ls", "--json"]);
  const current = (JSON.parse(selected.stdout) as { name: string; current: boolean }[]).find((stack) => stack.current);
  expect(current?.name).toBe(STACK);
});

test("of stacks that are up only what differs is shown, and a loss turns it red", async () => {
  const { session } = holder;
  succeeded(await session.up());
  const calm = await session.operator(["preview", STACK, "--json"]);
  expect(JSON.parse(succeeded(calm).stdout)).toMatchObject({ unchanged: [STACK], groups: [], failed: [], red: false });
  session.editCustomer((document) => {
    document.setIn(["gcp", "zone"], "europe-west3-b");
  });
  const losing = await session.operator(["preview", STACK]);
  expect(losing.code).toBe(1);
  expect(losing.stdout).toContain(`loses: ${STACK}`);
  expect(losing.stdout).toMatch(
    /! replace server-data \(Disk\), because of .*zone, which loses all data of the server/,
  );
});

describe("policies", () => {
  /** An edit of the program that a review can overlook. */
  function openSsh(): () => void {
    const file = join(holder.session.workspace, "components/server-network.ts");
    const before = readFileSync(file, "utf8");
    const after = before.replace("sourceRanges: [IAP_RANGE]", 'sourceRanges: ["0.0.0.0/0"]');
    expect(after).not.toBe(before);
    writeFileSync(file, after);
    return () => {
      writeFileSync(file, before);
    };
  }

  const pack = (): readonly string[] => ["--policy-pack", join(holder.session.workspace, "infra/policy/pack")];
  const REFUSAL = '"network-iap-ssh" opens port 22 to "0.0.0.0/0": let only 35.235.240.0/20 in';

  test("what is up keeps them, by the engine's own account too", async () => {
    const { session } = holder;
    session.editCustomer((document) => {
      document.setIn(["gcp", "zone"], "europe-west3-a");
    });
    const run = succeeded(await session.preview(pack()));
    expect(run.stdout).toMatch(/Policies:\n.*✅ erpnext@v/);
  });

  test("one that is broken turns the preview red, and the engine refuses the update before anything is written", async () => {
    const { session } = holder;
    const restore = openSsh();
    try {
      const run = await session.operator(["preview", STACK, "--json"]);
      expect(run.code).toBe(1);
      expect(JSON.parse(run.stdout)).toMatchObject({
        breaches: [{ rule: "no-public-ssh", message: expect.stringContaining(REFUSAL) as string, stacks: [STACK] }],
        failed: [],
        red: true,
      });
      const before = session.world.log.writes().length;
      const update = await session.up(pack());
      expect(update.code).not.toBe(0);
      expect(oneLine(printed(update))).toContain("[mandatory] no-public-ssh (gcp:compute:Firewall: network-iap-ssh)");
      expect(oneLine(printed(update))).toContain(REFUSAL);
      expect(session.world.log.writes().slice(before)).toEqual([]);
    } finally {
      restore();
    }
  });
});

test("a customer that there is not is refused with those that there are", async () => {
  const run = await holder.session.operator(["preview", "nobody"]);
  expect([run.code, run.stderr]).toEqual([
    1,
    `there is no customers/nobody.yaml: choose among beta, broken, ${STACK}.\n`,
  ]);
});
