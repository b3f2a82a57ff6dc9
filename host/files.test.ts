import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { readHostFiles } from "../infra/host-files";
import { toolOnPath } from "./test/caddy";
import { HOST } from "./test/sandbox";

const files = readHostFiles(HOST);
const scripts = Object.keys(files).filter((path) => path.endsWith(".sh"));

it("is one script for each step of the contract", () => {
  const steps = /^STEPS=\((.*)\)$/m.exec(files["converge.sh"] ?? "")?.[1]?.split(" ");
  expect(steps).toEqual([
    ...["disk", "docker", "secrets", "frappe-docker", "image", "containers", "site", "migrate"],
    ...["automation-user", "workers", "door"],
  ]);
  expect(scripts.filter((path) => path.startsWith("steps/")).sort()).toEqual(
    steps?.map((step) => `steps/${step}.sh`).sort(),
  );
});

it("leaves room in the metadata", () => {
  expect(Buffer.byteLength(JSON.stringify(files))).toBeLessThan(200_000);
  expect(Object.keys(files).filter((path) => /test|README/.test(path))).toEqual([]);
});

const withShellcheck = toolOnPath("shellcheck") === undefined ? it.skip : it;

withShellcheck(
  "has scripts that shellcheck has nothing to say about",
  () => {
    const checked = spawnSync("shellcheck", ["-x", "-P", "SCRIPTDIR", ...scripts], { cwd: HOST, encoding: "utf8" });
    expect([checked.status, checked.stdout]).toEqual([0, ""]);
  },
  60_000,
);

it.each(scripts.filter((path) => !["lib.sh", "google.sh", "stack.sh", "redis.sh"].includes(path)))(
  "%s stops at the first fault",
  (path) => {
    expect(files[path]).toMatch(/^#!\/bin\/bash\n/);
    expect(files[path]).toContain("\nset -euo pipefail\n");
  },
);

it("has Python that compiles", () => {
  const sources = Object.keys(files).filter((path) => path.endsWith(".py"));
  const program = "import ast,sys\nfor p in sys.argv[1:]: ast.parse(open(p).read(), p)";
  const compiled = spawnSync("python3", ["-c", program, ...sources.map((path) => join(HOST, path))], {
    encoding: "utf8",
  });
  expect([sources.length, compiled.status, compiled.stderr]).toEqual([8, 0, ""]);
});

describe("variables", () => {
  const handedOver = readFileSync(join(HOST, "../infra/server-environment.ts"), "utf8").match(
    /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\bCUSTOMER\b|\bCOUNTRY\b|\bCURRENCY\b/g,
  );
  const documented = readFileSync(join(HOST, "../docs/server.md"), "utf8")
    .match(/`[A-Z][A-Z0-9_]+`/g)
    ?.map((name) => name.slice(1, -1));
  const known = new Set([...(handedOver ?? []), ...(documented ?? [])]);
  const shellsOwn = new Set([
    "BASH_SOURCE",
    "PIPESTATUS",
    "SECONDS",
    "VERSION_CODENAME",
    "DEBIAN_FRONTEND",
    "DOCKER_CONFIG",
    "EUID",
    "TZ",
  ]);

  it.each(scripts)("of %s are handed over, documented or its own", (path) => {
    const libraries = ["lib.sh", "google.sh", "stack.sh"].map((name) => files[name] ?? "").join("\n");
    const text = files[path] ?? "";
    const read = new Set([...text.matchAll(/\$(?:ENV\.)?\{?[#!]?([A-Z][A-Z0-9_]+)/g)].map((match) => match[1] ?? ""));
    read.delete("ENV");
    read.delete("ARGS");
    const own = (name: string): boolean =>
      new RegExp(`(^|[\\s(])(declare -A )?${name}=`, "m").test(`${text}\n${libraries}`) || shellsOwn.has(name);
    expect([...read].filter((name) => !known.has(name) && !own(name))).toEqual([]);
  });

  it.each(["compose.yaml", "Caddyfile", "health.caddy"])("of %s are handed over or documented", (path) => {
    const read = [...(files[path] ?? "").matchAll(/\{\$?([A-Z][A-Z0-9_]+)/g)].map((match) => match[1] ?? "");
    expect(read.length).toBeGreaterThan(1);
    expect(read.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  interface Service {
    readonly image?: string;
    readonly ports?: readonly string[];
    readonly healthcheck?: object;
    readonly mem_limit?: string;
    readonly command?: readonly string[];
    readonly environment?: Readonly<Record<string, unknown>>;
  }
  const compose = parse(files["compose.yaml"] ?? "", {
    merge: true,
    // Compose's own tag: the value that another file gave is taken away.
    customTags: [{ tag: "!reset", resolve: () => null }],
  }) as { services: Record<string, Service>; networks: { default: unknown } };
  const running = Object.entries(compose.services).filter(([name]) => name !== "configurator");

  it("has the services of frappe_docker and the door's", () => {
    expect(Object.keys(compose.services)).toEqual([
      ...["configurator", "backend", "frontend", "websocket", "queue-short", "queue-long", "scheduler"],
      ...["db", "redis-cache", "redis-queue"],
      ...["deliveries-receiver", "deliveries-receiver-standby", "deliveries-forwarder", "redis-deliveries"],
      ...["caddy", "health", "cloudflared"],
    ]);
  });

  it("lets one transaction go on after another one has changed what it read, as Frappe's code needs it", () => {
    expect(files["mariadb.cnf"]).toMatch(/^\[mariadbd\]\n[^[]*^innodb_snapshot_isolation = OFF$/m);
  });

  it("publishes the door's two ports alone", () => {
    const published = running.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(["caddy 80:80", "caddy 443:443"]);
  });

  it.each(Object.entries(compose.services))("pins the image of %s", (_name, { image = "" }) => {
    expect(image).toMatch(
      /^(\$\{CUSTOM_IMAGE\}:\$\{CUSTOM_TAG\}|[a-z/]+:\d+\.\d+\.\d+(-alpine)?@sha256:[0-9a-f]{64})$/,
    );
  });

  // The database's health check is frappe_docker's own.
  it.each(running.filter(([name]) => name !== "db"))("asks %s how it is", (_name, { healthcheck }) => {
    expect(healthcheck).toMatchObject({ test: expect.any(Array) as unknown, interval: expect.any(String) as unknown });
  });

  it.each(running)("limits the memory of %s", (_name, service) => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  });

  it("keeps the queue on disk, the site's name fixed and passwords in files", () => {
    const { services } = compose;
    expect(services["redis-queue"]?.command).toEqual([
      ...["sh", "/redis.sh"],
      ...["redis-server", "/run/secrets/redis.conf"],
      "--appendonly",
      "yes",
      "--appendfsync",
      "everysec",
    ]);
    expect(services["frontend"]?.environment).toEqual({
      FRAPPE_SITE_NAME_HEADER: "${SITE_NAME}",
      UPSTREAM_REAL_IP_ADDRESS: "172.30.1.64/26",
    });
    expect(services["db"]?.environment).toEqual({
      MYSQL_ROOT_PASSWORD: null,
      MARIADB_ROOT_PASSWORD_FILE: "/run/secrets/database-root-password",
    });
    expect(services["cloudflared"]?.environment).toMatchObject({ TUNNEL_TOKEN_FILE: "/run/secrets/tunnel-token" });
    expect(services["caddy"]?.environment).toMatchObject({ CADDY_GLOBAL: "acme_ca ${ACME_CA}" });
  });
});
