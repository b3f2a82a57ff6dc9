import { Sandbox } from "./test/sandbox";

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
*logs*) echo "nobody asked for this log" ;;
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
