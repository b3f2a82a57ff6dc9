import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { killSession, signalSession } from "./processes";
import { type Program, ProgramError } from "./programs/call";
import type { Root } from "./root";

const UNITS = "/etc/systemd/system";

/** Milliseconds between a service's end and its restart; real units say RestartSec, which a test cannot wait for. */
const RESTART_AFTER_MS = 200;

/** How long a unit may take to end when it is stopped (milliseconds); systemd gives 90 seconds. */
const STOP_LIMIT_MS = 10_000;

/** A service that the machine's packages bring, and that is no process here. */
export interface BuiltIn {
  isInstalled(): boolean;
  isActive(): boolean;
  restart(): Promise<void>;
}

export interface SystemdOptions {
  readonly root: Root;
  /** What every unit gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly journal: string;
  readonly builtIns: Readonly<Record<string, BuiltIn>>;
  readonly enabled: { list(): readonly string[]; add(unit: string): void };
}

/** What Google's guest agent runs at every boot: the metadata's `startup-script`, where this machine keeps it. */
export const STARTUP = "google-startup-scripts.service";
const STARTUP_SCRIPT = "/var/lib/google/startup-script";
const STARTUP_UNIT = `[Service]\nType=oneshot\nExecStart=${STARTUP_SCRIPT}\n`;

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number>;
}

/** Units from the machine's own /etc/systemd/system, whose commands really run, each in a session of its own. */
export class Systemd {
  readonly #running = new Map<string, Running>();
  readonly #timers = new Set<string>();
  /** Units that someone stops: these are not restarted. */
  readonly #stopping = new Set<string>();
  /** Units whose turn comes when the boot script has ended. */
  readonly #waiting = new Set<string>();
  readonly #loaded = new Map<string, string>();
  #isOff = false;

  constructor(private readonly options: SystemdOptions) {}

  /** What is enabled is started, as at boot. */
  async boot(startupScript: string): Promise<void> {
    this.#isOff = false;
    this.#reload();
    this.options.root.write(STARTUP_SCRIPT, startupScript);
    chmodSync(this.options.root.at(STARTUP_SCRIPT), 0o755);
    this.#launch(STARTUP);
    for (const unit of this.options.enabled.list()) {
      if (unit in this.options.builtIns) await this.options.builtIns[unit]?.restart();
      else if (unit.endsWith(".service")) this.#startInOrder(unit);
      else this.#timers.add(unit);
    }
  }

  /** Takes the power away: nothing of any unit is left. */
  async powerOff(): Promise<void> {
    this.#isOff = true;
    this.#timers.clear();
    await Promise.all([...this.#running.values()].map(({ child }) => killSession(child.pid ?? 0)));
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  powerOffNow(): void {
    this.#isOff = true;
    for (const { child } of this.#running.values()) signalSession(child.pid ?? 0, "SIGKILL");
  }

  isRunning(unit: string): boolean {
    return this.#running.has(unit) || this.#waiting.has(unit);
  }

  /** The first process of a unit that runs. */
  pidOf(unit: string): number | undefined {
    return this.#running.get(unit)?.child.pid;
  }

  activeTimers(): readonly string[] {
    return [...this.#timers].sort();
  }

  /** Starts a service unless it runs already. @returns the exit code of a oneshot service, once it ended; 0 of others */
  async start(unit: string): Promise<number> {
    const running = this.#running.get(unit) ?? this.#launch(unit);
    return running === undefined || !this.#isOneshot(unit) ? 0 : running.ended;
  }

  /** Runs one command to its end, as ExecStartPre does; throws when it fails. */
  async runOnce(command: string): Promise<void> {
    const { root, environment } = this.options;
    const child = spawn(root.at(command), [], { env: environment, stdio: "ignore", detached: true });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    if (code !== 0) throw new ProgramError(`Job failed: the control process "${command}" exited with error code.`);
  }

  /** Kills all of a service with SIGKILL at once, as `systemctl kill -s KILL` does. */
  async kill(unit: string): Promise<void> {
    const running = this.#running.get(unit);
    if (running === undefined) return;
    await killSession(running.child.pid ?? 0);
    await running.ended;
  }

  readonly program: Program = async ({ args, out, err }) => {
    const flags = args.filter((word) => word.startsWith("-"));
    const [command, ...units] = args.filter((word) => !word.startsWith("-"));
    switch (command) {
      case "daemon-reload":
        this.#reload();
        return 0;
      case "enable":
        units.forEach((unit) => {
          this.#enable(unit, flags.includes("--now"));
        });
        return 0;
      case "start":
      case "restart":
        return this.#startAll(units, { wait: !flags.includes("--no-block"), err });
      case "is-active":
        units.forEach((unit) => {
          out(`${this.#isActive(unit) ? "active" : "inactive"}\n`);
        });
        return units.every((unit) => this.#isActive(unit)) ? 0 : 3;
      case "stop":
        await Promise.all(units.map((unit) => this.#stop(unit)));
        return 0;
      default:
        throw new ProgramError(`Unknown command verb '${command ?? ""}'.`);
    }
  };

  async #startAll(units: readonly string[], how: { wait: boolean; err: (text: string) => void }): Promise<number> {
    let failed = 0;
    for (const unit of units) {
      const builtIn = this.options.builtIns[unit];
      if (builtIn !== undefined) {
        if (!builtIn.isInstalled()) throw new ProgramError(`Failed to start ${unit}: Unit ${unit} not found.`, 5);
        await builtIn.restart();
      } else if (how.wait) {
        const code = await this.start(unit);
        if (code !== 0) how.err(`Job for ${unit} failed because the control process exited with error code.\n`);
        failed ||= code === 0 ? 0 : 1;
      } else if (!this.isRunning(unit)) {
        this.#startInOrder(unit);
      }
    }
    return failed;
  }

  /** SIGTERM to all of it, and SIGKILL to what is left after a while. */
  async #stop(unit: string): Promise<void> {
    const running = this.#running.get(unit);
    if (running === undefined) return;
    this.#stopping.add(unit);
    const session = running.child.pid ?? 0;
    signalSession(session, "SIGTERM");
    const hard = setTimeout(() => {
      signalSession(session, "SIGKILL");
    }, STOP_LIMIT_MS);
    await running.ended;
    clearTimeout(hard);
    await killSession(session);
    this.#stopping.delete(unit);
  }

  /** A unit that comes after the boot script waits for its end. */
  #startInOrder(unit: string): void {
    const before = this.#running.get(STARTUP);
    const after = [...this.#unit(unit).matchAll(/^After=(.*)$/gm)].flatMap(([, names = ""]) => names.split(" "));
    if (before === undefined || !after.includes(STARTUP)) {
      this.#launch(unit);
      return;
    }
    this.#waiting.add(unit);
    void before.ended.then(() => {
      this.#waiting.delete(unit);
      if (!this.#isOff && !this.#running.has(unit)) this.#launch(unit);
    });
  }

  #isActive(unit: string): boolean {
    return this.#running.has(unit) || this.#timers.has(unit) || this.options.builtIns[unit]?.isActive() === true;
  }

  #enable(unit: string, now: boolean): void {
    if (!(unit in this.options.builtIns)) this.#unit(unit);
    this.options.enabled.add(unit);
    if (now && unit.endsWith(".timer")) this.#timers.add(unit);
  }

  #reload(): void {
    this.#loaded.clear();
    if (!this.options.root.has(UNITS)) return;
    for (const entry of readdirSync(this.options.root.at(UNITS), { withFileTypes: true })) {
      if (entry.isFile()) this.#loaded.set(entry.name, this.options.root.read(`${UNITS}/${entry.name}`) ?? "");
    }
  }

  #unit(name: string): string {
    const unit =
      name === STARTUP ? STARTUP_UNIT : (this.#loaded.get(name) ?? this.options.root.read(`${UNITS}/${name}`));
    if (unit === undefined) throw new ProgramError(`Failed to start ${name}: Unit ${name} not found.`, 5);
    this.#loaded.set(name, unit);
    return unit;
  }

  #isOneshot(name: string): boolean {
    return setting(this.#unit(name), "Type") === "oneshot";
  }

  /** Nothing when the unit's condition does not hold. */
  #launch(name: string): Running | undefined {
    const { root, environment, journal } = this.options;
    const unit = this.#unit(name);
    const condition = setting(unit, "ConditionPathExists");
    if (condition !== undefined && !root.has(condition)) return undefined;
    const [program = "", ...args] = (setting(unit, "ExecStart") ?? "").split(" ");
    mkdirSync(journal, { recursive: true });
    const output = openSync(join(journal, `${name}.log`), "a");
    const child = spawn(root.at(program), args, {
      cwd: root.directory,
      env: environment,
      stdio: ["ignore", output, output],
      // A session of its own: what it starts can be found and killed.
      detached: true,
    });
    closeSync(output);
    const ended = new Promise<number>((resolve) => {
      child.once("error", () => {
        resolve(203);
      });
      child.once("exit", (code) => {
        resolve(code ?? 137);
      });
    }).then((code) => {
      this.#running.delete(name);
      if (setting(unit, "Restart") === "always" && !this.#stopping.has(name)) this.#restartLater(name);
      return code;
    });
    const running = { child, ended };
    this.#running.set(name, running);
    return running;
  }

  #restartLater(name: string): void {
    setTimeout(() => {
      if (!this.#isOff && !this.#running.has(name)) this.#launch(name);
    }, RESTART_AFTER_MS).unref();
  }
}

/** A key of a unit file; the last one counts. */
function setting(unit: string, key: string): string | undefined {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].at(-1)?.[1];
}

/** What the machine's units printed, by unit. */
export function readJournal(directory: string): Record<string, string> {
  try {
    const files = readdirSync(directory).map((file) => join(directory, file));
    return Object.fromEntries(files.map((file) => [basename(file, ".log"), readFileSync(file, "utf8")]));
  } catch {
    return {};
  }
}
