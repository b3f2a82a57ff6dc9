import { ensureContext } from "./ensure-options";
import { firstUsable, type Attempt } from "./first-usable";
import { ToolError, describeToolError } from "./tool-error";

const absent: Attempt<string> = () => Promise.resolve({ reason: "it is not on PATH", noteworthy: false });
const broken: Attempt<string> = () => Promise.resolve({ reason: "it is broken", noteworthy: true });
const found: Attempt<string> = () => Promise.resolve({ tool: "found" });
const failed: Attempt<string> = () =>
  Promise.reject(new ToolError("it cannot be built", "install a compiler", ["line 1", "line 2"]));

async function first(...attempts: Attempt<string>[]): Promise<{ result: unknown; said: string[] }> {
  const said: string[] = [];
  const context = ensureContext({ env: {}, onProgress: (line) => said.push(line) });
  const wanted = { title: "tool", attempts, otherwise: "put the tool on PATH" };
  const result = await firstUsable(wanted, context).catch((error: unknown) => error);
  return { result, said };
}

test("takes the first that works and asks no further", async () => {
  const unasked = jest.fn<ReturnType<Attempt<string>>, []>();
  expect(await first(absent, found, unasked)).toEqual({ result: "found", said: [] });
  expect(unasked).not.toHaveBeenCalled();
});

test("says what is there but cannot be used, and goes on after an error", async () => {
  const said = ["passed over: it is broken", "passed over: it cannot be built"];
  expect(await first(broken, absent, failed, found)).toEqual({ result: "found", said });
});

test("without any, gives every reason, the ways out and what was printed", async () => {
  const { result, said } = await first(absent, broken, failed);
  expect(said).toEqual(["passed over: it is broken"]);
  expect(describeToolError(result)).toBe(
    "there is no tool to run (it is not on PATH; it is broken; it cannot be built): install a compiler, or put the tool on PATH.\n  line 1\n  line 2\n",
  );
});

test("a defect is not taken for a reason", async () => {
  const defect = new TypeError("defect");
  const { result } = await first(() => Promise.reject(defect), found);
  expect(result).toBe(defect);
  expect(() => describeToolError(defect)).toThrow(defect);
});
