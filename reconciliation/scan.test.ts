import { fullScan, recentScan, step, StepEnds } from "./scan";
import { erpnextOrder, NOW, optionsFor, pagesOf, shopifyOrder, type TestWorld } from "./testing/world";

const world: TestWorld = {
  shopify: ["1", "2", "3", "4"].map((id) => shopifyOrder(id)),
  erpnext: ["1", "3"].map((id) => erpnextOrder(id)),
};

test("a scan begins as plain JSON", () => {
  expect(JSON.parse(JSON.stringify(fullScan(NOW, "2026-01-01T00:00:00Z")))).toEqual({
    kind: "full",
    scope: { createdFrom: "2026-01-01T00:00:00Z" },
    startedAt: "2026-11-26T20:00:00.000Z",
    after: null,
    done: false,
    coverage: {},
  });
  expect(recentScan(NOW, "2026-11-26T19:00:00Z")).toMatchObject({
    kind: "recent",
    scope: { updatedFrom: "2026-11-26T17:00:00.000Z", updatedTo: "2026-11-26T20:00:00.000Z" },
  });
});

test("a step stops at its pages and says how far it came", async () => {
  const sides = pagesOf(world, 1);
  const options = { ...optionsFor(world), pages: 3 };
  const first = await step(fullScan(NOW), sides, options);
  expect(sides.read.pages).toBe(3);
  expect([first.state.after, first.state.done, first.findings]).toEqual(["1", false, []]);
  const second = await step(first.state, sides, options);
  expect([second.state.after, second.findings.map(({ id }) => id)]).toEqual(["3", ["2"]]);
});

test("what is done stays done, without a look", async () => {
  const sides = pagesOf(world, 10);
  const options = { ...optionsFor(world), pages: 2 };
  const done = await step(fullScan(NOW), sides, options);
  expect(done.state.done).toBe(true);
  expect(await step(done.state, sides, options)).toEqual({ state: done.state, findings: [] });
  expect(sides.read.pages).toBe(2);
});

test("what ERPNext has from before the scan's beginning is unknown", async () => {
  const from = fullScan(NOW, "2026-10-10T00:00:00Z");
  const { state, findings } = await step(from, pagesOf(world, 10), {
    ...optionsFor(world),
    visibleSince: "2026-09-27T00:00:00Z",
    pages: 2,
  });
  expect(findings).toEqual([]);
  expect(state.coverage).toMatchObject({ "2026-10": { shopify: 0, unknown: 2, orphans: 0 } });
});

test("refuses a step too short for both sides, and a side that never ends", async () => {
  const options = optionsFor(world);
  await expect(step(fullScan(NOW), pagesOf(world, 1), { ...options, pages: 1 })).rejects.toThrow(
    "a step of 1 pages cannot read both sides: give it at least 2.",
  );
  const stuck = { ...pagesOf(world, 1), shopify: { page: () => Promise.resolve({ orders: [], last: false }) } };
  await expect(step(fullScan(NOW), stuck, { ...options, pages: 9 })).rejects.toThrow(
    "a page without orders must be the last one.",
  );
});

test("a failure of a side is the step's own", async () => {
  const sides = pagesOf(world, 1);
  const broken = { ...sides, erpnext: { ...sides.erpnext, page: () => Promise.reject(new Error("ERPNext restarts")) } };
  await expect(step(fullScan(NOW), broken, { ...optionsFor(world), pages: 9 })).rejects.toThrow("ERPNext restarts");
});

test("a side that ends the step loses nothing of what was done", async () => {
  const sides = pagesOf(world, 1);
  let pages = 0;
  const page = (...of: Parameters<typeof sides.shopify.page>) => {
    pages += 1;
    return pages < 4 ? sides.shopify.page(...of) : Promise.reject(new StepEnds());
  };
  const ended = await step(fullScan(NOW), { ...sides, shopify: { page } }, { ...optionsFor(world), pages: 99 });
  expect([ended.state.after, ended.state.done, ended.findings.map(({ id }) => id)]).toEqual(["3", false, ["2"]]);
  const rest = await step(ended.state, sides, { ...optionsFor(world), pages: 99 });
  expect([rest.state.after, rest.state.done, rest.findings.map(({ id }) => id)]).toEqual(["4", true, ["4"]]);
});
