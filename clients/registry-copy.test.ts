import { createHash } from "node:crypto";

import { startRegistry, type RegistryStore } from "../sandbox/registry-api";
import { copyImage } from "./registry-copy";

const TOKEN = "ya29.canary";
const FROM = "acme-project/acme-erpnext/acme/erpnext";
const TO = "beta-project/beta-erpnext/beta/erpnext";
const PATIENCE = { maxWaitMs: 2_000, tries: 2, firstDelayMs: 1 };

/** A registry in memory whose tags never move. */
class Memory implements RegistryStore {
  readonly blobs = new Map<string, Buffer>();
  readonly tags = new Map<string, string>();
  written = 0;

  read(repository: string, digest: string): Buffer | undefined {
    return this.blobs.get(`${repository} ${digest}`);
  }

  write(repository: string, digest: string, bytes: Buffer): void {
    this.written += 1;
    this.blobs.set(`${repository} ${digest}`, bytes);
  }

  tag(repository: string, tag: string, digest: string): string | undefined {
    const there = this.tags.get(`${repository}:${tag}`);
    if (there !== undefined && there !== digest)
      return `cannot update tag "${tag}". The repository has enabled tag immutability`;
    this.tags.set(`${repository}:${tag}`, digest);
    return undefined;
  }

  /** Keeps these bytes. @returns their descriptor */
  put(text: string): { digest: string; size: number } {
    const bytes = Buffer.from(text);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    this.blobs.set(`${FROM} ${digest}`, bytes);
    return { digest, size: bytes.length };
  }
}

const servers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function registry(store = new Memory()): Promise<{ store: Memory; url: URL }> {
  const server = await startRegistry({ store, token: TOKEN });
  servers.push(server);
  return { store, url: new URL(server.url) };
}

/** An image with an attestation beside it, as BuildKit pushes one. */
function pushImage(store: Memory): string {
  const manifest = (layer: string): { digest: string; size: number } =>
    store.put(JSON.stringify({ schemaVersion: 2, config: store.put(`{"of":"${layer}"}`), layers: [store.put(layer)] }));
  return store.put(JSON.stringify({ schemaVersion: 2, manifests: [manifest("bench"), manifest("sbom")] })).digest;
}

const copy = (from: URL, to: URL, { digest, token = TOKEN }: { digest: string; token?: string }): Promise<void> =>
  copyImage({
    from: { url: from, repository: FROM, digest },
    to: { url: to, repository: TO, tag: "2026.12" },
    token,
    signal: new AbortController().signal,
    patience: PATIENCE,
  });

test("an image keeps its digest from one registry to another, its attestations with it", async () => {
  const [one, other] = [await registry(), await registry()];
  const digest = pushImage(one.store);
  await copy(one.url, other.url, { digest });
  expect(other.store.tags.get(`${TO}:2026.12`)).toBe(digest);
  expect(other.store.blobs.size).toBe(one.store.blobs.size);
  const before = other.store.written;
  await copy(one.url, other.url, { digest });
  // Manifests are put again; no layer travels twice.
  expect(other.store.written - before).toBe(3);
});

test("within one registry layers are mounted", async () => {
  const { store, url } = await registry();
  const digest = pushImage(store);
  await copy(url, url, { digest });
  expect(store.tags.get(`${TO}:2026.12`)).toBe(digest);
});

test("a tag that is another image already is refused in the registry's words", async () => {
  const { store, url } = await registry();
  store.tags.set(`${TO}:2026.12`, "sha256:other");
  await expect(copy(url, url, { digest: pushImage(store) })).rejects.toThrow(
    'refuses the tag "2026.12" (HTTP 400: cannot update tag "2026.12". The repository has enabled tag immutability)',
  );
});

test("a wrong login, an image that is not there and a registry out of reach are named, without the token", async () => {
  const { store, url } = await registry();
  const digest = pushImage(store);
  await expect(copy(url, url, { digest, token: "wrong" })).rejects.toThrow(
    /refuses the login \(HTTP 401: UNAUTHORIZED\)/,
  );
  await expect(copy(url, url, { digest: `sha256:${"0".repeat(64)}` })).rejects.toThrow(
    /there is no image sha256:0+ at .* \(HTTP 404: sha256:0+ is not there\)/,
  );
  const away = new URL("http://127.0.0.1:9321");
  const error = await copy(away, url, { digest }).catch((thrown: unknown) => String(thrown));
  expect(error).toMatch(/127\.0\.0\.1:9321 gives no answer \(ECONNREFUSED\), given up after 2 tries/);
  expect(error).not.toContain(TOKEN);
});
