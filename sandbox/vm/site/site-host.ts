import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Clock } from "../../clock";
import { startErpnext, type ErpnextStandIn, type Patches, type QueueName } from "../../erpnext";
import type { RequestLog } from "../../request-log";
import { Kept } from "../root";
import { Assets } from "./assets";
import { MariaDb } from "./mariadb";

export interface SiteHostOptions {
  /** Directory of a named volume's content. */
  readonly volume: (name: string) => string;
  readonly frontendPort: number;
  readonly shopifyUrl: (shopDomain: string) => string;
  /** What was patched in the image that the sandbox's build pretends to make. */
  readonly patches: Patches;
  readonly orderMs?: number;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** A pause between two effects of one bench command (milliseconds), so that it can be cut short between them. */
  readonly benchStepMs: () => number;
}

/** site_config.json of the site. */
export interface SiteConfig {
  readonly db_name: string;
  readonly encryption_key: string;
  readonly maintenance_mode: 0 | 1;
}

/** The worker services, and the queues that host/compose.yaml has each of them serve. */
const WORKERS: Readonly<Record<string, readonly QueueName[]>> = {
  "queue-short": ["short", "default"],
  "queue-long": ["long", "default"],
};

/** What of ERPNext lives in the containers, by which of them run: the database, the web server, workers and scheduler. */
export class SiteHost {
  /** What redis-cache holds of the image's assets. */
  readonly assets = new Assets();
  readonly #services = new Set<string>();
  #frontendTag = "";
  #standIn: ErpnextStandIn | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: SiteHostOptions) {}

  /** The site's ERPNext, while its database and its backend run. */
  get erpnext(): ErpnextStandIn | undefined {
    return this.#standIn;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get benchStepMs(): number {
    return this.options.benchStepMs();
  }

  get database(): MariaDb {
    return new MariaDb(this.options.volume("db-data"));
  }

  /** The directory of a site, or of all. */
  sites(name = ""): string {
    return join(this.options.volume("sites"), name);
  }

  /** Names of the sites that have a configuration. */
  siteNames(): string[] {
    if (!existsSync(this.sites())) return [];
    return readdirSync(this.sites()).filter((name) => existsSync(join(this.sites(name), "site_config.json")));
  }

  config(site: string): Kept<SiteConfig> {
    const fresh: SiteConfig = { db_name: "", encryption_key: "", maintenance_mode: 0 };
    return new Kept<SiteConfig>(join(this.sites(site), "site_config.json"), fresh);
  }

  /** The apps of the image that was configured last. */
  apps(): string[] {
    const file = join(this.sites(), "apps.txt");
    return existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .filter((app) => app !== "")
      : [];
  }

  /** @param tag of the image that the service runs */
  serviceStarted(service: string, tag: string): Promise<void> {
    this.#services.add(service);
    if (service === "frontend") this.#frontendTag = tag;
    return this.settle();
  }

  serviceStopped(service: string): Promise<void> {
    this.#services.delete(service);
    return this.settle();
  }

  isRunning(service: string): boolean {
    return this.#services.has(service);
  }

  /** Brings the stand-in to what runs and what the database holds. */
  settle(): Promise<void> {
    const work = async (): Promise<void> => {
      await this.#settle();
    };
    this.#turn = this.#turn.then(work, work);
    return this.#turn;
  }

  /** Rows of a table; undefined when there is no such table. */
  readonly countRows = (schemaName: string, table: string): number | undefined => {
    const schema = this.database.schema(schemaName);
    if (schema?.hasTables !== true) return undefined;
    const doctype = table.replace(/^tab/, "");
    if (SALES.has(doctype) && !schema.apps.includes("erpnext")) return undefined;
    return this.#standIn?.isUp === true ? this.#standIn.documents(doctype).length : 0;
  };

  async #settle(): Promise<void> {
    const [site] = this.siteNames();
    if (site === undefined || !this.#isServed(site)) {
      await this.#standIn?.close();
      this.#standIn = undefined;
      return;
    }
    this.#standIn ??= await this.#start(site, this.config(site).value);
    if (!this.#standIn.isUp) return;
    this.#standIn.workers.keep(
      Object.keys(WORKERS).flatMap((service, index) => (this.isRunning(service) ? [index] : [])),
    );
  }

  #isServed(site: string): boolean {
    const schema = this.database.schema(this.config(site).value.db_name);
    return this.isRunning("db") && this.isRunning("backend") && schema?.hasTables === true;
  }

  #start(site: string, config: SiteConfig): Promise<ErpnextStandIn> {
    const { shopifyUrl, patches, log, clock, frontendPort, orderMs = 0 } = this.options;
    return startErpnext({
      dir: this.database.directoryOf(config.db_name),
      siteName: site,
      encryptionKey: config.encryption_key,
      shopifyUrl,
      patches,
      orderMs,
      log,
      clock,
      port: frontendPort,
      page: (path) => this.assets.answer(path, this.#frontendTag),
      workers: Object.values(WORKERS),
      appendOnly: true,
      isScheduling: () =>
        this.isRunning("scheduler") &&
        this.#standIn?.documents("System Settings", { enable_scheduler: 1 }).length === 1,
      door: () => {
        if (!this.isRunning("frontend")) return "closed";
        return this.config(site).value.maintenance_mode === 1 ? "maintenance" : "open";
      },
    });
  }
}

const SALES: ReadonlySet<string> = new Set(["Sales Order", "Sales Invoice"]);
