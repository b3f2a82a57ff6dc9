import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureCaddy } from "../tools/caddy";
import { makeCertificateAuthority, startCaddy, type RunningCaddy } from "./caddy";
import { Door } from "./door";
import { freePort } from "./ports";

/** Getting Caddy may mean building it. */
const LONG = 600_000;
const LIMIT = 60_000;

let binary: string;
let root: string;

beforeAll(async () => {
  binary = (await ensureCaddy()).binary;
}, LONG);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "caddy-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("the certificate authority", () => {
  test(
    "is made by Caddy, with nothing left running",
    async () => {
      const file = await makeCertificateAuthority(binary, join(root, "storage"));
      const certificate = new X509Certificate(readFileSync(file));
      expect(certificate.ca).toBe(true);
      expect(certificate.subject).toContain("Caddy Local Authority");
    },
    LIMIT,
  );

  test(
    "is made once: asked again, the same file stays as it is",
    async () => {
      const storage = join(root, "storage");
      const file = await makeCertificateAuthority(binary, storage);
      const before = { text: readFileSync(file, "utf8"), changed: statSync(file).mtimeMs };
      expect(await makeCertificateAuthority("/nowhere/caddy", storage)).toBe(file);
      expect({ text: readFileSync(file, "utf8"), changed: statSync(file).mtimeMs }).toEqual(before);
    },
    LIMIT,
  );

  test(
    "is whole, and made again where one was only begun",
    async () => {
      const storage = join(root, "storage");
      const authority = join(storage, "caddy", "pki", "authorities", "local");
      mkdirSync(authority, { recursive: true });
      writeFileSync(join(authority, "root.crt"), "");
      await makeCertificateAuthority(binary, storage);
      const kinds = ["root.crt", "root.key", "intermediate.crt", "intermediate.key"].map(
        (name) => /-----BEGIN (.*)-----/.exec(readFileSync(join(authority, name), "utf8"))?.[1],
      );
      expect(kinds).toEqual(["CERTIFICATE", "EC PRIVATE KEY", "CERTIFICATE", "EC PRIVATE KEY"]);
    },
    LIMIT,
  );

  test(
    "is not waited for when Caddy does not start",
    async () => {
      await expect(makeCertificateAuthority("/bin/false", join(root, "storage"))).rejects.toThrow(
        "Caddy made no certificate authority: ",
      );
    },
    LIMIT,
  );
});

/** Asks until the door answers. */
async function answerOf(door: Door, path: string): Promise<{ status: number; body: string }> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await door.request({ method: "GET", path });
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(50);
    }
  }
}

describe("a running Caddy", () => {
  let caddy: RunningCaddy | undefined;

  afterEach(async () => {
    delete process.env["CADDY_TEST_LEAK"];
    await caddy?.stop();
  });

  test(
    "reads its configuration, its environment and no other, and signs with the authority",
    async () => {
      const storage = join(root, "storage");
      const rootCertificate = await makeCertificateAuthority(binary, storage);
      const port = await freePort();
      process.env["CADDY_TEST_LEAK"] = "leak";
      caddy = startCaddy({
        binary,
        storage,
        dir: join(root, "vm"),
        configuration: [
          "{\n admin off\n local_certs\n skip_install_trust\n auto_https disable_redirects\n}",
          `https://hooks.demo.example:{$PORT} {\n respond "{$GREETING} {$CADDY_TEST_LEAK}"\n}\n`,
        ].join("\n"),
        adapter: "caddyfile",
        environment: { PORT: String(port), GREETING: "hello" },
      });
      const door = new Door({ url: `https://127.0.0.1:${port}`, host: "hooks.demo.example", rootCertificate });
      expect(await answerOf(door, "/")).toEqual({ status: 200, body: "hello " });
      expect(caddy.exited()).toBe(false);
      await caddy.stop();
      expect(caddy.exited()).toBe(true);
      await expect(door.request({ method: "GET", path: "/" })).rejects.toThrow(/ECONNREFUSED/);
    },
    LIMIT,
  );

  test(
    "that refuses its configuration has ended and says why",
    async () => {
      caddy = startCaddy({
        binary,
        storage: join(root, "storage"),
        dir: join(root, "vm"),
        configuration: "no_such_directive {\n",
        adapter: "caddyfile",
        environment: {},
      });
      while (!caddy.exited()) await sleep(20);
      expect(caddy.output()).toMatch(/Error: adapting config/);
      await caddy.stop();
      expect(existsSync(join(root, "vm", "Caddyfile"))).toBe(true);
    },
    LIMIT,
  );
});
