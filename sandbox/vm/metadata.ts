import type { CloudRecord } from "../cloud/records";

/** What the server finds in its metadata; the names are those of components/erpnext-server.ts. */
export interface ServerMetadata {
  readonly digest: string;
  /** Files of host/ by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The variables of `.env`, unquoted. */
  readonly env: Readonly<Record<string, string>>;
  /** Nonce of a backup that was asked for by hand (host/watch.sh). */
  readonly backupNonce?: string;
}

const INSTANCE = "gcp:compute/instance:Instance";

export function isInstance(record: CloudRecord): boolean {
  return record.type === INSTANCE;
}

/** Reads an instance's metadata as its first boot would. Throws when a key is missing: such a server never converges. */
export function readMetadata(instance: CloudRecord): ServerMetadata {
  const metadata = (instance.outputs["metadata"] ?? instance.inputs["metadata"] ?? {}) as Record<string, string>;
  const get = (key: string): string => {
    const value = metadata[key];
    if (value === undefined) {
      throw new Error(`metadata key ${key} is missing`);
    }
    return value;
  };
  if (!get("startup-script").startsWith("#!")) {
    throw new Error("startup-script is no script");
  }
  const request = metadata["erpnext-request"];
  const asked =
    request === undefined ? {} : (JSON.parse(request) as { name?: string; nonce?: string; backup?: string });
  const backup = asked.name === "backup" ? asked.nonce : asked.backup;
  return {
    ...(backup === undefined ? {} : { backupNonce: backup }),
    digest: get("erpnext-digest"),
    files: JSON.parse(get("erpnext-files")) as Record<string, string>,
    env: parseEnv(get("erpnext-env")),
  };
}

/** Parses KEY="value" lines with backslash escapes, as systemd's EnvironmentFile does. */
export function parseEnv(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf("=");
      const raw = line.slice(equals + 1);
      const quoted = /^"(.*)"$/.exec(raw);
      return [line.slice(0, equals), quoted === null ? raw : (quoted[1] ?? "").replace(/\\(.)/g, "$1")];
    }),
  );
}
