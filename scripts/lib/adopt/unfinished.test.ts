import {
  hasPendingCreates,
  hasResources,
  importFile,
  unfinishedOf,
  type RawDeployment,
  type RawResource,
} from "./unfinished";

const STACK = "urn:pulumi:acme::erpnext::";
const PROVIDER = `${STACK}pulumi:providers:gcp::gcp`;
const NETWORK = `${STACK}erpnext:gcp:ServerNetwork::network`;

const made: RawResource[] = [
  { urn: `${STACK}pulumi:pulumi:Stack::erpnext-acme`, type: "pulumi:pulumi:Stack" },
  { urn: PROVIDER, type: "pulumi:providers:gcp", id: "1" },
  { urn: NETWORK, type: "erpnext:gcp:ServerNetwork" },
];

function resource(name: string, rest: Partial<RawResource> = {}): RawResource {
  const type = "gcp:compute/network:Network";
  const urn = `${STACK}erpnext:gcp:ServerNetwork$${type}::${name}`;
  return { urn, type, parent: NETWORK, provider: `${PROVIDER}::1`, inputs: { name }, ...rest };
}

function stateWith(pending: readonly RawResource[], more: readonly RawResource[] = []): RawDeployment {
  const pending_operations = pending.map((one) => ({ type: "creating", resource: one }));
  return { resources: [...made, ...more], pending_operations };
}

const names = (...args: Parameters<typeof unfinishedOf>): string[] => unfinishedOf(...args).map(({ name }) => name);

test("what an engine had begun, and what the program would make, is unfinished, each once", () => {
  const steps = [
    { op: "create", newState: resource("b") },
    { op: "create", newState: resource("c") },
    { op: "same", newState: resource("d") },
    { op: "delete" },
  ];
  expect(names(stateWith([resource("a"), resource("b")]), steps).sort()).toEqual(["a", "b", "c"]);
});

test.each<[string, RawDeployment]>([
  ["is in the state", stateWith([resource("a")], [{ ...resource("a"), id: "1" }])],
  ["has no parent in the state", stateWith([resource("a", { parent: `${NETWORK}-2` })])],
  ["has no provider in the state", stateWith([resource("a", { provider: `${PROVIDER}-2::1` })])],
  ["was being deleted", { resources: made, pending_operations: [{ type: "deleting", resource: resource("a") }] }],
  ["is not pending", { resources: made }],
])("what %s is not unfinished", (_title, state) => {
  expect(names(state, [])).toEqual([]);
});

test("what waits for its deletion after a replacement is not what is in the state", () => {
  expect(names(stateWith([resource("a")], [resource("a", { id: "1", delete: true })]), [])).toEqual(["a"]);
});

test("a stack that has made nothing has nothing to adopt; components and providers are nothing", () => {
  expect(hasResources({ resources: made })).toBe(false);
  expect(hasResources({})).toBe(false);
  expect(hasResources({ resources: [...made, resource("a", { id: "1" })] })).toBe(true);
});

test("a create is pending, a delete is not", () => {
  expect(hasPendingCreates(stateWith([resource("a")]))).toBe(true);
  expect(hasPendingCreates({ pending_operations: [{ type: "deleting", resource: resource("a") }] })).toBe(false);
  expect(hasPendingCreates({})).toBe(false);
});

test("the file of an import names parent and provider, and holds no inputs", () => {
  const [what] = unfinishedOf(stateWith([resource("a", { inputs: { name: "a", secretData: "canary" } })]), []);
  const file = importFile([{ what: what!, id: "projects/p/global/networks/a" }]);
  expect(JSON.parse(file)).toEqual({
    nameTable: { u0: NETWORK, u1: PROVIDER },
    resources: [
      {
        type: "gcp:compute/network:Network",
        name: "a",
        id: "projects/p/global/networks/a",
        parent: "u0",
        provider: "u1",
      },
    ],
  });
});
