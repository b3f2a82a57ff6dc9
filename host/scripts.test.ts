import { looksLikeSecret } from "../core/secrets";
import { Sandbox } from "./test/sandbox";
import { until } from "./test/until";

const STEPS = [
  ...["disk", "docker", "secrets", "frappe-docker", "image", "containers", "site", "migrate"],
  ...["automation-user", "workers", "door"],
];

/** Every test starts dozens of programs, on machines that are busy. */
jest.setTimeout(30_000);

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => {
  sandbox.remove();
});

describe("lib.sh", () => {
  it("keeps a status that is served with 503 only while it is failed", async () => {
    const begun = await sandbox.bash(`status_begin acme sha256:1 one two; status_step one running`);
    expect(begun).toEqual({ code: 0, output: "" });
    expect(sandbox.status()).toMatchObject({ customer: "acme", digest: "sha256:1", state: "converging", requests: [] });
    expect(sandbox.steps()).toEqual(["one: running", "two: pending"]);
    expect(sandbox.status().steps[0]).toEqual({
      name: "one",
      state: "running",
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    });

    await sandbox.bash(`status_step one failed 'no "space" left'; status_state failed`);
    expect(sandbox.status()).toMatchObject({ state: "failed" });
    expect(sandbox.status().steps[0]).toMatchObject({
      detail: 'no "space" left',
      finishedAt: expect.any(String) as unknown,
    });
    expect(JSON.parse(sandbox.read("var/lib/erpnext/status/failed.json"))).toEqual(sandbox.status());

    await sandbox.bash(`status_begin acme sha256:2 one`);
    expect(sandbox.has("var/lib/erpnext/status/failed.json")).toBe(false);
    expect(sandbox.status().steps).toEqual([{ name: "one", state: "pending" }]);
  });

  it("keeps the five latest requests and the last backup over a new run", async () => {
    await sandbox.bash(`
      for n in 1 2 3 4 5 6; do status_request backup "n$n" running; done
      status_request backup n6 failed "no bucket"; status_backup set-1; status_begin acme sha256:1 one`);
    const { requests, lastBackup } = sandbox.status() as unknown as {
      requests: { nonce: string }[];
      lastBackup: object;
    };
    expect(requests.map(({ nonce }) => nonce)).toEqual(["n2", "n3", "n4", "n5", "n6"]);
    expect(requests[4]).toEqual({
      name: "backup",
      nonce: "n6",
      state: "failed",
      detail: "no bucket",
      startedAt: expect.any(String) as unknown,
      finishedAt: expect.any(String) as unknown,
    });
    expect(lastBackup).toEqual({ set: "set-1", finishedAt: expect.any(String) as unknown });
  });

  it("never tears a status that many write at once", async () => {
    await sandbox.bash(`status_begin acme sha256:1 a b c d
      for s in a b c d; do status_step "$s" running & done; wait`);
    expect(sandbox.steps()).toEqual(["a: running", "b: running", "c: running", "d: running"]);
  });

  it("masks every secret of the server and what has the shape of one", async () => {
    sandbox.write("run/erpnext/secrets/database-root-password", "p*ss[w]ord$1");
    sandbox.write("run/erpnext/secrets/short", "abc");
    sandbox.write(
      "in",
      "x p*ss[w]ord$1 y\nabc shpat_0123abc shpss_9 ya29.a-b_c eyJhbGciOiJIUzI1NiIsInR5cCI.e30\nlast p*ss[w]ord$1",
    );
    const masked = await sandbox.bash(`mask <"$ROOT/in"`);
    expect(masked.output).toBe("x [secret] y\nabc [secret] [secret] [secret] [secret]\nlast [secret]\n");
  });

  it("knows every shape of a secret that the commands know", async () => {
    const token = "a1".repeat(18);
    const shapes = [
      ...[
        "shpat_0123abc",
        `ghp_${token}`,
        `ghs_${token}`,
        `github_pat_${token}`,
        `glpat-${token}`,
        "ya29.a0AfB_byC-xyz",
      ],
      ...[
        "GOCSPX-abcdefghijkl",
        `AIza${token}`,
        `cfut_${token}`,
        "token abcdef1:abcdef2",
        `eyJ${token}.eyJ${token}.sig`,
      ],
      ...["https://user:pw@host.example/", "HTTPS://token@host.example/", "mysql://root:pass@db/x"],
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ];
    expect(shapes.filter((shape) => !looksLikeSecret(shape))).toEqual([]);
    const plain = [
      "ssh://git@github.com/frappe/erpnext",
      "frappe/erpnext@sha256:0123",
      "ops@agency.example",
      "a token",
    ];
    sandbox.write("in", [...shapes, ...plain].join("\n"));
    const { output } = await sandbox.bash(`mask <"$ROOT/in"`);
    const lines = output.trimEnd().split("\n");
    expect(lines.slice(-plain.length)).toEqual(plain);
    expect(lines.slice(0, -plain.length)).toEqual([
      ...Array<string>(shapes.length - 4).fill("[secret]"),
      ...["https://[secret]@host.example/", "HTTPS://[secret]@host.example/", "mysql://[secret]@db/x", "[secret]"],
    ]);
  });

  it("leaves of a progress bar what it showed last, and a line's end as it is", async () => {
    sandbox.write("in", "before\r\nUpdating : [=   ]\rUpdating : [==  ]\rUpdating : [====]\nhalf [=  ]\rhalf [== ]\r");
    const { output } = await sandbox.bash(`mask <"$ROOT/in"`);
    expect(output).toBe("before\r\nUpdating : [====]\nhalf [== ]\r\n");
  });

  it("gives the last five lines as one, without control characters, cut to 600", async () => {
    sandbox.write("log", `0\n1\n\n2\r3\n\u001b[31m4\n5\n`);
    expect((await sandbox.bash(`last_words "$ROOT/log"`)).output).toBe("1 | 2 | 3 | [31m4 | 5");
    sandbox.write("log", "x".repeat(700));
    expect((await sandbox.bash(`LC_ALL=C.UTF-8; last_words "$ROOT/log"`)).output).toBe(`…${"x".repeat(600)}`);
    sandbox.write("log", "");
    expect(await sandbox.bash(`last_words "$ROOT/log"`)).toEqual({ code: 0, output: "" });
  });

  it("ends a command whose time is up, and what it started", async () => {
    const before = Date.now();
    const outcome = await sandbox.bash(`within 1 bash -c 'sleep 30 & wait' || echo "code $?"`);
    expect(outcome.output).toBe("code 124\n");
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it("lets one at a time through its lock, and the holder's own scripts with it", async () => {
    const line = (name: string): string =>
      `with_lock 10 bash -c 'echo ${name} in >>"$ERPNEXT_ROOT/order"; sleep 0.4; echo ${name} out >>"$ERPNEXT_ROOT/order"'`;
    await Promise.all([sandbox.bash(line("a")), sandbox.bash(line("b"))]);
    const order = sandbox.read("order").trim().split("\n");
    expect([order[0]?.[0], order[2]?.[0]]).toEqual([order[1]?.[0], order[3]?.[0]]);
    const nested = await sandbox.bash(`inner() { with_lock 0 echo inside; }; with_lock 0 inner`);
    expect(nested.output).toBe("inside\n");
    const busy = await sandbox.bash(
      `with_lock 0 bash -c '( . "${__dirname}/lib.sh"; ERPNEXT_LOCK_HELD= with_lock 0 true ) || echo "code $?"'`,
    );
    expect(busy.output).toBe("code 75\n");
  });

  it("reads .env as it was written", async () => {
    sandbox.environment["COMPANY_NAME"] = `Ä "quoted" $HOME & 'Söhne' #1 GmbH`;
    sandbox.install();
    const read = await sandbox.run([
      "bash",
      "-c",
      `. opt/erpnext/lib.sh; load_environment; bash -c 'printf %s "$COMPANY_NAME"'`,
    ]);
    expect(read.output).toBe(`Ä "quoted" $HOME & 'Söhne' #1 GmbH`);
  });
});

describe("converge.sh", () => {
  const converge = (...args: string[]): ReturnType<Sandbox["run"]> =>
    sandbox.run([sandbox.path("opt/erpnext/converge.sh"), ...args]);

  beforeEach(() => {
    sandbox.install();
    for (const step of STEPS) {
      sandbox.step(step, `echo "${step}" >>"$ERPNEXT_ROOT/ran"`);
    }
  });

  const ran = (): string[] => (sandbox.has("ran") ? sandbox.read("ran").trim().split("\n") : []);

  it("runs every step in its order and is ready", async () => {
    sandbox.step("migrate", `echo migrate >>"$ERPNEXT_ROOT/ran"; exit 77`);
    expect((await converge()).code).toBe(0);
    expect(ran()).toEqual(STEPS);
    expect(sandbox.status()).toMatchObject({ customer: "acme", digest: `sha256:${"a".repeat(64)}`, state: "ready" });
    expect(sandbox.steps()).toEqual(STEPS.map((step) => `${step}: ${step === "migrate" ? "skipped" : "done"}`));
  });

  it("stops at a failed step with that step's masked last words, and the next run goes on to the end", async () => {
    sandbox.write("run/erpnext/secrets/tunnel-token", "hunter2-hunter2");
    sandbox.step("image", `echo pulling; echo "denied for hunter2-hunter2" >&2; exit 3`);
    const failed = await converge();
    expect(failed.code).toBe(1);
    expect(failed.output).not.toContain("hunter2");
    expect(sandbox.read("var/log/erpnext/image.log")).toBe("pulling\ndenied for [secret]\n");
    expect(sandbox.status()).toMatchObject({ state: "failed" });
    expect(sandbox.status().steps[4]).toMatchObject({
      name: "image",
      state: "failed",
      detail: "pulling | denied for [secret]",
    });
    expect(
      sandbox
        .steps()
        .slice(5)
        .every((step) => step.endsWith(": pending")),
    ).toBe(true);

    sandbox.step("image", "true");
    expect((await converge()).code).toBe(0);
    expect(sandbox.status()).toMatchObject({ state: "ready" });
    expect(sandbox.has("var/lib/erpnext/status/failed.json")).toBe(false);
  });

  it("says so when a step has no last words", async () => {
    sandbox.step("disk", "exit 4");
    await converge();
    expect(sandbox.status().steps[0]?.detail).toBe("ended with code 4 and said nothing");
  });

  it("ends a step whose time is up", async () => {
    const script = sandbox.read("opt/erpnext/converge.sh").replace("[disk]=300", "[disk]=1");
    sandbox.write("opt/erpnext/converge.sh", script);
    sandbox.step("disk", "echo waiting for the disk; sleep 30");
    expect((await converge()).code).toBe(1);
    expect(sandbox.status().steps[0]?.detail).toBe("stopped after 1 s; last words: waiting for the disk");
  });

  it("runs twice, one after the other, when started twice at once", async () => {
    sandbox.step("disk", `echo disk >>"$ERPNEXT_ROOT/ran"; sleep 0.5`);
    const codes = (await Promise.all([converge(), converge()])).map(({ code }) => code);
    expect(codes).toEqual([0, 0]);
    expect(ran()).toEqual([...STEPS, ...STEPS]);
  });

  it("does not look busy after it was killed", async () => {
    sandbox.step("disk", `echo $PPID >/dev/null; kill -TERM "$(cat "$ERPNEXT_ROOT/pid")"; sleep 1`);
    const outcome = await sandbox.run(["bash", "-c", `echo $$ >pid; exec opt/erpnext/converge.sh`]);
    expect(outcome.code).toBe(143);
    expect(sandbox.status()).toMatchObject({ state: "failed" });
    expect(sandbox.status().steps[0]?.detail).toBe("the run was interrupted; it starts again by itself");
  });

  it("is said to be interrupted when it could not say so itself, but not while it goes on", async () => {
    sandbox.step("docker", `touch "$ERPNEXT_ROOT/begun"; sleep 1; kill -KILL "$(cat "$ERPNEXT_ROOT/pid")"`);
    const running = sandbox.run(["bash", "-c", `echo $$ >pid; exec opt/erpnext/converge.sh`]);
    await until("it is at the second step", () => sandbox.has("begun"));
    expect((await converge("killed")).code).toBe(0);
    expect(sandbox.status()).toMatchObject({ state: "converging" });
    await running;
    expect(sandbox.status()).toMatchObject({ state: "converging" });
    expect((await converge("killed")).code).toBe(0);
    expect(sandbox.status()).toMatchObject({ state: "failed" });
    expect(sandbox.steps().slice(0, 3)).toEqual(["disk: done", "docker: failed", "secrets: pending"]);
    expect(sandbox.status().steps[1]?.detail).toBe("the run was interrupted; it starts again by itself");
  });

  it("leaves the status as it was when the disk is full", async () => {
    await converge();
    const before = sandbox.read("var/lib/erpnext/status/status.json");
    sandbox.program(
      "jq",
      `echo '{ "half' ; echo "jq: error: writing output failed: No space left on device" >&2; exit 2`,
    );
    const outcome = await sandbox.bash(`status_state failed || echo kept`);
    expect(outcome.output).toContain("No space left on device\nkept\n");
    expect(sandbox.read("var/lib/erpnext/status/status.json")).toBe(before);
  });

  it("checks the last two steps quietly, and tells when they are lost and found again", async () => {
    await converge();
    sandbox.write("ran", "");
    await converge("check");
    expect(ran()).toEqual(["workers", "door"]);
    sandbox.step("workers", "echo no worker serves short; exit 1");
    await converge("check");
    expect(sandbox.status()).toMatchObject({ state: "failed" });
    expect(sandbox.status().steps[9]).toMatchObject({ state: "failed", detail: "no worker serves short" });
    sandbox.step("workers", "true");
    await converge("check");
    expect(sandbox.status()).toMatchObject({ state: "ready" });
    expect(sandbox.steps()[9]).toBe("workers: done");
  });

  it("does not check what another step broke", async () => {
    sandbox.step("site", "exit 1");
    await converge();
    sandbox.write("ran", "");
    expect((await converge("check")).code).toBe(0);
    expect(ran()).toEqual([""]);
    expect(sandbox.status()).toMatchObject({ state: "failed" });
  });
});
