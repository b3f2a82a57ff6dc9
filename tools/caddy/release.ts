import { createHash } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { cached } from "../tool-cache";
import { ToolError } from "../tool-error";
import { proveCaddy } from "./built";
import { CADDY_VERSION, type Caddy } from "./caddy";

/** An archive of the release, with its checksum in hexadecimal digits. */
export interface CaddyArchive {
  readonly name: string;
  readonly sha512: string;
}

/**
 * SHA-512 of the archives of release 2.11.4, by Node's platform and architecture.
 * Source: the project's own container image, caddyserver/caddy-docker, 2.11/alpine/Dockerfile at commit 0379cde2647584e89fa3a7e9a587b3d25845f49c.
 */
export const CADDY_ARCHIVES: Readonly<Record<string, CaddyArchive>> = {
  "linux-x64": {
    name: "caddy_2.11.4_linux_amd64.tar.gz",
    sha512:
      "8220d1f013b6f27510247b2360c9e0ca9f018feebd82515f07635318b34ff9777ccc8fd0b6e6f2486ce3a33fe389fbb7db12d05baa474f4587509fb4f5ebf1c9",
  },
  "linux-arm64": {
    name: "caddy_2.11.4_linux_arm64.tar.gz",
    sha512:
      "d5a7c423853c24a799765e0e8210d5c7c22a8f56ed37a3cae2fb9f58be138853c02b4efd6b59d576e6d8c7c0d30b9c1592deeaa6a536ff69bcca23b8c1ea709c",
  },
};

const DOWNLOAD_TIMEOUT_MS = 180_000;
const UNPACK_TIMEOUT_MS = 60_000;
const OTHERWISE = "try again where the release site is in reach";

/**
 * Downloads the official release, proves that it is the one whose checksum stands here, and keeps it.
 * @throws ToolError when it cannot be downloaded or is not what it should be
 */
export async function releasedCaddy(
  context: EnsureContext,
  archive = CADDY_ARCHIVES[`${process.platform}-${process.arch}`],
): Promise<Outcome<Caddy>> {
  if (archive === undefined) {
    return { reason: `no release of Caddy is pinned for ${process.platform} on ${process.arch}`, noteworthy: true };
  }
  const directory = await cached({
    cacheDirectory: context.cacheDirectory,
    name: `caddy-${CADDY_VERSION}-release-${archive.sha512.slice(0, 16)}`,
    isWhole: (entry) => isExecutable(join(entry, "caddy")),
    fill: async (entry) => {
      context.say(`downloading Caddy ${CADDY_VERSION}`);
      const content = await download(archive.name);
      verify(archive, content);
      await unpack(entry, content, context.env);
      await proveCaddy(join(entry, "caddy"), context.env);
    },
    onWait: (pid, seconds) => {
      context.say(`waiting for process ${pid}, which downloads Caddy ${CADDY_VERSION}: ${seconds} s`, true);
    },
  });
  return { tool: { binary: join(directory, "caddy"), version: CADDY_VERSION, directory, origin: "downloaded" } };
}

async function download(name: string): Promise<Buffer> {
  const url = `https://github.com/caddyserver/caddy/releases/download/v${CADDY_VERSION}/${name}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    // Node's fetch says no more than "fetch failed"; what happened is its cause.
    const { message, cause } = error as Error;
    throw new ToolError(
      `"${url}" cannot be downloaded (${cause instanceof Error ? cause.message : message})`,
      OTHERWISE,
    );
  }
}

function verify(archive: CaddyArchive, content: Buffer): void {
  const found = createHash("sha512").update(content).digest("hex");
  if (found !== archive.sha512) {
    throw new ToolError(`"${archive.name}" is not the official release (its SHA-512 is ${found})`, OTHERWISE);
  }
}

async function unpack(directory: string, content: Buffer, env: NodeJS.ProcessEnv): Promise<void> {
  const path = join(directory, "caddy.tar.gz");
  writeFileSync(path, content);
  const tar = await run("tar", ["-xzf", path, "-C", directory, "caddy"], { env, timeoutMs: UNPACK_TIMEOUT_MS });
  rmSync(path);
  if (tar.code !== 0) {
    throw new ToolError(`the release of Caddy cannot be unpacked (${failure(tar)})`, "install tar and try again");
  }
  chmodSync(join(directory, "caddy"), 0o755);
}
