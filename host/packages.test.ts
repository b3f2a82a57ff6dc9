import { spawnSync } from "node:child_process";

import { toolOnPath } from "./test/caddy";
import { Sandbox } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(60_000);

/** What a Debian package is, as far as the step asks; `apt-get` refuses as the real one does while dpkg's journal holds something. */
const DPKG_QUERY = `[[ "$*" != *Version* ]] || cat "$ERPNEXT_ROOT/installed" 2>/dev/null`;
const APT_GET = `
if [[ -n $(ls "$ERPNEXT_ROOT/var/lib/dpkg/updates") ]]; then
  echo "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem." >&2
  exit 100
fi
echo "apt-get \${*: -1}" >>"$ERPNEXT_ROOT/ran"
[[ "$*" != *docker-ce* ]] || printf '5:28.5.2-1~debian.12~bookworm' >"$ERPNEXT_ROOT/installed"`;

/** The lock is someone else's the first time. */
const DPKG = `
echo "dpkg $*" >>"$ERPNEXT_ROOT/ran"
if [[ ! -e $ERPNEXT_ROOT/tried ]]; then touch "$ERPNEXT_ROOT/tried"; exit 2; fi
rm -f "$ERPNEXT_ROOT"/var/lib/dpkg/updates/*`;

const DOCKER = `[[ "$*" != *DockerRootDir* ]] || printf '%s/mnt/erpnext/docker' "$ERPNEXT_ROOT"`;

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.install();
  sandbox.write("etc/os-release", "VERSION_CODENAME=bookworm\n");
  sandbox.write("etc/apt/keyrings/docker.asc", "a key that is there");
  sandbox.program("dpkg-query", DPKG_QUERY);
  sandbox.program("apt-get", APT_GET);
  sandbox.program("dpkg", DPKG);
  sandbox.program("docker", DOCKER);
  sandbox.program("systemctl", "");
  sandbox.program("iptables", "");
});
afterEach(() => {
  sandbox.remove();
});

const step = (): ReturnType<Sandbox["run"]> => sandbox.run(["bash", sandbox.path("opt/erpnext/steps/docker.sh")]);

it("finishes an installation that the power cut off, for which apt-get would wait for someone", async () => {
  sandbox.write("var/lib/dpkg/updates/0000", "Package: libksba8\n");
  expect(await step()).toEqual({ code: 0, output: "" });
  expect(sandbox.read("ran").trim().split("\n")).toEqual([
    "dpkg --force-confdef --force-confold --configure -a",
    "dpkg --force-confdef --force-confold --configure -a",
    "apt-get -qq",
    "apt-get docker-compose-plugin",
  ]);
});

it("takes Docker's key alone: apt would trust a second one in its file as well", async () => {
  await sandbox.run(["mkdir", "-p", sandbox.path("var/lib/dpkg/updates")]);
  const right = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";
  const key = (fingerprint: string): string =>
    `pub:-:4096:1:8D81803C0EBFCD88:::::::scSC:\nfpr:::::::::${fingerprint}:\n`;
  const sub = `sub:-:4096:1:7EA0A9C3F273FCD8:::::::s:\nfpr:::::::::${"A".repeat(40)}:\n`;
  sandbox.program("curl", `touch "\${@: -2:1}"`);
  const outcomes: string[] = [];
  for (const keys of [key(right) + sub + key("B".repeat(40)), key("B".repeat(40)), "", key(right) + sub]) {
    await sandbox.run(["rm", "-f", sandbox.path("etc/apt/keyrings/docker.asc")]);
    sandbox.program("gpg", `printf '${keys.replaceAll("\n", "\\n")}'`);
    outcomes.push((await step()).output.trim().replace(/^.*(?=is not)/, ""));
  }
  expect(outcomes).toEqual([
    `is not Docker's key alone but ${right} ${"B".repeat(40)}`,
    `is not Docker's key alone but ${"B".repeat(40)}`,
    "is not Docker's key alone but no key",
    "",
  ]);
});

it("lets Debian's and Docker's security updates in, within the pinned major version", async () => {
  await sandbox.run(["mkdir", "-p", sandbox.path("var/lib/dpkg/updates")]);
  expect(await step()).toEqual({ code: 0, output: "" });
  const configuration = sandbox.read("etc/apt/apt.conf.d/52erpnext");
  expect(configuration.match(/"origin=\w+/g)).toEqual(['"origin=Debian', '"origin=Debian', '"origin=Docker']);
  expect(configuration).toContain('APT::Periodic::Unattended-Upgrade "1";');
  // apt takes no other way out than an error for what it cannot read.
  if (toolOnPath("apt-config") !== undefined) {
    const { status } = spawnSync("apt-config", ["-c", sandbox.path("etc/apt/apt.conf.d/52erpnext"), "dump"]);
    expect(status).toBe(0);
  }
  expect(sandbox.read("etc/apt/preferences.d/docker")).toContain("Pin: version 5:28.*");
});

it("has no business with dpkg otherwise, nor with apt-get a second time", async () => {
  await sandbox.run(["mkdir", "-p", sandbox.path("var/lib/dpkg/updates")]);
  expect(await step()).toEqual({ code: 0, output: "" });
  expect(await step()).toEqual({ code: 0, output: "" });
  expect(sandbox.read("ran").trim().split("\n")).toEqual(["apt-get -qq", "apt-get docker-compose-plugin"]);
});
