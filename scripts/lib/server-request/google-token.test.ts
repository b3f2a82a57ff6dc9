import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { googleToken } from "./google-token";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gcloud-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A program in gcloud's place. */
function gcloud(script: string): string {
  const file = join(directory, "gcloud");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const NEXT = 'run "gcloud auth login", or set GOOGLE_OAUTH_ACCESS_TOKEN';

test("the environment's token, without asking gcloud", async () => {
  const program = gcloud("exit 1");
  expect(await googleToken({ GOOGLE_OAUTH_ACCESS_TOKEN: " ya29.given\n" }, program)).toBe("ya29.given");
});

test("else gcloud's, asked with these words and the environment", async () => {
  const program = gcloud(
    '[ "$*" = "auth print-access-token" ] && [ "$CLOUDSDK_CONFIG" = /here ] && echo ya29.of-gcloud',
  );
  const environment = { PATH: process.env["PATH"], CLOUDSDK_CONFIG: "/here", GOOGLE_OAUTH_ACCESS_TOKEN: "" };
  expect(await googleToken(environment, program)).toBe("ya29.of-gcloud");
});

test.each([
  [
    "its error line",
    'echo "WARNING: old" >&2; echo "ERROR: (gcloud.auth) no account" >&2; echo "Please run:" >&2; exit 1',
    `"gcloud auth print-access-token" gave no Google access token (ERROR: (gcloud.auth) no account): ${NEXT}.`,
  ],
  [
    "its last line where no line is an error",
    "echo first >&2; echo last >&2; exit 3",
    `"gcloud auth print-access-token" gave no Google access token (last): ${NEXT}.`,
  ],
  [
    "its exit code where it says nothing, and never what it printed",
    "echo ya29.half-a-token; exit 3",
    `"gcloud auth print-access-token" gave no Google access token (exit code 3): ${NEXT}.`,
  ],
  ["that it printed nothing", "exit 0", `"gcloud auth print-access-token" printed nothing: ${NEXT}.`],
])("a gcloud that fails is reported with %s", async (_title, script, message) => {
  await expect(googleToken({ PATH: process.env["PATH"] }, gcloud(script))).rejects.toThrow(new Error(message));
});

test("a gcloud that is not there is named", async () => {
  await expect(googleToken({}, join(directory, "none"))).rejects.toThrow(
    new Error(`"gcloud auth print-access-token" gave no Google access token (it is not installed): ${NEXT}.`),
  );
});
