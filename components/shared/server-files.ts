import { createHash } from "node:crypto";

import { UserError } from "../../core/user-error";

/** What the server runs first at every boot; it unpacks the other files. */
const BOOT_SCRIPT = "bootstrap.sh";

/** Google Cloud takes 256 KiB a metadata value. */
const METADATA_VALUE_BYTES = 256 * 1024;

/** The files of host/ as they go into the server's metadata. */
export interface ServerFiles {
  /** Content of host/bootstrap.sh. */
  readonly bootScript: string;
  /** JSON object of every file by its path relative to host/, sorted by path. */
  readonly json: string;
}

/** Packs the files. Throws a {@link UserError} when the boot script is missing or they are too many for metadata. */
export function packServerFiles(customer: string, files: Readonly<Record<string, string>>): ServerFiles {
  const bootScript = files[BOOT_SCRIPT];
  if (bootScript === undefined) {
    throw new UserError({
      what: `"${BOOT_SCRIPT}" is not among the server's files`,
      customer,
      next: "restore host/bootstrap.sh",
    });
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const json = JSON.stringify(sorted);
  const bytes = Buffer.byteLength(json);
  if (bytes > METADATA_VALUE_BYTES) {
    throw new UserError({
      what: `the files of host/ have ${bytes} bytes where a metadata value holds ${METADATA_VALUE_BYTES}`,
      customer,
      next: "remove or shorten files in host/",
    });
  }
  return { bootScript, json };
}

/** What the server reports back once it has applied exactly these files and this environment. */
export function configurationDigest(files: ServerFiles, envFile: string): string {
  return `sha256:${createHash("sha256").update(`${files.json}\n${envFile}`).digest("hex")}`;
}
