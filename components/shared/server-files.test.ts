import { createHash } from "node:crypto";

import { configurationDigest, packServerFiles } from "./server-files";
import { UserError } from "../../core/user-error";

const FILES = { "units/erpnext.service": "[Unit]\n", "bootstrap.sh": "#!/bin/sh\n", Caddyfile: "{}\n" };

test("sorts the files by path", () => {
  expect(packServerFiles("acme", FILES)).toEqual({
    bootScript: "#!/bin/sh\n",
    json: '{"Caddyfile":"{}\\n","bootstrap.sh":"#!/bin/sh\\n","units/erpnext.service":"[Unit]\\n"}',
  });
});

test("refuses files without the boot script", () => {
  expect(() => packServerFiles("acme", { Caddyfile: "" })).toThrow(
    new UserError({
      what: '"bootstrap.sh" is not among the server\'s files',
      customer: "acme",
      next: "restore host/bootstrap.sh",
    }),
  );
});

describe("the metadata server's limit", () => {
  const frame = JSON.stringify({ "bootstrap.sh": "", padding: "" }).length;
  const filled = (bytes: number) => ({ "bootstrap.sh": "", padding: "x".repeat(bytes - frame) });

  test.each([262_143, 262_144])("takes %d bytes", (bytes) => {
    expect(packServerFiles("acme", filled(bytes)).json).toHaveLength(bytes);
  });

  test("refuses one byte more", () => {
    expect(() => packServerFiles("acme", filled(262_145))).toThrow(
      'the files of host/ have 262145 bytes where a metadata value holds 262144 for customer "acme": remove or shorten files in host/.',
    );
  });

  test("counts bytes, not characters", () => {
    expect(() => packServerFiles("acme", { "bootstrap.sh": "ü".repeat(140_000) })).toThrow(
      "metadata value holds 262144",
    );
  });
});

test("the digest is over the files, a line feed and the environment", () => {
  const files = packServerFiles("acme", FILES);
  const expected = createHash("sha256").update(`${files.json}\nA="1"\n`).digest("hex");
  expect(configurationDigest(files, 'A="1"\n')).toBe(`sha256:${expected}`);
});
