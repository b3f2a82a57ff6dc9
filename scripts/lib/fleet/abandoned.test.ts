import { abandonedAmong, abandonedSentence } from "./abandoned";
import { stacksOf, type BackendList } from "./backend-stacks";

const listed: BackendList = {
  kind: "listed",
  stacks: [
    { stack: "old", resources: 93 },
    { stack: "tried", resources: 0 },
  ],
};

test("a stack's name may be qualified, and one that was never up has no count", () => {
  expect(
    stacksOf([
      { name: "acme", current: true, resourceCount: 93 },
      { name: "organization/erpnext/beta", current: false },
    ]),
  ).toEqual([
    { stack: "acme", resources: 93 },
    { stack: "beta", resources: 0 },
  ]);
});

test.each<[string, BackendList, string]>([
  [
    "old",
    listed,
    'customers/old.yaml is gone, and the stack stays as it is, with 93 resources that no one would manage: tear it down first, while the file is there, with "./stack teardown old --apply"',
  ],
  ["tried", listed, 'customers/tried.yaml is gone, and the stack is empty: "pulumi stack rm tried" takes it away'],
  ["ended", listed, "customers/ended.yaml is gone, and there is no stack of that name"],
  [
    "old",
    { kind: "failed", reason: "no bucket" },
    "customers/old.yaml is gone, and whether its stack is still up could not be seen: no bucket",
  ],
])("of %s it says what is left", (slug, list, expected) => {
  expect(abandonedAmong([slug], list).map(abandonedSentence)).toEqual([expected]);
});
