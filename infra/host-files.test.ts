import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { readHostFiles, readServerFiles } from "./host-files";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "host-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(path: string, content = path): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
}

test("every file by its path below the directory, with forward slashes and unchanged content", () => {
  write("bootstrap.sh", "#!/bin/sh\r\necho ä\n");
  write("steps/disk.sh");
  write("units/deep/erpnext.service");
  expect(readHostFiles(directory)).toEqual({
    "bootstrap.sh": "#!/bin/sh\r\necho ä\n",
    "steps/disk.sh": "steps/disk.sh",
    "units/deep/erpnext.service": "units/deep/erpnext.service",
  });
});

test("tests and texts stay here, wherever they lie, and names that only resemble them go", () => {
  for (const stays of [
    "README.md",
    "steps/README.md",
    "converge.test.ts",
    "steps/disk.test.sh",
    "test/caddy.ts",
    "tests/test_x.py",
    "steps/test/fake.sh",
  ]) {
    write(stays);
  }
  const goes = ["README.md.sh", "attest/a.sh", "latest.sh", "test.sh"];
  goes.forEach((path) => {
    write(path);
  });
  expect(Object.keys(readHostFiles(directory)).sort()).toEqual([...goes].sort());
});

test("an empty directory has no files, and a link is not a file", () => {
  expect(readHostFiles(directory)).toEqual({});
  symlinkSync("/etc/hostname", join(directory, "link"));
  expect(readHostFiles(directory)).toEqual({});
});

test("a missing directory is an error, not a server without files", () => {
  expect(() => readHostFiles(join(directory, "gone"))).toThrow(/ENOENT/);
});

test("the server gets host/ and the programs of deliveries/ below it, and no test of either", () => {
  const files = Object.keys(readServerFiles(join(__dirname, "..")));
  expect(files).toEqual(expect.arrayContaining(["bootstrap.sh", "deliveries/receiver.py", "deliveries/__init__.py"]));
  expect(files.filter((path) => /test|README|pyc/.test(path))).toEqual([]);
});

test("comments stay here, and what goes is what bash and Python still read", () => {
  const files = Object.entries(readServerFiles(join(__dirname, "..")));
  expect(files.filter(([, text]) => /^\s*# /m.test(text)).map(([path]) => path)).toEqual([]);
  expect(files.filter(([path, text]) => path.endsWith(".sh") && !/^(#!|[^#])/.test(text))).toEqual([]);
  for (const [path, text] of files) {
    if (path.endsWith(".sh")) execFileSync("bash", ["-n"], { input: text });
    if (path.endsWith(".py"))
      execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: text });
  }
});

test("this repository's own host/ has the boot script and no test in it", () => {
  const files = Object.keys(readHostFiles(join(__dirname, "../host")));
  expect(files).toContain("bootstrap.sh");
  expect(files).toContain("Caddyfile");
  expect(files.filter((path) => /test|README/.test(path))).toEqual([]);
});
