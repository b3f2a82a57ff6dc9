import { progressTo } from "./progress";

function written(terminal: { isTTY?: boolean; columns?: number }): string {
  let text = "";
  const { onProgress } = progressTo({ ...terminal, write: (part) => (text += part) });
  onProgress("building", false);
  onProgress("building: 1 s", true);
  onProgress("building: 2 s", true);
  onProgress("built", false);
  return text;
}

test("a log gets every line, one transient line every 15 seconds", () => {
  expect(written({})).toBe("building\nbuilding: 1 s\nbuilding: 2 s\nbuilt\n");
  expect(progressTo({ write: () => true }).progressIntervalMs).toBe(15_000);
});

test("on a terminal transient lines overwrite each other every second and are cut to its width", () => {
  const rewind = "\r\u001b[2K";
  expect(written({ isTTY: true, columns: 11 })).toBe(
    `${rewind}building\n${rewind}building: ${rewind}building: ${rewind}built\n`,
  );
  expect(progressTo({ isTTY: true, write: () => true }).progressIntervalMs).toBe(1000);
});
