import { dirname } from "node:path";

import { readServerFiles } from "../infra/host-files";
import { FakeGoogle, metadata } from "./test/google";
import { HOST, Sandbox } from "./test/sandbox";
import { until } from "./test/until";

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

describe("watch.sh", () => {
  it("applies changed metadata, answers a request once, and reports how it ended", async () => {
    const files = readServerFiles(dirname(HOST));
    const converge = `#!/bin/bash\necho "$(cat "$ERPNEXT_ROOT/opt/erpnext/.env") \${1:-}" >>"$ERPNEXT_ROOT/converged"\n`;
    const stubs = { ...files, "converge.sh": converge, "backup.sh": "#!/bin/bash\necho 20261123T020000Z-requested\n" };
    google.change(metadata(stubs, { CUSTOMER: "a" }));
    await sandbox.run([`${HOST}/bootstrap.sh`, "unpack"], google.environment);
    const watching = sandbox.run(["timeout", "15", sandbox.path("opt/erpnext/watch.sh")], {
      ...google.environment,
      ERPNEXT_WATCH_SECONDS: "30",
    });
    const asked = (): number => google.requests.filter((request) => request.endsWith("/attributes/")).length;
    await until("it waits for a change", () => asked() === 2);
    google.change(metadata(stubs, { CUSTOMER: "b" }));
    await until("it has converged and waits again", () => sandbox.has("converged") && asked() === 4);
    google.change({ "erpnext-request": '{"backup":"nonce-1"}' });
    await until("it has answered", () => sandbox.has("var/lib/erpnext/request") && asked() === 5);
    google.change({ unrelated: "1" });
    google.change({ "erpnext-request": '{"name":"dance","nonce":"nonce-2","parameters":{}}' });
    await until("it has answered again", () => sandbox.read("var/lib/erpnext/request").endsWith("nonce-2\n"));
    await watching;
    expect(sandbox.read("converged")).toBe('CUSTOMER="b" \n');
    const { requests } = sandbox.status() as unknown as { requests: object[] };
    expect(requests).toEqual([
      {
        name: "backup",
        nonce: "nonce-1",
        state: "done",
        detail: "20261123T020000Z-requested",
        startedAt: expect.any(String) as unknown,
        finishedAt: expect.any(String) as unknown,
      },
      expect.objectContaining({ nonce: "nonce-2", state: "failed" }),
    ]);
  });

  it("brings the facts up to date when nothing changes, and checks every fifth time", async () => {
    const files = readServerFiles(dirname(HOST));
    const note = (what: string): string => `#!/bin/bash\necho "${what} $*" >>"$ERPNEXT_ROOT/ran"\n`;
    google.change(
      metadata({ ...files, "converge.sh": note("converge"), "facts.sh": note("facts") }, { CUSTOMER: "a" }),
    );
    await sandbox.run([`${HOST}/bootstrap.sh`, "unpack"], google.environment);
    const watching = sandbox.run(["timeout", "18", sandbox.path("opt/erpnext/watch.sh")], {
      ...google.environment,
      ERPNEXT_WATCH_SECONDS: "1",
    });
    const ran = (): string[] => (sandbox.has("ran") ? sandbox.read("ran").trim().split("\n") : []);
    await until("it has checked twice", () => ran().filter((line) => line === "converge check").length === 2);
    await watching;
    expect(ran()[0]).toBe("converge check");
    const second = ran().indexOf("converge check", 1);
    expect(
      ran()
        .slice(1, second)
        .every((line) => line === "facts "),
    ).toBe(true);
    expect(second).toBeGreaterThan(2);
  });

  /** Lets it look after a server whose run failed at a step and fails again each time; when it tried again, in seconds. */
  async function tries(failed: string, seconds: number, detail = "no space left"): Promise<readonly number[]> {
    const converge = '#!/bin/bash\ndate +%s.%N >>"$ERPNEXT_ROOT/tried"\nexit 1\n';
    google.change(metadata({ ...readServerFiles(dirname(HOST)), "converge.sh": converge }, { CUSTOMER: "a" }));
    await sandbox.run([`${HOST}/bootstrap.sh`, "unpack"], google.environment);
    const status = { state: "failed", steps: [{ name: failed, state: "failed", detail }] };
    sandbox.write("var/lib/erpnext/status/status.json", JSON.stringify(status));
    await sandbox.run(["timeout", String(seconds), sandbox.path("opt/erpnext/watch.sh")], {
      ...google.environment,
      ERPNEXT_WATCH_SECONDS: "1",
    });
    return sandbox.has("tried") ? sandbox.read("tried").trim().split("\n").map(Number) : [];
  }

  it("tries a failed run again soon, and then after twice as long each time", async () => {
    const times = await tries("image", 20);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times.length).toBeGreaterThanOrEqual(3);
    // bash counts in whole seconds.
    pauses.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(2 ** (index + 1) - 1);
    });
  });

  it.each([
    ["at once while it waits", "30", ""],
    ["after the run that it has begun", "1", "begun\nended\n"],
  ])("stops %s", async (_when, seconds, ran) => {
    const converge = '#!/bin/bash\necho begun >>"$ERPNEXT_ROOT/ran"\nsleep 2\necho ended >>"$ERPNEXT_ROOT/ran"\n';
    google.change(metadata({ ...readServerFiles(dirname(HOST)), "converge.sh": converge }, { CUSTOMER: "a" }));
    await sandbox.run([`${HOST}/bootstrap.sh`, "unpack"], google.environment);
    const watching = sandbox.run(["bash", "-c", "echo $$ >pid; exec opt/erpnext/watch.sh"], {
      ...google.environment,
      ERPNEXT_WATCH_SECONDS: seconds,
    });
    const asked = (): number => google.requests.filter((request) => request.endsWith("/attributes/")).length;
    await until("it waits, or runs", () => (ran === "" ? asked() === 2 : sandbox.has("ran")));
    process.kill(Number(sandbox.read("pid")), "SIGTERM");
    expect((await watching).code).toBe(0);
    expect(sandbox.has("ran") ? sandbox.read("ran") : "").toBe(ran);
  });

  it("does not try a failed migration again", async () => {
    expect(await tries("migrate", 5)).toEqual([]);
  });

  it("goes on with a migration that was cut short, by a reboot or a kill", async () => {
    const [first] = await tries("migrate", 6, "the run was interrupted; it starts again by itself");
    expect(first).toBeGreaterThan(0);
  });
});

describe("steps/secrets.sh", () => {
  beforeEach(() => {
    Object.assign(sandbox.environment, {
      GCP_PROJECT: "acme-erpnext",
      SECRET_PREFIX: "acme-",
      SECRET_KEYS: "automation-api-key database-root-password",
      SECRET_VERSIONS: "automation-api-key=3 database-root-password=1",
    });
    sandbox.install();
  });
  const step = (): ReturnType<Sandbox["run"]> =>
    sandbox.run([sandbox.path("opt/erpnext/steps/secrets.sh")], google.environment);

  it("reads exactly this update's versions, byte for byte, for root alone, and says none", async () => {
    google.secrets["acme-automation-api-key/versions/3"] = "key-three\n";
    google.secrets["acme-database-root-password/versions/1"] = "hunter2-hunter2";
    sandbox.write("run/erpnext/secrets/tunnel-token", "left over");
    const outcome = await step();
    expect(outcome).toEqual({ code: 0, output: "read automation-api-key\nread database-root-password\n" });
    expect(sandbox.read("run/erpnext/secrets/automation-api-key")).toBe("key-three\n");
    expect(sandbox.read("run/erpnext/secrets/database-root-password")).toBe("hunter2-hunter2");
    expect(
      (await sandbox.run(["bash", "-c", "stat -c '%a %n' run/erpnext/secrets run/erpnext/secrets/*"])).output,
    ).toBe(
      [
        "700 run/erpnext/secrets",
        ...["automation-api-key", "database-root-password", "redis-deliveries-password", "redis-password"].map(
          (key) => `400 run/erpnext/secrets/${key}`,
        ),
        "",
      ].join("\n"),
    );
    const inode = (): Promise<string> =>
      sandbox.run(["stat", "-c", "%i", "run/erpnext/secrets/automation-api-key"]).then((o) => o.output);
    const before = await inode();
    expect((await step()).output).toBe("");
    expect(await inode()).toBe(before);
  });

  it("makes Redis two passwords once, and gives each to those who need it", async () => {
    google.secrets["acme-automation-api-key/versions/3"] = "key-three";
    google.secrets["acme-database-root-password/versions/1"] = "hunter2-hunter2";
    expect((await step()).code).toBe(0);
    const of = (path: string): string => sandbox.read(path).trim().replace("requirepass ", "");
    const places = {
      "redis-password": ["redis/redis.conf", "configurator/redis-password"],
      "redis-deliveries-password": [
        ...["redis-deliveries/redis.conf", "receiver/redis-deliveries-password", "forwarder/redis-deliveries-password"],
      ],
    };
    for (const [name, files] of Object.entries(places)) {
      const kept = of(`mnt/erpnext/passwords/${name}`);
      expect(kept).toMatch(/^[0-9a-f]{64}$/);
      expect(files.map((file) => of(`run/erpnext/${file}`))).toEqual(files.map(() => kept));
    }
    expect(of("mnt/erpnext/passwords/redis-password")).not.toBe(of("mnt/erpnext/passwords/redis-deliveries-password"));
    const stat = `stat -c '%a %u:%g %n' run/erpnext/*/redis*.conf run/erpnext/*/redis*password mnt/erpnext/passwords mnt/erpnext/passwords/*`;
    expect((await sandbox.run(["bash", "-c", stat])).output.trim().split("\n")).toEqual([
      "400 999:1000 run/erpnext/redis-deliveries/redis.conf",
      "400 999:1000 run/erpnext/redis/redis.conf",
      "400 1000:1000 run/erpnext/configurator/redis-password",
      "400 1000:1000 run/erpnext/forwarder/redis-deliveries-password",
      "400 1000:1000 run/erpnext/receiver/redis-deliveries-password",
      "400 0:0 run/erpnext/secrets/redis-deliveries-password",
      "400 0:0 run/erpnext/secrets/redis-password",
      "700 0:0 mnt/erpnext/passwords",
      "600 0:0 mnt/erpnext/passwords/redis-deliveries-password",
      "600 0:0 mnt/erpnext/passwords/redis-password",
    ]);
    // A reboot takes what is in tmpfs away; the database's disk keeps its Redis' passwords.
    const before = of("mnt/erpnext/passwords/redis-password");
    await sandbox.run(["rm", "-r", "run/erpnext"]);
    expect((await step()).code).toBe(0);
    expect(of("run/erpnext/redis/redis.conf")).toBe(before);
  });

  it("says which secret is refused and why", async () => {
    google.secrets["acme-automation-api-key/versions/3"] = "key-three";
    const outcome = await step();
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("Secret Manager refused acme-database-root-password version 1: Permission denied");
    expect(outcome.output.trim().split("\n").at(-1)).toBe(
      "the secret acme-database-root-password cannot be read; see the lines above",
    );
  });
});

describe("mark_old_sets", () => {
  const mark = (): ReturnType<Sandbox["bash"]> =>
    sandbox.bash("BACKUP_BUCKET=bucket; SITE_NAME=erp.acme.example; mark_old_sets", ["google.sh"], google.environment);
  const put = (set: string, whole = true): void => {
    google.objects.set(`erp.acme.example/${set}/database.sql.gz`, Buffer.from("x"));
    if (whole) google.objects.set(`erp.acme.example/${set}/manifest.json`, Buffer.from("{}"));
  };
  const days = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `2025010${from + index}T020000Z-nightly`);

  it("marks what seven newer whole sets have replaced, once, and nothing by its age", async () => {
    put("20250103T020000Z-torn", false);
    put("29990101T020000Z-nightly");
    days(1, 7).forEach((set) => {
      put(set);
    });
    // Seven that are whole, years old: the server has made none meanwhile. One of the future does not count.
    expect([await mark(), [...google.marked]]).toEqual([{ code: 0, output: "" }, []]);
    put("20250108T020000Z-nightly");
    expect([await mark(), [...google.marked].sort()]).toEqual([
      { code: 0, output: "" },
      ["database.sql.gz", "manifest.json"].map((file) => `erp.acme.example/20250101T020000Z-nightly/${file}`),
    ]);
    put("20250109T020000Z-nightly");
    put("20250110T020000Z-nightly");
    expect((await mark()).code).toBe(0);
    expect([...google.marked]).toContain("erp.acme.example/20250103T020000Z-torn/database.sql.gz");
    expect(google.requests.filter((line) => line.startsWith("PATCH"))).toHaveLength(google.marked.size);
  });

  it("fails where Google refuses, which the backup survives", async () => {
    days(1, 8).forEach((set) => {
      put(set);
    });
    google.mayMark = false;
    expect((await mark()).code).not.toBe(0);
    expect([...google.marked]).toEqual([]);
  });
});

describe("upload", () => {
  const upload = (): ReturnType<Sandbox["bash"]> =>
    sandbox.bash(
      `mkdir -p "$RUN_DIR"; BACKUP_BUCKET=bucket; upload "$ROOT/dump" "erp.acme.example/set 1/dump" && echo arrived`,
      ["google.sh"],
      google.environment,
    );

  beforeEach(() => {
    sandbox.write("dump", "content");
  });

  it("stores the file and compares what is stored", async () => {
    expect(await upload()).toEqual({ code: 0, output: "arrived\n" });
    expect(google.objects.get("erp.acme.example/set 1/dump")?.toString()).toBe("content");
  });

  it("takes an upload whose answer was lost for what it is", async () => {
    google.objects.set("erp.acme.example/set 1/dump", Buffer.from("content"));
    expect((await upload()).output).toContain("arrived");
  });

  it("fails when the bucket holds something else under that name", async () => {
    google.damaged = 1;
    const outcome = await upload();
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("the bucket stored something else than");
    expect(outcome.output).not.toContain("arrived");
  });
});

describe("refresh-token.sh", () => {
  it("mints a token and hands it to the site through standard input alone", async () => {
    Object.assign(sandbox.environment, { SHOPIFY_APP: "dev-dashboard", SHOP_DOMAIN: "acme.myshopify.com" });
    sandbox.install();
    sandbox.write("run/erpnext/secrets/shopify-client-id", "client-1");
    sandbox.write("run/erpnext/secrets/shopify-api-secret", "shpss_a&b=c");
    sandbox.write("opt/frappe_docker/compose.yaml", "");
    sandbox.program(
      "docker",
      `printf '%s\\n' "$@" >"$ERPNEXT_ROOT/arguments"; env >"$ERPNEXT_ROOT/variables"; cat >"$ERPNEXT_ROOT/input"`,
    );
    const outcome = await sandbox.run([sandbox.path("opt/erpnext/refresh-token.sh")], google.environment);
    expect(outcome).toEqual({ code: 0, output: "the connector has a new token, good for 86399 s\n" });
    expect(google.forms).toEqual(["grant_type=client_credentials&client_id=client-1&client_secret=shpss_a%26b%3Dc"]);
    expect(sandbox.read("input")).toBe('{"access_token":"shpat_new0token"}\n');
    for (const file of ["arguments", "variables"]) {
      expect(sandbox.read(file)).not.toMatch(/shpat_|shpss_/);
    }
    // In memory, for subscriptions.sh.
    const kept = "run/erpnext/secrets/shopify-access-token";
    expect((await sandbox.run(["grep", "-rl", "shpat_new0token", "run", "opt/frappe_docker"])).output).toBe(
      `${kept}\n`,
    );
    expect((await sandbox.run(["stat", "--format=%a", kept])).output).toBe("400\n");
  });

  it("does nothing for an app with a lasting token", async () => {
    sandbox.environment["SHOPIFY_APP"] = "custom";
    sandbox.install();
    expect(await sandbox.run([sandbox.path("opt/erpnext/refresh-token.sh")], google.environment)).toEqual({
      code: 0,
      output: "",
    });
    expect(google.requests).toEqual([]);
  });
});
