import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MAX_DELIVERY_BYTES } from "../../core/delivery-limit";
import { freePort } from "../../sandbox/ports";
import { HOST } from "./sandbox";
import { until } from "./until";

const SHOP = "acme.myshopify.com";
const SECRET = "secret-of-the-app";
const PASSWORD = "of-redis-deliveries";

/** The receiver of deliveries/ and its Redis, as processes. */
export class Receiver {
  readonly #directory = mkdtempSync(join(tmpdir(), "receiver-"));
  readonly #running: ChildProcess[] = [];
  #redisPort = 0;
  port = 0;

  /** @param packages directory with the client for Redis */
  constructor(private readonly packages: string) {}

  async start(): Promise<void> {
    [this.#redisPort, this.port] = [await freePort(), await freePort()];
    mkdirSync(join(this.#directory, "secrets"));
    writeFileSync(join(this.#directory, "secrets/shopify-api-secret"), SECRET);
    writeFileSync(join(this.#directory, "secrets/redis-deliveries-password"), PASSWORD);
    writeFileSync(join(this.#directory, "redis.conf"), `requirepass ${PASSWORD}\n`);
    this.#run("redis-server", ["redis.conf", "--port", String(this.#redisPort), "--save", ""]);
    this.#run("python3", ["-m", "deliveries.receiver"]);
    await until("redis-server answers", () => this.#redis("PING") === "PONG");
    let isUp = false;
    while (!isUp) {
      isUp = await fetch(`http://127.0.0.1:${this.port}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    }
  }

  /** How many deliveries are kept. */
  kept(): number {
    return Number(this.#redis("ZCARD", "waiting"));
  }

  reset(): void {
    this.#redis("FLUSHALL");
  }

  stop(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #redis(...command: readonly string[]): string {
    const env = { PATH: process.env["PATH"], REDISCLI_AUTH: PASSWORD };
    return spawnSync("redis-cli", ["-p", String(this.#redisPort), ...command], { encoding: "utf8", env }).stdout.trim();
  }

  #run(program: string, args: readonly string[]): void {
    const env = {
      PATH: process.env["PATH"],
      PYTHONPATH: `${this.packages}:${join(HOST, "..")}`,
      PYTHONDONTWRITEBYTECODE: "1",
      LISTEN: `127.0.0.1:${this.port}`,
      REDIS_DELIVERIES: `redis://127.0.0.1:${this.#redisPort}`,
      SHOP_DOMAIN: SHOP,
      MAX_DELIVERY_BYTES: String(MAX_DELIVERY_BYTES),
      SECRETS: join(this.#directory, "secrets"),
    };
    this.#running.push(spawn(program, args, { env, cwd: this.#directory, stdio: "ignore" }));
  }
}

/** The headers of a delivery of a body. */
export function deliveryHeaders(body: Buffer, secret = SECRET): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Shop-Domain": SHOP,
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
    "X-Shopify-Webhook-Id": randomUUID(),
    "X-Shopify-Triggered-At": new Date().toISOString(),
  };
}
