import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

import { UserError } from "../../../core/user-error";
import type { Customer } from "../../../customers/schema";

/** Values of a stack's configuration by key. */
export type ConfigValues = Readonly<Record<string, string>>;

/** A credential that someone has to give; never in a file of the project, never an argument of a command. */
export interface CredentialSpec {
  /** Key of the stack's configuration. */
  readonly key: string;
  /** The environment variable it is taken from. */
  readonly variable: string;
  /** Of which kind of app alone; undefined: always. */
  readonly app?: Customer["shopify"]["app"];
  /** The one that is no secret. */
  readonly plain?: true;
  /** May be left out. */
  readonly optional?: true;
  /** What it is and where it stands. */
  readonly what: string;
}

export const CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: "shopifyClientId",
    variable: "SHOPIFY_CLIENT_ID",
    app: "dev-dashboard",
    plain: true,
    what: "Client ID of the app (Dev Dashboard, the app's Settings)",
  },
  {
    key: "shopifyAdminToken",
    variable: "SHOPIFY_ADMIN_TOKEN",
    app: "custom",
    what: "Admin API access token of the app (starts with shpat_; Shopify shows it once)",
  },
  {
    key: "shopifyApiSecret",
    variable: "SHOPIFY_API_SECRET",
    what: "API secret key, or client secret, of the same app; it signs the webhooks",
  },
  {
    key: "cloudflare:apiToken",
    variable: "CLOUDFLARE_API_TOKEN",
    optional: true,
    what: "API token of Cloudflare for the account and the zone",
  },
];

/** The credentials that a customer with this kind of app has. */
export function credentialsFor(app: Customer["shopify"]["app"]): readonly CredentialSpec[] {
  return CREDENTIALS.filter((spec) => spec.app === undefined || spec.app === app);
}

/** Secrets that no person needs to know, with their length in bytes; written as hexadecimal digits. */
const GENERATED = {
  automationApiKey: 16,
  automationApiSecret: 32,
  databaseRootPassword: 32,
  administratorPassword: 16,
} as const;

/** Those that are not there yet, made up. What exists is kept: a database cannot be opened with another password. */
export function generatedSecrets(existing: ConfigValues): ConfigValues {
  const absent = Object.entries(GENERATED).filter(([key]) => (existing[key] ?? "").trim() === "");
  return Object.fromEntries(absent.map(([key, bytes]) => [key, randomBytes(bytes).toString("hex")]));
}

/** What a credential is refused for, as far as its form tells; never shows it. */
export function credentialFault(key: string, value: string): string | undefined {
  if (value === "") return `"${key}" is empty: paste the value`;
  if (/\s/.test(value)) return `"${key}" has blanks in it: paste the value alone`;
  if (key === "shopifyAdminToken" && value.startsWith("shpss_")) {
    return `"${key}" holds an API secret (shpss_), not the Admin API access token: paste the one that starts with shpat_`;
  }
  if (key === "shopifyAdminToken" && !value.startsWith("shpat_")) {
    return `"${key}" is no Admin API access token of an app: paste the one that starts with shpat_`;
  }
  if (key === "shopifyApiSecret" && value.startsWith("shpat_")) {
    return `"${key}" holds an access token (shpat_), not the API secret key: paste the other of the two`;
  }
  if (key === "shopifyClientId" && /^shp[a-z]{2}_/.test(value)) {
    return `"${key}" holds a secret, not the client id: paste the client id, 32 hexadecimal digits`;
  }
  return undefined;
}

/** Where credentials come from without a prompt. */
export interface CredentialSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `key=path` of every `--secret-file`. */
  readonly files: readonly string[];
}

/** Files go before the environment, since they were named for this very run. @throws UserError */
export function givenCredentials({ environment, files }: CredentialSources): ConfigValues {
  const named = CREDENTIALS.map(({ key, variable }) => [key, (environment[variable] ?? "").trim()] as const);
  const fromEnvironment = Object.fromEntries(named.filter(([, value]) => value !== ""));
  const given = { ...fromEnvironment, ...Object.fromEntries(files.map(readSecretFile)) };
  for (const [key, value] of Object.entries(given)) {
    const fault = credentialFault(key, value);
    if (fault === undefined) continue;
    const [what = "", next = ""] = fault.split(": ");
    throw new UserError({ what, next: next.replace("paste", "give") });
  }
  return given;
}

/** The longest secret file that is read (bytes); a credential has about fifty. */
const LARGEST_FILE = 4096;

function readSecretFile(argument: string): readonly [key: string, value: string] {
  const [, key = "", path = ""] = /^([^=]+)=(.+)$/.exec(argument) ?? [];
  const keys = CREDENTIALS.map((spec) => spec.key);
  if (!keys.includes(key)) {
    // The argument itself may be a secret that was given by mistake.
    const what = '"--secret-file" does not start with a known key';
    throw new UserError({ what, next: `write <key>=<path> with one of the keys ${keys.join(", ")}` });
  }
  const refuse = (why: string, next: string): never => {
    throw new UserError({ what: `the file "${path}" of "${key}" ${why}`, next });
  };
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isFile() !== true) return refuse("is not there", "correct the path");
  const mode = status.mode & 0o777;
  if ((mode & 0o077) !== 0) {
    return refuse(`may be read by others (mode 0${mode.toString(8)})`, `run "chmod 600 ${path}"`);
  }
  if (status.size > LARGEST_FILE) return refuse(`has ${status.size} bytes`, "put the value alone into it");
  return [key, readFileSync(path, "utf8").trim()];
}
