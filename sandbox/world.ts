import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { AccessTeam, TEAM_DOMAIN } from "./access/team";
import { makeCertificateAuthority } from "./caddy";
import { startCloud, type Cloud } from "./cloud";
import { speededClock, type Clock } from "./clock";
import { cloudApiConfig, startCloudApi } from "./cloud-api";
import { startComputeApi } from "./compute-api";
import { startEdge } from "./edge";
import type { Patches } from "./erpnext";
import { freePort, isFree } from "./ports";
import { startRegistry } from "./registry-api";
import { PubSub } from "./pubsub";
import { RequestLog } from "./request-log";
import { credentialsOf, demoShopDomain, startShopify, type Dial, type ShopifyStandIn } from "./shopify";
import { VirtualMachine } from "./vm";
import { reaches, resolveAddress, settings } from "./vm/cloud-view";
import { Internet } from "./workers/internet";
import { Workers } from "./workers/workers";

export interface WorldOptions {
  /** All that the world keeps; the same directory again is the same world. */
  readonly dir: string;
  readonly caddyBinary: string;
  /** How many times as fast as the wall clock; default 1. Shopify's four hours of retries need some speed. */
  readonly clockRate?: number;
  /** What is patched in the image that the world's build makes; default all. */
  readonly patches?: Patches;
  /** What one old order costs a pull of the history (milliseconds); default 0. */
  readonly orderMs?: number;
}

/** Every patch of playbook part 03. */
export const PATCHED: Patches = { statusAny: true, truncate: true, perOrderTry: true, booksApp: true };

/** The stand-ins for two clouds, a shop and a server, wired to each other as the real ones are. */
export interface World {
  readonly dir: string;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly shopify: ShopifyStandIn;
  readonly vm: VirtualMachine;
  readonly pubsub: PubSub;
  /** Cloudflare Access's logins. */
  readonly access: AccessTeam;
  readonly workers: Workers;
  /** Where requests go that mean the server's own door or the pages behind the tunnel. */
  readonly urls: {
    readonly hook: string;
    readonly ui: string;
    readonly shopify: string;
    readonly cloud: string;
    readonly registry: string;
  };
  /** PEM file of the authority that signs the door's certificate. */
  readonly rootCertificate: string;
  /** The stack configuration that points a stack at this world: key to value, secrets apart. */
  stackConfig(): StackConfig;
  close(): Promise<void>;
}

export interface StackConfig {
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
}

/** A caller that shows it to Google may do everything. */
const GOOGLE_TOKEN = "sandbox-google-access-token";

/** The port that the door of a real server listens on; DNS and firewall are asked about this one. */
const HTTPS = 443;

export async function startWorld(options: WorldOptions): Promise<World> {
  const { dir, caddyBinary } = options;
  mkdirSync(dir, { recursive: true });
  const log = new RequestLog();
  const clock = speededClock(options.clockRate ?? 1);
  const caddyStorage = join(dir, "caddy");
  const rootCertificate = await makeCertificateAuthority(caddyBinary, caddyStorage);
  // Commands of a stack run as children of this process, not of the engine; Node reads further authorities when it starts.
  process.env["NODE_EXTRA_CA_CERTS"] = rootCertificate;
  const ports = await choosePorts(dir);
  process.env["GCP_COMPUTE_ENDPOINT"] = `http://127.0.0.1:${ports.compute}`;
  process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] = GOOGLE_TOKEN;
  const cloud = await startCloud({ dir, log });
  const urls = {
    hook: `https://127.0.0.1:${ports.https}`,
    ui: `http://127.0.0.1:${ports.edge}`,
    shopify: `http://127.0.0.1:${ports.shopify}`,
    cloud: `http://127.0.0.1:${ports.cloud}`,
    registry: `http://127.0.0.1:${ports.registry}`,
  };
  const patches = options.patches ?? PATCHED;
  const shopifyUrl = (): string => urls.shopify;
  const pubsub = new PubSub(cloud);
  const vm = new VirtualMachine({
    dir,
    cloud,
    pubsub,
    log,
    clock,
    caddyBinary,
    caddyStorage,
    rootCertificate,
    ports,
    shopifyUrl,
    patches,
    orderMs: options.orderMs ?? 0,
  });
  const dial = dialThroughCloud({ vm, cloud, httpsPort: ports.https, rootCertificate });
  const publish: PubSub["publish"] = (...message) => pubsub.publish(...message);
  const shopify = await startShopify({ dir, log, clock, dial, publish, port: ports.shopify });
  const cloudflare = await openCloudflare({ dir, log, cloud, dial, urls, ports, vm, pubsub });
  const { access, workers } = cloudflare;
  const compute = await startComputeApi({ cloud, log, port: ports.compute });
  const registry = await startRegistry({ store: cloud.registry(), token: GOOGLE_TOKEN, port: ports.registry });
  await vm.start();
  cloud.on("change", (change) => {
    vm.notice(change);
    void workers.notice(change);
  });
  const close = async (): Promise<void> => {
    await shopify.close();
    await cloudflare.close();
    await compute.close();
    await registry.close();
    await vm.close();
    await cloud.close();
  };
  const stand = { dir, log, clock, cloud, shopify, vm, pubsub, access, workers, urls, rootCertificate };
  return { ...stand, stackConfig: () => stackConfig(urls), close };
}

/** The edge with Access and the Workers behind it, and the part of the API that is asked past Pulumi. */
async function openCloudflare(
  means: Pick<World, "dir" | "log" | "cloud" | "urls" | "vm"> & {
    dial: Dial;
    pubsub: PubSub;
    ports: Ports;
  },
) {
  const { dir, log, cloud, ports, vm } = means;
  const access = new AccessTeam(cloud);
  const workers = new Workers({ cloud, dir, internet: internetOf({ ...means, access }) });
  const doors = { port: ports.edge, frontendPort: ports.frontend };
  const connectedTunnel = (): string | undefined => vm.connectedTunnel();
  const edge = await startEdge({ cloud, log, access, workers, ...doors, connectedTunnel });
  const cloudApi = await startCloudApi({ cloud, log, workers, pubsub: means.pubsub, port: ports.cloud });
  const close = async (): Promise<void> => {
    await edge.close();
    await workers.close();
    await cloudApi.close();
  };
  return { access, workers, close };
}

const PORTS = [
  "http",
  "https",
  "frontend",
  "health",
  "redis",
  "receiver",
  "standby",
  "edge",
  "shopify",
  "compute",
  "cloud",
  "google",
  "registry",
] as const;

type Ports = Readonly<Record<(typeof PORTS)[number], number>>;

/**
 * The ports of a world. A stack's configuration and state name them, so a world that is opened again listens where it did.
 * @throws Error when one of those is taken
 */
async function choosePorts(dir: string): Promise<Ports> {
  const file = join(dir, "ports.json");
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Ports;
    for (const name of PORTS) {
      if (!(await isFree(kept[name]))) throw new Error(`port ${kept[name]} (${name}) of the world in ${dir} is taken`);
    }
    return kept;
  }
  const chosen: Partial<Record<(typeof PORTS)[number], number>> = {};
  for (const name of PORTS) chosen[name] = await freePort();
  writeFileSync(file, JSON.stringify(chosen));
  return chosen as Ports;
}

/** Reaches a host as the Internet would: by its DNS-only record, through the firewall, to the server that has the address. */
function dialThroughCloud(means: {
  vm: VirtualMachine;
  cloud: Cloud;
  httpsPort: number;
  rootCertificate: string;
}): Dial {
  return (hostname) => {
    const address = resolveAddress(means.cloud, hostname);
    const { instance } = means.vm;
    if (instance === undefined || !reaches(means.cloud, instance, { address, port: HTTPS })) {
      throw Object.assign(new Error(`connect ETIMEDOUT ${address}:${HTTPS}`), { code: "ETIMEDOUT" });
    }
    return Promise.resolve({
      host: "127.0.0.1",
      port: means.httpsPort,
      ca: readFileSync(means.rootCertificate, "utf8"),
    });
  };
}

/** Names and addresses as a Worker at Cloudflare finds them. */
function internetOf(means: { cloud: Cloud; access: AccessTeam; dial: Dial; urls: World["urls"] }): Internet {
  const { cloud, access, dial, urls } = means;
  const proxied = (): string[] => {
    const records = cloud.resources("cloudflare:index/dnsRecord:DnsRecord").map(settings);
    return records.filter((record) => record["proxied"] === true).map((record) => String(record["name"]));
  };
  return new Internet({
    dial,
    edgeUrl: urls.ui,
    isProxied: (host) => proxied().includes(host),
    edgeHost: () => proxied()[0],
    shopifyUrl: urls.shopify,
    teamDomain: TEAM_DOMAIN,
    certs: () => access.tokens.certs(),
  });
}

function stackConfig(urls: World["urls"]): StackConfig {
  const { custom } = credentialsOf(demoShopDomain);
  return {
    plain: {
      shopifyApiUrl: urls.shopify,
      frappeApiUrl: urls.ui,
      hookUrl: urls.hook,
      edgeUrl: urls.ui,
      registryUrl: urls.registry,
      ...cloudApiConfig(urls.cloud),
    },
    secret: {
      shopifyAdminToken: custom.token,
      shopifyApiSecret: custom.secret,
      automationApiKey: "sandboxautomation",
      automationApiSecret: "sandbox-automation-secret",
      databaseRootPassword: "sandbox-database-password",
      administratorPassword: "sandbox-administrator-password",
      "cloudflare:apiToken": "sandbox-cloudflare-token-0123456789-abcdefghij",
    },
  };
}
