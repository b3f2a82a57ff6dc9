import { dirname } from "node:path";

import { readServerFiles } from "../infra/host-files";
import { FakeGoogle, metadata } from "./test/google";
import { HOST, Sandbox } from "./test/sandbox";

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(90_000);

let sandbox: Sandbox;
let google: FakeGoogle;

beforeEach(async () => {
  sandbox = new Sandbox();
  google = new FakeGoogle();
  await google.start();
  sandbox.program("systemctl", `echo "$*" >>"$ERPNEXT_ROOT/systemctl.log"`);
});

afterEach(() => {
  google.stop();
  sandbox.remove();
});

describe("bootstrap.sh", () => {
  const files = readServerFiles(dirname(HOST));
  const boot = (...args: string[]): ReturnType<Sandbox["run"]> =>
    sandbox.run([`${HOST}/bootstrap.sh`, ...args], google.environment);

  it("unpacks what the digest names, and starts the units", async () => {
    google.change(metadata(files, { CUSTOMER: "acme" }));
    expect(await boot()).toMatchObject({ code: 0 });
    for (const [path, content] of Object.entries(files)) {
      expect(sandbox.read(`opt/erpnext/${path}`)).toBe(content);
    }
    expect(sandbox.read("opt/erpnext/.env")).toBe('CUSTOMER="acme"\n');
    expect(sandbox.read("opt/erpnext/.digest")).toBe(google.attributes["erpnext-digest"]);
    expect((await sandbox.run(["test", "-x", "opt/erpnext/steps/disk.sh"])).code).toBe(0);
    expect(sandbox.read("etc/systemd/system/erpnext-backup.timer")).toBe(files["units/erpnext-backup.timer"]);
    expect(sandbox.read("systemctl.log").trim().split("\n")).toEqual([
      "daemon-reload",
      "enable --quiet erpnext-converge.service erpnext-watch.service",
      "enable --quiet --now erpnext-backup.timer erpnext-restore-proof.timer erpnext-refresh-token.timer erpnext-metrics.timer erpnext-reboot.timer erpnext-subscriptions.timer erpnext-bus-token.timer",
      "start --no-block erpnext-converge.service erpnext-watch.service",
    ]);
  });

  it("enables the units after a boot that was cut short before it could", async () => {
    google.change(metadata(files, { CUSTOMER: "acme" }));
    await boot();
    sandbox.write("systemctl.log", "");
    await boot("unpack");
    expect(sandbox.read("systemctl.log").trim().split("\n")).toEqual([
      "enable --quiet erpnext-converge.service erpnext-watch.service",
      "enable --quiet --now erpnext-backup.timer erpnext-restore-proof.timer erpnext-refresh-token.timer erpnext-metrics.timer erpnext-reboot.timer erpnext-subscriptions.timer erpnext-bus-token.timer",
    ]);
  });

  it("takes away a unit that the release no longer has, and no other", async () => {
    google.change(metadata({ ...files, "units/erpnext-old.timer": "[Timer]\n" }, { CUSTOMER: "acme" }));
    await boot();
    sandbox.write("etc/systemd/system/other.service", "[Unit]\n");
    sandbox.write("systemctl.log", "");
    google.change(metadata(files, { CUSTOMER: "acme" }));
    await boot("unpack");
    expect(sandbox.read("systemctl.log").trim().split("\n").slice(0, 2)).toEqual([
      "disable --quiet --now erpnext-old.timer",
      "daemon-reload",
    ]);
    expect(sandbox.has("etc/systemd/system/erpnext-old.timer")).toBe(false);
    expect(sandbox.has("etc/systemd/system/other.service")).toBe(true);
  });

  it("replaces a release of which a power cut left the names alone", async () => {
    google.change(metadata(files, { CUSTOMER: "acme" }));
    await boot();
    sandbox.write("opt/erpnext/converge.sh", "");
    expect((await boot()).code).toBe(0);
    expect(sandbox.read("opt/erpnext/converge.sh")).toBe(files["converge.sh"]);
    expect((await sandbox.run(["test", "-x", "opt/erpnext/converge.sh"])).code).toBe(0);
  });

  it("changes nothing when metadata and digest differ", async () => {
    google.change(metadata(files, { CUSTOMER: "acme" }));
    await boot("unpack");
    google.change({ "erpnext-env": 'CUSTOMER="other"\n' });
    const outcome = await boot("unpack");
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("it is changing, or someone edited it by hand");
    expect(sandbox.read("opt/erpnext/.env")).toBe('CUSTOMER="acme"\n');
    expect((await sandbox.run(["find", "opt/erpnext-releases", "-name", ".new.*"])).output).toBe("");
  });

  it("refuses a path that leads out of its folder", async () => {
    google.change(metadata({ ...files, "../evil.sh": "echo" }, { CUSTOMER: "acme" }));
    expect((await boot("unpack")).output).toContain('refused the path "../evil.sh"');
    expect(sandbox.has("opt/erpnext")).toBe(false);
  });

  it("keeps three releases", async () => {
    for (const customer of ["a", "b", "c", "d"]) {
      google.change(metadata(files, { CUSTOMER: customer }));
      expect((await boot("unpack")).code).toBe(0);
    }
    expect((await sandbox.run(["bash", "-c", "ls opt/erpnext-releases | wc -l"])).output.trim()).toBe("3");
    expect(sandbox.read("opt/erpnext/.env")).toBe('CUSTOMER="d"\n');
  });
});
