import { isIP, isIPv4 } from "node:net";

import type { InputCheck } from "./resource-type";
import { isRecord, isUnknown } from "./values";

/** A string of a given form; `means` completes the sentence "… must be". */
export function form(pattern: RegExp, means: string): InputCheck {
  return (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `must be ${means}, not ${shown(value)}`;
}

export function oneOf(...allowed: readonly (string | number)[]): InputCheck {
  return (value) =>
    (typeof value === "string" || typeof value === "number") && allowed.includes(value)
      ? undefined
      : `must be one of ${allowed.map((item) => JSON.stringify(item)).join(", ")}, not ${shown(value)}`;
}

export function between(least: number, most: number): InputCheck {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `must be a number from ${least} to ${most}, not ${shown(value)}`;
}

/** A Compute Engine name (RFC 1035 label). */
export const gceName = form(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "1 to 63 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
);

export const emailAddress = form(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, "an e-mail address");

export const ipv4Range: InputCheck = (value) => {
  const [address = "", bits = "", ...rest] = typeof value === "string" ? value.split("/") : [];
  const fits = isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128);
  return fits && rest.length === 0 ? undefined : `must be an address range such as "10.0.0.0/24", not ${shown(value)}`;
};

/** Who an IAM binding may name (cloud.google.com/iam/docs/principal-identifiers, the forms that end in an identity). */
export const iamMember = form(
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group):[^@\s:]+@[^@\s:]+\.[^@\s:]+|domain:\S+\.\S+|principal(Set)?:\/\/\S+)$/,
  'a principal such as "serviceAccount:name@project.iam.gserviceaccount.com"',
);

export const iamRole = form(
  /^(roles\/[\w.]+|(projects|organizations)\/[\w.-]+\/roles\/[\w.]+)$/,
  'a role such as "roles/viewer"',
);

/** Google Cloud labels: keys begin with a lower-case letter; both parts at most 63 lower-case letters, digits, _ and -. */
export const labels: InputCheck = (value) => {
  if (!isRecord(value)) return `must be a map of labels, not ${shown(value)}`;
  const wrong = Object.entries(value).find(
    ([key, item]) =>
      !/^\p{Ll}[\p{Ll}\d_-]{0,62}$/u.test(key) ||
      (!isUnknown(item) && (typeof item !== "string" || !/^[\p{Ll}\d_-]{0,63}$/u.test(item))),
  );
  return wrong === undefined
    ? undefined
    : `holds a label that Google Cloud refuses: ${JSON.stringify(wrong[0])} = ${shown(wrong[1])} (lower-case letters, digits, "_" and "-", at most 63)`;
};

/** Cloudflare's identifiers of accounts and zones. */
export const cloudflareId = form(/^[0-9a-f]{32}$/, "32 hexadecimal digits");

/** The value as a reader of an error may see it: short, and never the inside of a large text. */
function shown(value: unknown): string {
  const written = JSON.stringify(value);
  return written.length > 120 ? `${written.slice(0, 117)}…` : written;
}
