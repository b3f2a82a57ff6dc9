import { spawnSync } from "node:child_process";
import { basename } from "node:path";

import { readHostFiles } from "../infra/host-files";
import { toolOnPath } from "./test/caddy";
import { HOST, Sandbox } from "./test/sandbox";

const files = readHostFiles(HOST);
const units = Object.keys(files).filter((path) => path.startsWith("units/"));

/** What systemd itself brings and the units name. */
const SYSTEMDS_OWN = ["network-online.target", "multi-user.target", "timers.target", "sysinit.target", "basic.target"];

const missing = toolOnPath("systemd-analyze") === undefined;
if (missing) {
  process.stderr.write("SKIPPED what systemd says about host/units: there is no systemd-analyze\n");
}
const withSystemd = missing ? it.skip : it;

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => {
  sandbox.remove();
});

/** What systemd has to say about these units where the scripts that they start are in their places. */
function verify(names: readonly string[]): string {
  const paths = names.map((name) => sandbox.path(`etc/systemd/system/${name}`));
  const { error, stderr } = spawnSync("systemd-analyze", [`--root=${sandbox.root}`, "verify", ...paths], {
    encoding: "utf8",
    env: { ...process.env, SYSTEMD_LOG_LEVEL: "warning" },
  });
  if (error !== undefined) throw error;
  return stderr;
}

function putInPlace(): string[] {
  sandbox.install();
  SYSTEMDS_OWN.forEach((name) => {
    sandbox.write(`usr/lib/systemd/system/${name}`, "[Unit]\nDescription=of systemd\n");
  });
  return units.map((path) => {
    sandbox.write(`etc/systemd/system/${basename(path)}`, files[path] ?? "");
    return basename(path);
  });
}

withSystemd("has units that systemd has nothing to say about", () => {
  expect(units).toHaveLength(17);
  expect(verify(putInPlace())).toBe("");
});

withSystemd("would be told a word that systemd does not know, and a time that there is not", () => {
  const names = putInPlace();
  sandbox.write(
    "etc/systemd/system/erpnext-watch.service",
    "[Service]\nExecStart=/opt/erpnext/watch.sh\nKilMode=mixed\n",
  );
  sandbox.write("etc/systemd/system/erpnext-backup.timer", "[Timer]\nOnCalendar=*-*-* 26:00:00\n");
  const said = verify(names);
  expect(said).toMatch(/Unknown key.* 'KilMode'/);
  expect(said).toMatch(/Failed to parse calendar specification.*26:00:00/);
});

it("gives Docker up last: a run that is still under way needs it", () => {
  for (const unit of ["units/erpnext-watch.service", "units/erpnext-converge.service"]) {
    expect(files[unit]).toMatch(/^After=.*\bdocker\.service$/m);
  }
});
