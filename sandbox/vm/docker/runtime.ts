import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { type RunningCaddy, startCaddy } from "../../caddy";
import { ProgramError } from "../programs/call";
import type { Root } from "../root";
import type { SiteHost } from "../site/site-host";
import type { Mount } from "./compose-model";
import { DeliveryPrograms, isListening } from "./delivery-programs";
import type { Container, Runtime } from "./engine";

export interface RuntimeOptions {
  readonly root: Root;
  readonly host: SiteHost;
  /** Where the daemon keeps everything. */
  readonly dataRoot: () => string;
  readonly caddyBinary: string;
  /** Caddy's storage, which holds the sandbox's certificate authority. */
  readonly caddyStorage: string;
  readonly ports: Readonly<
    Record<"http" | "https" | "frontend" | "health" | "redis" | "receiver" | "standby" | "google", number>
  >;
  /** The tunnel that a token leads to; throws when there is none. */
  readonly tunnelOf: (token: string) => string;
  /** The apps of an image, by its id. */
  readonly appsOf: (imageId: string) => readonly string[];
  /** Ends what runs inside of a container. */
  readonly endProcesses: (containerId: string) => void;
}

/** The services of ERPNext itself: what they are together is the site. */
const OF_THE_SITE: ReadonlySet<string> = new Set([
  ...["backend", "frontend", "websocket", "queue-short", "queue-long", "scheduler", "db", "redis-cache", "redis-queue"],
]);

/** What runs in the containers: the door and its status page are real Caddys, ERPNext is the stand-in. */
export class ContainerRuntime implements Runtime {
  readonly #caddys = new Map<string, { readonly running: RunningCaddy; readonly port: number }>();
  readonly deliveries: DeliveryPrograms;
  #tunnelToken: string | undefined;

  constructor(private readonly options: RuntimeOptions) {
    this.deliveries = new DeliveryPrograms({
      ports: options.ports,
      at: (container, path) => this.at(container, path),
      code: () => options.root.at("/var/lib/erpnext/deliveries"),
    });
  }

  /** The tunnel that cloudflared is connected to; undefined when it is not. */
  connectedTunnel(): string | undefined {
    try {
      return this.#tunnelToken === undefined ? undefined : this.options.tunnelOf(this.#tunnelToken);
    } catch {
      return undefined;
    }
  }

  /** What the door printed. */
  doorOutput(): string {
    return this.#caddys.get("caddy")?.running.output() ?? "";
  }

  async start(container: Container): Promise<number | undefined> {
    for (const mount of container.service.volumes) this.#checkMount(mount);
    const { name } = container.service;
    if (container.isOneOff) return undefined;
    if (name === "configurator") return this.configure(container);
    if (name === "caddy") await this.#startCaddy(container, this.#doorEnvironment(container));
    if (name === "health") await this.#startCaddy(container, this.#healthEnvironment(container));
    if (this.deliveries.has(name)) await this.deliveries.start(container);
    if (name === "cloudflared") this.#tunnelToken = this.read(container, "/run/secrets/tunnel-token");
    if (name === "db") {
      const file = container.service.environment["MARIADB_ROOT_PASSWORD_FILE"] ?? "";
      this.options.host.database.initialise(this.read(container, file));
    }
    if (OF_THE_SITE.has(name)) await this.options.host.serviceStarted(name, container.tag);
    return undefined;
  }

  async stop(container: Container): Promise<void> {
    this.options.endProcesses(container.id);
    const { name } = container.service;
    if (container.isOneOff) return;
    await this.#caddys.get(name)?.running.stop();
    this.#caddys.delete(name);
    await this.deliveries.stop(name);
    if (name === "cloudflared") this.#tunnelToken = undefined;
    if (OF_THE_SITE.has(name)) await this.options.host.serviceStopped(name);
  }

  async isHealthy({ service }: Container): Promise<boolean> {
    const caddy = this.#caddys.get(service.name);
    if (caddy !== undefined) return !caddy.running.exited() && (await isListening(caddy.port));
    if (this.deliveries.has(service.name)) return this.deliveries.isRunning(service.name);
    return service.name === "cloudflared" ? this.connectedTunnel() !== undefined : true;
  }

  logs({ service }: Container): string {
    return this.#caddys.get(service.name)?.running.output() ?? this.deliveries.output(service.name);
  }

  /** The server's own configurator, run for real in a bench of the image's apps and the sites of the volume. */
  configure(container: Container): number {
    const bench = this.options.root.at(join("/containers", container.name, "bench"));
    rmSync(bench, { recursive: true, force: true });
    for (const app of this.options.appsOf(container.imageId)) mkdirSync(join(bench, "apps", app), { recursive: true });
    mkdirSync(this.options.host.sites(), { recursive: true });
    symlinkSync(this.options.host.sites(), join(bench, "sites"));
    const { status, stderr } = spawnSync("python3", ["-B", this.at(container, "/configure.py")], {
      cwd: bench,
      encoding: "utf8",
      env: {
        ...container.service.environment,
        PATH: process.env["PATH"],
        SECRETS: this.at(container, "/run/secrets"),
      },
    });
    if (status !== 0) throw new ProgramError(stderr);
    return 0;
  }

  /** A path inside of a container on this machine. */
  at(container: Container, path: string): string {
    const mount = container.service.volumes.find(({ target }) => path === target || path.startsWith(`${target}/`));
    if (mount !== undefined) return join(this.source(mount), path.slice(mount.target.length));
    return this.options.root.at(join("/containers", container.name, path));
  }

  read(container: Container, path: string): string {
    const file = this.at(container, path);
    if (!existsSync(file)) throw new ProgramError(`cat: ${path}: No such file or directory`);
    return readFileSync(file, "utf8");
  }

  source(mount: Mount): string {
    if (mount.source.startsWith("/")) return this.options.root.at(mount.source);
    return this.volume(mount.source);
  }

  /** Directory of a named volume of the one project. */
  volume(name: string): string {
    return join(this.options.root.at(this.options.dataRoot()), "volumes", `erpnext_${name}`, "_data");
  }

  #checkMount(mount: Mount): void {
    if (!mount.mustExist || existsSync(this.source(mount))) return;
    throw new ProgramError(
      `Error response from daemon: invalid mount config for type "bind": bind source path does not exist: ${mount.source}`,
    );
  }

  #doorEnvironment(container: Container): Record<string, string> {
    const { ports } = this.options;
    return {
      ...container.service.environment,
      RECEIVERS: `127.0.0.1:${ports.receiver} 127.0.0.1:${ports.standby}`,
      HEALTH: `127.0.0.1:${ports.health}`,
      HTTP_PORT: String(ports.http),
      HTTPS_PORT: String(ports.https),
      // No ACME server knows the sandbox's names: Caddy signs with its own authority, which the sandbox trusts.
      CADDY_GLOBAL: "local_certs\nskip_install_trust",
    };
  }

  #healthEnvironment(container: Container): Record<string, string> {
    return {
      ...container.service.environment,
      HEALTH_PORT: String(this.options.ports.health),
      STATUS_DIR: this.at(container, "/status"),
    };
  }

  async #startCaddy(container: Container, environment: Readonly<Record<string, string>>): Promise<void> {
    const { caddyBinary, caddyStorage, root, ports } = this.options;
    const { name } = container.service;
    const file = name === "caddy" ? "/etc/caddy/Caddyfile" : "/etc/caddy/health.caddy";
    await this.#caddys.get(name)?.running.stop();
    const running = startCaddy({
      binary: caddyBinary,
      storage: name === "caddy" ? caddyStorage : root.at("/containers/health"),
      dir: root.at(join("/containers", name)),
      configuration: this.read(container, file),
      adapter: "caddyfile",
      environment,
    });
    this.#caddys.set(name, { running, port: name === "caddy" ? ports.https : ports.health });
  }

  /** Its environment, for a command inside of the container. */
  caddyEnvironment(container: Container): Record<string, string> {
    return container.service.name === "caddy" ? this.#doorEnvironment(container) : this.#healthEnvironment(container);
  }
}
