import { join } from "node:path";

import { HOST, Sandbox } from "./test/sandbox";

const IMAGE = "europe-docker.pkg.dev/p/acme/erpnext:1.0@sha256:1";

/** As Docker answers while the database restarts again and again: Compose gives up what waits for it. */
const DOCKER = `
case "$*" in
*"compose up"*) echo "dependency failed to start: container erpnext-db-1 is unhealthy" >&2; exit 1 ;;
*"ps --all --quiet"*) echo "id-\${!#}" ;;
inspect*id-db) echo starting ;;
inspect*id-health | inspect*id-caddy | inspect*id-redis*) echo healthy ;;
inspect*) echo created ;;
*"logs"*" db") echo "db-1  | Unable to backup system database" ;;
*logs*) echo "an unwanted log" ;;
esac`;

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  Object.assign(sandbox.environment, { IMAGE_REF: IMAGE, CUSTOM_TAG: "1.0", CUSTOM_IMAGE: "acme/erpnext" });
  sandbox.install();
  sandbox.write("opt/frappe_docker/compose.yaml", "");
});

afterEach(() => {
  sandbox.remove();
});

it("tells what the container said that Compose gave up waiting for, and nothing of those that were never started", async () => {
  sandbox.program("docker", DOCKER);
  const { code, output } = await sandbox.run([sandbox.path("opt/erpnext/steps/containers.sh")]);
  expect(code).toBe(1);
  expect(output.trim().split("\n")).toEqual([
    "dependency failed to start: container erpnext-db-1 is unhealthy",
    "db-1  | Unable to backup system database",
    "db is starting",
    "Compose did not start every container; see the lines above",
  ]);
});

it.each([
  ["with its tag", "registry.example:5000/acme/erpnext:1.0"],
  ["without a tag, at a registry with a port", "registry.example:5000/acme/erpnext"],
])("takes the image by its digest: a reference %s", async (_, name) => {
  sandbox.environment["IMAGE_REF"] = `${name}@sha256:1`;
  sandbox.install();
  sandbox.program("docker", `echo "$*" >>"$ERPNEXT_ROOT/calls"`);
  expect((await sandbox.run([sandbox.path("opt/erpnext/steps/image.sh")])).code).toBe(0);
  expect(sandbox.read("calls").trim().split("\n")).toEqual([
    "image inspect registry.example:5000/acme/erpnext@sha256:1",
    "tag registry.example:5000/acme/erpnext@sha256:1 acme/erpnext:1.0",
  ]);
});

it("gives Compose another digest for the door and none for the database when the Caddyfile changes", async () => {
  sandbox.program(
    "docker",
    `[[ "$*" != *"compose up"* ]] || echo "$CADDY_DIGEST $HEALTH_DIGEST $DATABASE_DIGEST"; exit 1`,
  );
  const digests = async (): Promise<string[]> => {
    const { output } = await sandbox.run([sandbox.path("opt/erpnext/steps/containers.sh")]);
    return (output.split("\n")[0] ?? "").split(" ");
  };
  const [caddy, ...others] = await digests();
  expect([caddy, ...others]).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{16}$/)));
  sandbox.write("opt/erpnext/Caddyfile", "# another one\n");
  const [changed, ...same] = await digests();
  expect(changed).not.toBe(caddy);
  expect(same).toEqual(others);
});

it("gives every process of the bench Redis with its password, at once, and keeps what bench wrote there", async () => {
  for (const app of ["frappe", "erpnext", ".cache"]) sandbox.write(`bench/apps/${app}/__init__.py`, "");
  sandbox.write(
    "bench/sites/common_site_config.json",
    JSON.stringify({ maintenance_mode: 1, redis_queue: "redis://old" }),
  );
  sandbox.write("secrets/redis-password", "f00d");
  const environment = {
    SECRETS: sandbox.path("secrets"),
    ...{ DB_HOST: "db", DB_PORT: "3306", SOCKETIO_PORT: "9000" },
    ...{ REDIS_CACHE: "redis-cache:6379", REDIS_QUEUE: "redis-queue:6379" },
  };
  const program = `cd bench && python3 -B "${join(HOST, "bench/configure.py")}" && stat -c %a sites/*`;
  expect(await sandbox.run(["bash", "-c", program], environment)).toEqual({ code: 0, output: "644\n600\n" });
  expect(sandbox.read("bench/sites/apps.txt")).toBe("erpnext\nfrappe\n");
  expect(JSON.parse(sandbox.read("bench/sites/common_site_config.json"))).toEqual({
    maintenance_mode: 1,
    db_host: "db",
    db_port: 3306,
    redis_cache: "redis://:f00d@redis-cache:6379",
    redis_queue: "redis://:f00d@redis-queue:6379",
    redis_socketio: "redis://:f00d@redis-queue:6379",
    socketio_port: 9000,
    chromium_path: "/usr/bin/chromium-headless-shell",
  });
});

it("tells a registry that is out of reach from one that refuses the server", async () => {
  sandbox.environment["IMAGE_REF"] = "registry.example/acme/erpnext:1.0@sha256:1";
  sandbox.install();
  sandbox.program("curl", `echo '{"access_token":"ya29.machine"}'`);
  sandbox.program(
    "docker",
    `[[ $1 != login ]] || { cat >/dev/null; echo "WARNING! kept in a file" >&2; echo "Get https://registry.example/v2/: i/o timeout" >&2; }; exit 1`,
  );
  expect(await sandbox.run([sandbox.path("opt/erpnext/steps/image.sh")])).toEqual({
    code: 1,
    output:
      "the server cannot log in at the registry registry.example: Get https://registry.example/v2/: i/o timeout\n",
  });
});
