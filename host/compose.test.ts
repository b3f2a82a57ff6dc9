import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { serverEnvironment } from "../infra/server-environment";
import { demoCustomer } from "../infra/testing/demo-customer";
import { ensureCompose } from "../tools/compose";
import { toolOnPath } from "./test/caddy";
import { HOST } from "./test/sandbox";

/** Milliseconds that a build of Compose from Go modules may take on two busy cores. */
const BUILD_LIMIT_MS = 1_800_000;

interface Service {
  readonly image: string;
  readonly pull_policy?: string;
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly ports?: readonly { published: string; target: number; protocol: string; mode: string; host_ip?: string }[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly start_period?: string };
  readonly volumes?: readonly { type: string; source: string; target: string; read_only?: boolean }[];
  readonly read_only?: boolean;
  readonly user?: string;
  readonly entrypoint?: readonly string[] | null;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string; restart?: boolean }>>;
  readonly command?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean; ipam: { config: readonly { subnet: string }[] } }>>;
}

const ENVIRONMENT = serverEnvironment(demoCustomer(), {
  imageRef: `registry/demo-store/erpnext:1.0@sha256:${"d".repeat(64)}`,
  secretPrefix: "demo-store-",
  secretKeys: "tunnel-token",
  secretVersions: "tunnel-token=1",
  backupBucket: "backups",
  accessExpiresAt: "2027-11-23T12:00:00Z",
  healthTokenDigest: "c".repeat(64),
}) as Record<string, string>;

/** scripts/test.ts names there what this machine lacks. */
const withCompose = process.env["TESTS_WITHOUT"]?.includes("Docker Compose") === true ? describe.skip : describe;

withCompose("docker compose config", () => {
  let command: readonly string[] = [];

  beforeAll(async () => {
    ({ command } = await ensureCompose());
  }, BUILD_LIMIT_MS);

  /** Merges as steps/containers.sh does, with the variables of the server's `.env` and no others. */
  function config(files: readonly string[]): { code: number | null; project: Project; error: string } {
    const [binary = "", ...first] = command;
    const { status, stdout, stderr } = spawnSync(binary, [...first, "config", "--format", "json"], {
      cwd: join(HOST, "test/frappe-docker"),
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: "/nonexistent",
        ...ENVIRONMENT,
        CADDY_DIGEST: "caddy",
        HEALTH_DIGEST: "health",
        DATABASE_DIGEST: "database",
        DELIVERIES_DIGEST: "deliveries",
        ORDERS_AT_ONCE: "2",
        COMPOSE_FILE: files.join(":"),
      },
    });
    return { code: status, project: JSON.parse(stdout || "{}") as Project, error: stderr };
  }

  const whole = (): Project => {
    const own = ENVIRONMENT["COMPOSE_FILE"]?.split(":").map((file) => file.replace("/opt/erpnext", HOST)) ?? [];
    const { code, project, error } = config(own);
    expect([code, error]).toEqual([0, ""]);
    return project;
  };
  const lasting = (project: Project): [string, Service][] =>
    Object.entries(project.services).filter(([name]) => name !== "configurator");

  it("has every service, each healthy, limited and restarted", () => {
    const project = whole();
    expect(project.name).toBe("erpnext");
    expect(Object.keys(project.services).sort()).toEqual(
      [
        ...["backend", "caddy", "cloudflared", "configurator", "db", "frontend", "health", "queue-long", "queue-short"],
        ...["redis-cache", "redis-deliveries", "redis-queue", "scheduler", "websocket"],
        ...["deliveries-forwarder", "deliveries-receiver", "deliveries-receiver-standby"],
      ].sort(),
    );
    for (const [name, service] of lasting(project)) {
      expect([name, service.restart, (service.healthcheck?.test.length ?? 0) > 1]).toEqual([
        name,
        "unless-stopped",
        true,
      ]);
      expect([name, Number(service.mem_limit) >= 128 * 1024 ** 2]).toEqual([name, true]);
    }
  });

  it("works on as many orders as it is handed, and has each queue served", () => {
    const { "queue-short": worker, "queue-long": others, "deliveries-forwarder": forwarder } = whole().services;
    expect([worker?.command, others?.command?.at(-1)]).toEqual([["deliveries.worker"], "long,default"]);
    const atOnce = { ORDERS_AT_ONCE: "2" };
    expect([worker?.environment, forwarder?.environment]).toEqual([
      expect.objectContaining(atOnce),
      expect.objectContaining(atOnce),
    ]);
  });

  it("keeps deliveries on disk before they are answered, and gives none up", () => {
    const { command = [], volumes = [] } = whole().services["redis-deliveries"] ?? {};
    expect(command.slice(0, 4)).toEqual(["sh", "/redis.sh", "redis-server", "/run/secrets/redis.conf"]);
    const options = command.join(" ");
    for (const option of ["--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"]) {
      expect(options).toContain(option);
    }
    expect(volumes.map(({ type, target }) => [type, target])).toContainEqual(["volume", "/data"]);
  });

  it("lets what Shopify reaches write nothing but to its Redis", () => {
    const { services } = whole();
    for (const name of ["deliveries-receiver", "deliveries-receiver-standby", "deliveries-forwarder"]) {
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
      expect(services[name]?.volumes?.every(({ read_only: ro }) => ro === true)).toBe(true);
    }
  });

  it("publishes the door's two ports and nothing else", () => {
    const published = Object.entries(whole().services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port.host_ip ?? "*"} ${port.published}:${port.target}/${port.protocol}`),
    );
    expect(published).toEqual(["caddy * 80:80/tcp", "caddy * 443:443/tcp"]);
  });

  it("runs the customer's image, which is never pulled, and pinned ones", () => {
    const images = Object.entries(whole().services).map(([name, { image, pull_policy: policy }]) => [
      name,
      image,
      policy,
    ]);
    const own = (name: string): unknown[] => [name, "demo-store/erpnext:1.0", "never"];
    expect(images).toEqual(
      expect.arrayContaining(
        [
          ...["configurator", "backend", "frontend", "websocket", "queue-short", "queue-long", "scheduler"],
          ...["deliveries-forwarder", "deliveries-receiver", "deliveries-receiver-standby"],
        ].map(own),
      ),
    );
    for (const [name, image, policy] of images.filter(([, image]) => image !== "demo-store/erpnext:1.0")) {
      expect([name, image, policy]).toEqual([
        name,
        expect.stringMatching(/:\d+\.\d+\.\d+(-alpine)?@sha256:[0-9a-f]{64}$/),
        undefined,
      ]);
    }
  });

  it("holds no password, and gives none to a container but as a file", () => {
    const project = whole();
    expect(project.services["db"]?.environment).toEqual({
      MARIADB_ROOT_PASSWORD_FILE: "/run/secrets/database-root-password",
    });
    for (const [name, { environment = {} }] of Object.entries(project.services)) {
      const named = Object.keys(environment).filter((key) => /PASSWORD|TOKEN|SECRET|KEY/.test(key));
      expect([name, named.filter((key) => !/_FILE$|_SHA256$|^SECRET_VERSIONS$/.test(key))]).toEqual([name, []]);
    }
    const secrets = Object.entries(project.services).flatMap(([name, { volumes = [] }]) =>
      volumes.filter(({ source }) => source.startsWith("/run/")).map(({ source, read_only: ro }) => [name, source, ro]),
    );
    expect(secrets).toEqual([
      ["cloudflared", "/run/erpnext/secrets/tunnel-token", true],
      ["configurator", "/run/erpnext/configurator", true],
      ["db", "/run/erpnext/secrets/database-root-password", true],
      // Directories, because a secret that changes is another file; the receiver, which the world reaches, has no key of ERPNext's.
      ["deliveries-forwarder", "/run/erpnext/forwarder", true],
      ["deliveries-receiver", "/run/erpnext/receiver", true],
      ["deliveries-receiver-standby", "/run/erpnext/receiver", true],
      ["redis-cache", "/run/erpnext/redis", true],
      ["redis-deliveries", "/run/erpnext/redis-deliveries", true],
      ["redis-queue", "/run/erpnext/redis", true],
    ]);
  });

  it("keeps frappe_docker's own volumes, commands and order, and adds ours", () => {
    const { services } = whole();
    const places = (name: string): string[] => services[name]?.volumes?.map(({ target }) => target).sort() ?? [];
    expect(places("backend")).toEqual([
      "/home/frappe/backups",
      "/home/frappe/frappe-bench/sites",
      "/opt/erpnext/deliveries",
    ]);
    expect(places("db")).toEqual([
      "/etc/mysql/conf.d/erpnext.cnf",
      "/run/secrets/database-root-password",
      "/var/lib/mysql",
    ]);
    expect(places("redis-queue")).toEqual(["/data", "/redis.sh", "/run/secrets"]);
    // Theirs, and longer than the 30 seconds that theirs gives it: InnoDB's recovery takes more.
    expect(services["db"]?.healthcheck).toMatchObject({
      test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"],
      start_period: "4m0s",
    });
    // Frappe's server has an answer at this path and at no other: asked at "/", it lets the caller wait.
    expect(services["websocket"]?.healthcheck?.test).toContain("http://127.0.0.1:9000/socket.io/");
    expect(services["redis-queue"]?.command).toContain("--appendonly");
    expect(services["frontend"]?.depends_on).toMatchObject({
      backend: { condition: "service_started", restart: true },
      websocket: { condition: "service_started", restart: true },
    });
    expect(services["frontend"]?.environment).toMatchObject({
      BACKEND: "backend:8000",
      FRAPPE_SITE_NAME_HEADER: "erp.demo-store.example",
    });
  });

  it("parts what the world talks to from databases and queues", () => {
    const { services, networks } = whole();
    const subnets = Object.entries(networks).map(([name, { internal = false, ipam }]) => [
      name,
      internal,
      ipam.config[0]?.subnet,
    ]);
    expect(subnets).toEqual([
      ["deliveries", true, "172.30.1.128/26"],
      ["edge", false, "172.30.1.0/26"],
      ["inner", false, "172.30.1.192/26"],
      ["tunnel", false, "172.30.1.64/26"],
    ]);
    expect(services["frontend"]?.environment?.["UPSTREAM_REAL_IP_ADDRESS"]).toBe("172.30.1.64/26");
    const in_ = (network: string): string[] =>
      Object.keys(services).filter((name) => services[name]?.networks?.[network] !== undefined);
    const receivers = ["deliveries-receiver", "deliveries-receiver-standby"];
    expect(
      Object.fromEntries(["edge", "tunnel", "deliveries"].map((network) => [network, in_(network).sort()])),
    ).toEqual({
      edge: ["caddy", ...receivers, "health"],
      tunnel: ["cloudflared", "frontend"],
      deliveries: ["deliveries-forwarder", ...receivers, "redis-deliveries"],
    });
    const outside = ["caddy", "health", "cloudflared", ...receivers, "redis-deliveries"];
    expect(in_("inner").sort()).toEqual(
      Object.keys(services)
        .filter((name) => !outside.includes(name))
        .sort(),
    );
    expect(services["db"]?.networks).toEqual({ inner: null });
  });

  it("takes every capability from each program, and gives back what its start script needs", () => {
    const { services } = whole();
    const added = Object.entries(services).filter(([name, service]) => {
      expect([name, service.cap_drop, service.security_opt]).toEqual([name, ["ALL"], ["no-new-privileges:true"]]);
      return service.cap_add !== undefined;
    });
    expect(Object.fromEntries(added.map(([name, service]) => [name, service.cap_add]))).toEqual({
      caddy: ["NET_BIND_SERVICE"],
      db: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
      health: ["NET_BIND_SERVICE"],
    });
  });

  it("has no Redis without a password, which no argument holds", () => {
    const { services } = whole();
    for (const name of ["redis-cache", "redis-queue", "redis-deliveries"]) {
      const { command = [], user, healthcheck, volumes = [] } = services[name] ?? {};
      expect(command[command.indexOf("redis-server") + 1]).toBe("/run/secrets/redis.conf");
      expect(command.join(" ")).not.toContain("requirepass");
      expect(user).toBe("999:1000");
      expect(healthcheck?.test.join(" ")).toContain("REDISCLI_AUTH=");
      expect(volumes.map(({ target }) => target)).toContain("/run/secrets");
    }
    expect(services["configurator"]).toMatchObject({ entrypoint: ["python3", "-B", "/configure.py"], command: null });
    expect(services["configurator"]?.environment).toMatchObject({
      DB_HOST: "db",
      DB_PORT: "3306",
      REDIS_QUEUE: "redis-queue:6379",
      SOCKETIO_PORT: "9000",
    });
  });

  it("makes a container again for its own configuration, and no other one", () => {
    const { services } = whole();
    const told = Object.entries(services).map(([name, { environment, labels }]) => [
      name,
      environment?.["CONFIG_DIGEST"] ?? labels?.["erpnext.configuration"],
    ]);
    expect(told.filter(([, digest]) => digest !== undefined)).toEqual([
      ["caddy", "caddy"],
      ["db", "database"],
      ["deliveries-forwarder", "deliveries"],
      ["deliveries-receiver", "deliveries"],
      ["deliveries-receiver-standby", "deliveries"],
      ["health", "health"],
      ["queue-short", "deliveries"],
    ]);
  });

  it("is also a project by itself, from which steps/docker.sh opens the door", () => {
    const { code, project } = config([join(HOST, "compose.yaml")]);
    expect(code).toBe(0);
    expect(project.services["caddy"]).toEqual(whole().services["caddy"]);
    expect(project.services["health"]).toEqual(whole().services["health"]);
  });
});

const withCaddy = toolOnPath("caddy") === undefined ? it.skip : it;

withCaddy.each(["Caddyfile", "health.caddy"])("caddy validate takes %s with the container's environment", (file) => {
  const { status, stderr } = spawnSync("caddy", ["validate", "--config", join(HOST, file), "--adapter", "caddyfile"], {
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      HOOK_HOST: ENVIRONMENT["HOOK_HOST"],
      MAX_DELIVERY_BYTES: ENVIRONMENT["MAX_DELIVERY_BYTES"],
      CADDY_GLOBAL: `acme_ca ${ENVIRONMENT["ACME_CA"] ?? ""}`,
    },
  });
  expect([file, status, stderr.split("\n").filter((line) => /"level":"error"/.test(line))]).toEqual([file, 0, []]);
});
