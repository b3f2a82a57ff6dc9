import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("./stack runs from any folder", () => {
  const help = execFileSync(join(__dirname, "../stack"), ["doctor", "--help"], { cwd: tmpdir(), encoding: "utf8" });
  expect(help).toContain("Usage: ./stack doctor [options] <customer>");
});
