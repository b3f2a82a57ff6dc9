import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";

import { FrappeClient } from "../clients/frappe";
import type { FrappeApiOptions } from "../clients/frappe-api";
import { ensureCaddy } from "../tools/caddy";
import { ensurePulumi } from "../tools/pulumi";
import { installPlugins } from "./cloud";
import { PulumiRunner, type PulumiRun, type RunOptions } from "./pulumi-runner";
import { settings } from "./vm/cloud-view";
import { requireServerTools } from "./vm/requirements";
import { makeWorkspace } from "./workspace";
import { startWorld, type World, type WorldOptions } from "./world";

export interface SessionOptions extends Omit<WorldOptions, "caddyBinary"> {
  /** Gets what is going on while tools are looked for and built. */
  readonly onProgress?: (line: string, transient: boolean) => void;
  /** Goes on with the working copy and the stack that an earlier session left in the directory. @default both are made */
  readonly again?: boolean;
}

/** The stack, the customer and the intake file of every session. */
export const STACK = "demo-store";

/** A world, a working copy of the program, and the real Pulumi CLI between them. */
export class Session {
  private constructor(
    readonly world: World,
    readonly workspace: string,
    readonly pulumi: PulumiRunner,
  ) {}

  static async open(options: SessionOptions): Promise<Session> {
    requireServerTools();
    const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
    const cli = await ensurePulumi(progress);
    const caddy = await ensureCaddy(progress);
    mkdirSync(options.dir, { recursive: true });
    const project = join(options.dir, "project");
    const workspace = options.again === true ? project : makeWorkspace(project);
    const world = await startWorld({ ...options, caddyBinary: caddy.binary });
    const pulumi = new PulumiRunner({
      cliDirectory: cli.directory,
      workspace,
      dir: options.dir,
      environment: { NODE_EXTRA_CA_CERTS: world.rootCertificate },
    });
    installPlugins(pulumi.home, options.dir);
    const session = new Session(world, workspace, pulumi);
    if (options.again !== true) await session.#createStack();
    return session;
  }

  /** Runs a command of the CLI on the session's stack. */
  run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<PulumiRun> {
    return this.pulumi.run([command, "--stack", STACK, ...args], options);
  }

  /** Runs a command of the operator's, e.g. `operator(["doctor", STACK])`. */
  operator(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
    return this.pulumi.operator(args, options);
  }

  up(args: readonly string[] = [], options: RunOptions = {}): Promise<PulumiRun> {
    return this.run("up", ["--yes", "--skip-preview", ...args], options);
  }

  preview(args: readonly string[] = []): Promise<PulumiRun> {
    return this.run("preview", args);
  }

  refresh(args: readonly string[] = []): Promise<PulumiRun> {
    return this.run("refresh", ["--yes", "--skip-preview", ...args]);
  }

  destroy(args: readonly string[] = [], options: RunOptions = {}): Promise<PulumiRun> {
    return this.run("destroy", ["--yes", "--skip-preview", ...args], options);
  }

  /** The stack's outputs, as a script reads them. */
  async outputs(): Promise<unknown> {
    const { stdout } = await this.pulumi.must(["stack", "output", "--json", "--stack", STACK]);
    return JSON.parse(stdout);
  }

  /** Edits the customer's intake file, keeping its comments. */
  editCustomer(edit: (document: Document) => void): void {
    const file = this.customerFile();
    const document = parseDocument(readFileSync(file, "utf8"));
    edit(document);
    writeFileSync(file, document.toString());
  }

  customerFile(): string {
    return join(this.workspace, "customers", `${STACK}.yaml`);
  }

  setConfig(values: Readonly<Record<string, string>>, kind: "plain" | "secret"): Promise<PulumiRun> {
    const flag = kind === "secret" ? "--secret" : "--plaintext";
    const pairs = Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    return this.pulumi.must(["config", "set-all", "--stack", STACK, ...pairs]);
  }

  /** ERPNext as this project reaches it: through the tunnel, past Access, as the automation user unless another key is given. */
  frappe(key?: Pick<FrappeApiOptions, "apiKey" | "apiSecret">): FrappeClient {
    const { secret } = this.world.stackConfig();
    const [token] = this.world.cloud.resources(
      "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    );
    if (token === undefined) {
      throw new Error("there is no Access service token: the stack is not up");
    }
    const { clientId, clientSecret } = settings(token);
    return new FrappeClient({
      siteUrl: "https://erp.demo-store.example",
      apiUrl: this.world.urls.ui,
      apiKey: secret["automationApiKey"] ?? "",
      apiSecret: secret["automationApiSecret"] ?? "",
      ...key,
      access: { clientId: String(clientId), clientSecret: String(clientSecret) },
    });
  }

  /** Writes a file to `source`, after which the plain CLI works on this session's stack. */
  writeEnvironment(file: string): void {
    const names = Object.keys(this.pulumi.environment).filter((name) =>
      /^(PULUMI_|NODE_EXTRA_CA_CERTS$|PATH$)/.test(name),
    );
    const lines = names.map(
      (name) => `export ${name}='${(this.pulumi.environment[name] ?? "").replaceAll("'", "'\\''")}'`,
    );
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.world.close();
  }

  async #createStack(): Promise<void> {
    const existing = await this.pulumi.run(["stack", "select", STACK]);
    if (existing.code !== 0) {
      await this.pulumi.must(["stack", "init", STACK]);
    }
    const config = this.world.stackConfig();
    await this.setConfig(config.plain, "plain");
    await this.setConfig(config.secret, "secret");
  }
}
