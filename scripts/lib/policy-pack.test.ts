import { accessSync, constants } from "node:fs";
import { join } from "node:path";

import { policyPackOf, withPolicies } from "./policy-pack";

const PACK = join(__dirname, "../../infra/policy/pack");

test("the pack is there and can be started", () => {
  expect(policyPackOf(join(__dirname, "../.."))).toBe(PACK);
  expect(() => {
    accessSync(PACK, constants.X_OK);
  }).not.toThrow();
});

test.each<[string, readonly string[], NodeJS.ProcessEnv, string | undefined]>([
  ["is asked", ["up", "-s", "acme"], {}, PACK],
  ["is asked beside a configuration of packs", ["up", "--policy-pack-config", "c.json"], {}, PACK],
  ["gives way to a flag", ["-C", "infra", "up", "--policy-pack", "other"], {}, undefined],
  ["gives way to a flag in one word, also an empty one", ["preview", "--policy-pack="], {}, undefined],
  ["gives way to a variable", ["up"], { PULUMI_OPTION_POLICY_PACK: "other" }, "other"],
  ["gives way to an empty variable", ["up"], { PULUMI_OPTION_POLICY_PACK: "" }, ""],
])("the pack %s", (...[, args, env, expected]) => {
  expect(withPolicies({ ...env, HOME: "/home" }, args)).toEqual({
    HOME: "/home",
    ...(expected === undefined ? {} : { PULUMI_OPTION_POLICY_PACK: expected }),
  });
});
