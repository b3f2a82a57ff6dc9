import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { PluginClient } from "../testing/plugin-client";
import { secret } from "../testing/plugin-client";
import { RunningCloud } from "../testing/running-cloud";

const COMMAND = "command:local:Command";

let running: RunningCloud;
let client: PluginClient;

beforeEach(async () => {
  running = await RunningCloud.start();
  client = await running.connect("command");
});

afterEach(async () => {
  await running.end();
});

it("runs through /bin/sh with its environment, directory and input", async () => {
  const made = await client.create(COMMAND, "greet", {
    create: 'read name; echo "hello $name of $PLACE"; pwd; echo oops >&2',
    environment: { PLACE: "Acme" },
    dir: running.dir,
    stdin: "Ada\n",
  });
  expect(made.plain["stdout"]).toBe(`hello Ada of Acme\n${realpathSync(running.dir)}`);
  expect(made.plain["stderr"]).toBe("oops");
  expect(made.id).toMatch(/^greet[0-9a-f]{8}$/);
  expect(running.cloud.resources()).toEqual([]);
});

it("runs the update, else the create, when an input changes, with the output before", async () => {
  const first = await client.create(COMMAND, "c", {
    create: "echo made",
    update: 'echo "after $PULUMI_COMMAND_STDOUT"',
  });
  const second = await client.update(first, {
    create: "echo made",
    update: 'echo "after $PULUMI_COMMAND_STDOUT"',
    environment: { A: "1" },
  });
  expect(second.plain["stdout"]).toBe("after made");
  const third = await client.update(second, {
    create: 'echo "again ${PULUMI_COMMAND_STDOUT:-nothing}"',
    addPreviousOutputInEnv: false,
  });
  expect(third.plain["stdout"]).toBe("again nothing");
});

it("is replaced when a trigger changes, and updated by anything else", async () => {
  const made = await client.create(COMMAND, "c", { create: "true", triggers: ["a"] });
  expect((await client.diff(made, { create: "true", triggers: ["b"] })).replaces).toEqual(["triggers"]);
  const changed = await client.diff(made, { create: "true # again", triggers: ["a"], environment: { "A-B": "1" } });
  expect([changed.replaces, changed.detailed]).toEqual([[], { create: 4, environment: 0 }]);
});

it("runs its delete with what it was made with, and nothing in a preview", async () => {
  const marker = join(running.dir, "deleted");
  const inputs = { create: `touch ${marker}-made`, delete: 'echo gone > "$MARKER"', environment: { MARKER: marker } };
  await client.previewCreate(COMMAND, "c", inputs);
  expect(existsSync(`${marker}-made`)).toBe(false);
  const made = await client.create(COMMAND, "c", inputs);
  await client.update(made, { ...inputs, create: `touch ${marker}-updated` }, { preview: true });
  expect(existsSync(`${marker}-updated`)).toBe(false);
  await client.delete(made);
  expect(existsSync(marker)).toBe(true);
});

it("fails with the command's own words", async () => {
  await expect(client.create(COMMAND, "c", { create: "echo trying; echo refused >&2; exit 3" })).rejects.toThrow(
    /^exit status 3: running "echo trying; echo refused >&2; exit 3":\n(trying\nrefused|refused\ntrying)$/,
  );
  await expect(client.create(COMMAND, "c", { create: "true", dir: "/no/such/place" })).rejects.toThrow(/ENOENT/);
  expect((await client.check(COMMAND, "c", { create: "true", assetPaths: ["*.txt"] })).failures).toEqual({
    assetPaths: '"assetPaths" is not supported by the sandbox; print what is needed and read "stdout"',
  });
});

it("keeps secret what came secret", async () => {
  const made = await client.create(COMMAND, "c", { create: "true", environment: { TOKEN: secret("hush"), OPEN: "x" } });
  expect(made.marked.secrets).toEqual([["environment", "TOKEN"]]);
});

it("ends, with all that it started, when the engine cancels", async () => {
  const marker = join(running.dir, "survived");
  const waiting = client.create(COMMAND, "c", { create: `(sleep 2; touch ${marker}) & wait` });
  const outcome = expect(waiting).rejects.toThrow(/signal: SIGTERM/);
  await delay(300);
  await client.cancel();
  await outcome;
  await delay(2200);
  expect(existsSync(marker)).toBe(false);
});

it("runs where the engine starts plugins, and tells the operator each line", async () => {
  const heard: LogRequest.AsObject[] = [];
  const engine = new grpc.Server();
  const log: grpc.handleUnaryCall<LogRequest, Empty> = (call, callback) => {
    heard.push(call.request.toObject());
    callback(null, new Empty());
  };
  const unused = Object.fromEntries(Object.keys(EngineService).map((method) => [method, () => undefined]));
  engine.addService(EngineService, { ...unused, log });
  const port = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  // What the launcher leaves.
  const program = join(running.dir, "infra");
  mkdirSync(program);
  mkdirSync(join(running.dir, "callers"), { recursive: true });
  writeFileSync(join(running.dir, "callers", `127.0.0.1:${port}.command`), `${program}\n`);
  const plugin = running.dial("command");
  await plugin.handshake(`127.0.0.1:${port}`);
  const made = await plugin.create(COMMAND, "c", { create: "pwd; echo done", logging: "stdout" });
  expect(made.plain["stdout"]).toBe(`${realpathSync(program)}\ndone`);
  expect(heard.map(({ urn, message }) => [urn.split("::").at(-1), message])).toEqual([
    ["c", realpathSync(program)],
    ["c", "done"],
  ]);
  engine.forceShutdown();
});
