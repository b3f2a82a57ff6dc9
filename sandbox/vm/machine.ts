import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Clock } from "../clock";
import type { ErpnextStandIn, Patches } from "../erpnext";
import type { RequestLog } from "../request-log";
import { Mounts, type Attachment } from "./disk";
import { dockerProgram } from "./docker/cli";
import type { Execution } from "./docker/compose";
import { Engine } from "./docker/engine";
import { execute } from "./docker/execute";
import { FRAPPE_DOCKER } from "./docker/frappe-docker";
import { ContainerRuntime, type RuntimeOptions } from "./docker/runtime";
import { Firewall } from "./firewall";
import { gitProgram } from "./git";
import { packagePrograms } from "./packages";
import { type Call, type Program, ProgramError } from "./programs/call";
import type { ProgramFaults } from "./programs/faults";
import { writeLaunchers } from "./programs/launchers";
import { ProgramServer } from "./programs/server";
import { Kept, Root } from "./root";
import { SiteHost } from "./site/site-host";
import { Systemd } from "./systemd";

export interface MachineOptions {
  /** Its boot disk. */
  readonly directory: string;
  /** The data disk, where one is attached. */
  readonly attachment: Attachment | undefined;
  /** The metadata's `startup-script`. */
  readonly startupScript: () => string;
  /** Variables that lead the scripts to the sandbox, by the names of docs/server.md. */
  readonly environment: Readonly<Record<string, string>>;
  readonly caddyBinary: string;
  readonly caddyStorage: string;
  readonly ports: RuntimeOptions["ports"];
  readonly shopifyUrl: (shopDomain: string) => string;
  readonly patches: Patches;
  readonly orderMs?: number;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly tunnelOf: (token: string) => string;
  readonly pullRefusal: (reference: string, account: string) => string | undefined;
  readonly appsOf: (imageId: string) => readonly string[];
  readonly benchStepMs: () => number;
  readonly faults: ProgramFaults;
  readonly onCall: (call: Call) => void;
}

interface MachineState {
  readonly packages: Readonly<Record<string, string>>;
  readonly enabled: readonly string[];
  /** Who owns a path, where it was said: the sandbox's user cannot give files away. */
  readonly owners: Readonly<Record<string, string>>;
}

const FRAPPE_DOCKER_URL = "https://sandbox.invalid/frappe_docker.git";

/** A Debian that boots, runs its units for real and has stand-ins for the programs that need a real machine. */
export class Machine {
  readonly root: Root;
  readonly firewall = new Firewall();
  readonly engine: Engine;
  readonly systemd: Systemd;
  readonly #runtime: ContainerRuntime;
  readonly #host: SiteHost;
  readonly #state: Kept<MachineState>;
  readonly #mounts: Mounts;
  readonly #server: ProgramServer;
  readonly #processes = new Map<string, Set<AbortController>>();

  constructor(private readonly options: MachineOptions) {
    const { directory } = options;
    this.root = new Root(join(directory, "root"));
    this.#state = new Kept<MachineState>(join(directory, "machine.json"), { packages: {}, enabled: [], owners: {} });
    this.#mounts = new Mounts(this.root, options.attachment);
    this.#host = new SiteHost({
      ...options,
      frontendPort: options.ports.frontend,
      volume: (name) => this.#runtime.volume(name),
    });
    this.#runtime = new ContainerRuntime({
      ...options,
      root: this.root,
      host: this.#host,
      dataRoot: () => this.engine.dataRoot,
      endProcesses: (id) => {
        this.#processes.get(id)?.forEach((process) => {
          process.abort(new Error("The container stopped."));
        });
      },
    });
    this.engine = new Engine(this.root, this.#runtime);
    this.systemd = new Systemd({
      root: this.root,
      environment: this.environment,
      journal: this.journal,
      builtIns: { "docker.service": this.#dockerUnit() },
      enabled: {
        list: () => this.#state.value.enabled,
        add: (unit) => {
          this.#state.change({ enabled: [...new Set([...this.#state.value.enabled, unit])] });
        },
      },
    });
    this.#server = new ProgramServer({ programs: this.#programs(), faults: options.faults, onCall: options.onCall });
  }

  get journal(): string {
    return join(this.options.directory, "journal");
  }

  get state(): MachineState {
    return this.#state.value;
  }

  get erpnext(): ErpnextStandIn | undefined {
    return this.#host.erpnext;
  }

  connectedTunnel(): string | undefined {
    return this.#runtime.connectedTunnel();
  }

  async stopService(name: string): Promise<void> {
    await this.engine.stopContainer(this.#serviceContainer(name));
  }

  async startService(name: string): Promise<void> {
    await this.engine.startContainer(this.#serviceContainer(name));
  }

  #serviceContainer(name: string): string {
    const container = this.engine.containers().find(({ service, isOneOff }) => service.name === name && !isOneOff);
    if (container === undefined) throw new Error(`the server has no container of ${name}`);
    return container.id;
  }

  waitingDeliveries(): Promise<number> {
    return this.#runtime.deliveries.waiting();
  }

  isCapturing(): Promise<boolean> {
    return this.#runtime.deliveries.isCapturing();
  }

  forwarderOutput(): string {
    return this.#runtime.deliveries.output("deliveries-forwarder");
  }

  doorOutput(): string {
    return this.#runtime.doorOutput();
  }

  /** Whether a disk is mounted at a directory. */
  isMounted(directory: string): boolean {
    return this.#mounts.isMounted(directory);
  }

  async powerOn(): Promise<void> {
    this.#install();
    writeLaunchers(this.#bin, Object.keys(this.#programs()), await this.#server.start());
    this.#mounts.mountAll();
    await this.systemd.boot(this.options.startupScript());
  }

  /** As a power cut: nothing ends in order, and what is in memory is gone. */
  async powerOff(): Promise<void> {
    await this.systemd.powerOff();
    await this.#server.close();
    await this.engine.powerOff();
    this.firewall.clear();
    this.#mounts.unmountAll();
    rmSync(this.root.at("/run"), { recursive: true, force: true });
  }

  powerOffNow(): void {
    this.systemd.powerOffNow();
  }

  get #bin(): string {
    return join(this.options.directory, "bin");
  }

  /** What every program on the machine gets. */
  get environment(): Record<string, string> {
    return {
      PATH: `${this.#bin}:${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
      HOME: this.root.at("/root"),
      LANG: "C.UTF-8",
      ERPNEXT_ROOT: this.root.directory,
      ERPNEXT_FRAPPE_DOCKER_URL: FRAPPE_DOCKER_URL,
      ERPNEXT_DOOR_PORT: String(this.options.ports.https),
      ...this.options.environment,
    };
  }

  /** What is on a new boot disk, and what the kernel shows. */
  #install(): void {
    for (const directory of ["/root", "/run", "/tmp", "/dev/disk/by-id", "/etc/systemd/system"]) {
      mkdirSync(this.root.at(directory), { recursive: true });
    }
    if (!this.root.has("/etc/fstab")) this.root.write("/etc/fstab", "# boot disk\n");
    this.root.write("/etc/os-release", 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n');
    const { attachment } = this.options;
    if (attachment === undefined) return;
    writeFileSync(this.root.at("/dev/sdb"), "");
    const link = this.root.at(attachment.device);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync("../../sdb", link);
  }

  #programs(): Readonly<Record<string, Program>> {
    const packages = {
      installed: () => this.#state.value.packages,
      install: (added: Readonly<Record<string, string>>) => {
        this.#state.change({ packages: { ...this.#state.value.packages, ...added } });
      },
    };
    return {
      ...this.#mounts.programs,
      ...packagePrograms(this.root, packages),
      systemctl: this.systemd.program,
      iptables: this.firewall.program,
      git: gitProgram({ url: FRAPPE_DOCKER_URL, files: FRAPPE_DOCKER }),
      chown: ({ args }) => {
        const [owner = "", ...paths] = args.filter((word) => !word.startsWith("-"));
        const owners = Object.fromEntries(paths.map((path) => [path.replace(this.root.directory, ""), owner]));
        this.#state.change({ owners: { ...this.#state.value.owners, ...owners } });
        return 0;
      },
      docker: dockerProgram({
        root: this.root,
        engine: this.engine,
        isInstalled: () => "docker-ce" in this.#state.value.packages,
        pullRefusal: this.options.pullRefusal,
        hubRefusal: () => undefined,
        execute: (execution, call) => this.#execute(execution, call),
      }),
    };
  }

  /** Runs a command inside of a container, and remembers it until it ends, so that it ends with the container. */
  async #execute(execution: Execution, call: Call): Promise<number> {
    const controller = new AbortController();
    const { id } = execution.container;
    const others = this.#processes.get(id) ?? new Set<AbortController>();
    this.#processes.set(id, others.add(controller));
    const parts = {
      runtime: this.#runtime,
      host: this.#host,
      caddyBinary: this.options.caddyBinary,
      frontendPort: this.options.ports.frontend,
      patches: this.options.patches,
      isWalled: () => this.firewall.rules("DOCKER-USER")?.[0]?.startsWith("--destination 169.254.169.254/32 ") === true,
    };
    try {
      return await execute(parts, { ...execution, signal: controller.signal }, call);
    } finally {
      others.delete(controller);
    }
  }

  /** docker.service: the daemon, with what its drop-in says about it. */
  #dockerUnit() {
    const dropIn = "/etc/systemd/system/docker.service.d/erpnext.conf";
    return {
      isInstalled: () => "docker-ce" in this.#state.value.packages,
      isActive: () => this.engine.isActive(),
      restart: async () => {
        const settings = this.root.read(dropIn) ?? "";
        const [, directory] = /^RequiresMountsFor=(.*)$/m.exec(settings) ?? [];
        if (directory !== undefined && !this.#mounts.isMounted(directory)) {
          throw new ProgramError("A dependency job for docker.service failed. See 'journalctl -xe' for details.");
        }
        const [, before] = /^ExecStartPre=(.*)$/m.exec(settings) ?? [];
        if (before !== undefined) await this.systemd.runOnce(before);
        await this.engine.start();
      },
    };
  }
}
