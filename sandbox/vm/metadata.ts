import type { CloudRecord } from "../cloud/records";

const INSTANCE = "gcp:compute/instance:Instance";

export function isInstance(record: CloudRecord): boolean {
  return record.type === INSTANCE;
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
