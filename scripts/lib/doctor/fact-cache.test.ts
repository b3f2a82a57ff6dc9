import { ShopifyError } from "../../../clients/shopify";
import { CHECKS } from "./checks";
import { examine } from "./examine";
import { FactCache, type Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { HEALTHY } from "./testing/healthy-facts";
import type { FactName } from "./check";

const NEVER = new AbortController().signal;

/** Gatherers that know what a healthy customer is like, but for the given ones. */
function gatherers(changes: Partial<Gatherers> = {}): Gatherers {
  const known = Object.entries(HEALTHY).map(([name, fact]) => [name, () => Promise.resolve(fact as unknown)]);
  return { ...(Object.fromEntries(known) as unknown as Gatherers), ...changes };
}

function book(changes: Partial<Gatherers>, deadline = NEVER): FactCache {
  return new FactCache(gatherers(changes), { concurrency: 2, deadline });
}

function workersCheck() {
  return CHECKS.find(({ id }) => id === "workers")!;
}

it("finds a fact out once, however many ask", async () => {
  const workers = jest.fn(() => Promise.resolve(HEALTHY.workers));
  const facts = book({ workers });
  await Promise.all([facts.ask("workers"), facts.ask("workers")]);
  expect(workers).toHaveBeenCalledTimes(1);
});

it.each([
  ["skipped", new NotKnown("skipped", "there is no stack"), "there is no stack"],
  ["unknown", new ShopifyError("http", { what: "the shop is locked", next: "wait" }), "the shop is locked"],
  ["unknown", new Error("fell over"), "fell over"],
] as const)("a fact that is not known makes its check %s, never ok", async (state, error, saw) => {
  const examination = await examine(workersCheck(), book({ workers: () => Promise.reject(error) }).ask);
  expect(examination).toMatchObject({ id: "workers", group: "ERPNext", state, saw });
});

it("hands the reason on to facts that rest on one that is not known", async () => {
  const { ask } = book({
    customer: () => Promise.reject(new NotKnown("skipped", "the intake file has faults")),
    workers: async (other) => {
      await other("customer");
      return HEALTHY.workers;
    },
  });
  expect(await examine(workersCheck(), ask)).toMatchObject({ state: "skipped", saw: "the intake file has faults" });
});

it("gives a look up after its own limit", async () => {
  const { ask } = book({ workers: (_ask, probe) => probe(0.01, () => new Promise(() => undefined)) });
  expect(await examine(workersCheck(), ask)).toMatchObject({ state: "unknown", saw: "no answer within 0.01 s" });
});

it("gives everything up when the time is over", async () => {
  const deadline = new AbortController();
  const { ask } = book({ workers: () => new Promise(() => undefined) }, deadline.signal);
  const looking = examine(workersCheck(), ask);
  deadline.abort();
  const saw = "the time for all checks was up before it could be looked at";
  expect(await looking).toMatchObject({ state: "unknown", saw });
});

it("never looks at more than a few things at a time, and at all of them in the end", async () => {
  let running = 0;
  let most = 0;
  const look = async (): Promise<never> => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    throw new NotKnown("unknown", "looked at");
  };
  const names: FactName[] = ["workers", "jobs", "setting", "ledgers", "stock", "app"];
  const facts = book(
    Object.fromEntries(
      names.map((name) => [name, (_: unknown, probe: (s: number, l: typeof look) => never) => probe(1, look)]),
    ),
  );
  const ends = await Promise.allSettled(names.map((name) => facts.ask(name)));
  expect(ends.map((end) => end.status === "rejected" && (end.reason as NotKnown).why)).toEqual(
    names.map(() => "looked at"),
  );
  expect(most).toBe(2);
});
