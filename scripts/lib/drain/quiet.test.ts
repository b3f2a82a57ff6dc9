import { quietMs } from "./quiet";

test.each([
  [undefined, 110_000],
  ["5", 5000],
])("with %s seconds it is %i ms", (given, ms) => {
  expect(quietMs(given)).toBe(ms);
});

test.each(["", "0", "-1", "soon", "Infinity"])("refuses %j, with which a drain would end early or never", (given) => {
  expect(() => quietMs(given)).toThrow(/ERPNEXT_DRAIN_QUIET_SECONDS.*unset/);
});
