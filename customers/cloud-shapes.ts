import type { z } from "zod";
import { text, upperCaseHint } from "./text-shape";

/** Shapes of Google Cloud and Cloudflare. */

/** A Google Cloud project id: 6 to 30 lower case letters, digits and hyphens; starts with a letter, does not end with a hyphen. */
export const gcpProjectId = text({
  pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  kind: "a Google Cloud project id of 6 to 30 lower case letters, digits and hyphens",
  example: "demo-store-erpnext",
  hint: (value) => (/^\d+$/.test(value) ? { which: "is a project's number and not its id" } : upperCaseHint(value)),
});

/** A Google Cloud region, such as europe-west3. */
export const gcpRegion = text({
  pattern: /^[a-z]+-[a-z]+\d{1,2}$/,
  kind: "a Google Cloud region",
  example: "europe-west3",
  hint: (value) => {
    const region = /^([a-z]+-[a-z]+\d{1,2})-[a-z]$/.exec(value)?.[1];
    return region === undefined ? upperCaseHint(value) : { which: "is a zone and not a region", corrected: region };
  },
});

/** Where a bucket of Cloud Storage may lie: a region, a predefined dual-region or a multi-region. */
export const backupLocation = text({
  pattern: /^(?:[a-z]+-[a-z]+\d{1,2}|ASIA|EU|US|ASIA1|EUR[4578]|NAM4)$/,
  kind: "a region, dual-region or multi-region of Cloud Storage",
  example: "EU",
  hint: (value) =>
    /^[a-z]+\d?$/.test(value) ? { which: "is not in capitals", corrected: value.toUpperCase() } : undefined,
});

/** A Google Cloud zone: its region and a letter, such as europe-west3-a. */
export const gcpZone = text({
  pattern: /^[a-z]+-[a-z]+\d{1,2}-[a-z]$/,
  kind: "a Google Cloud zone",
  example: "europe-west3-a",
  hint: (value) =>
    /^[a-z]+-[a-z]+\d{1,2}$/.test(value)
      ? { which: "is a region and not a zone", corrected: `${value}-a` }
      : upperCaseHint(value),
});

/** Arm families of Compute Engine. frappe_docker's compose.yaml pins every service to linux/amd64. */
const ARM = /^(?:t2a|c4a|n4a|a4x)-/;

/** Families that take Hyperdisk only, by Compute Engine's table of disk types; boot and data disk are persistent disks. */
const HYPERDISK_ONLY = /^(?:c4|c4d|n4|n4d|h4d|m4|x4|a4)-/;

/** A Compute Engine machine type of an x86-64 family that takes persistent disks. */
export const machineType = text({
  pattern: /^(?=.{4,63}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/,
  kind: "a machine type of Compute Engine",
  example: "e2-standard-4",
  accepts: (value) => !ARM.test(value) && !HYPERDISK_ONLY.test(value),
  hint: (value) => {
    if (ARM.test(value)) return { which: "is an Arm machine, on which ERPNext's x86-64 images do not start" };
    if (HYPERDISK_ONLY.test(value)) return { which: "takes Hyperdisk only, where the server has persistent disks" };
    return upperCaseHint(value);
  },
});

/** An id of Cloudflare: 32 hexadecimal digits in lower case. Longer values are not printed: API keys have 37 characters, tokens 40. */
export function cloudflareId(what: string, example: string): z.ZodString {
  return text({
    pattern: /^[0-9a-f]{32}$/,
    kind: `${what} of 32 hexadecimal digits`,
    example,
    hint: (value) => (/^[0-9A-Fa-f]{32}$/.test(value) ? upperCaseHint(value) : undefined),
    hides: (value) => value.length > 32,
  });
}
