import type { z } from "zod";
import { hasUrlCredentials } from "../core/secrets";
import { text, upperCaseHint, type Hint } from "./text-shape";

/** Shapes of ERPNext and of the image it comes in. */

/**
 * The name of a document of Frappe: 1 to 140 characters, no blanks around it. Frappe refuses < and >; backslashes,
 * backticks and control characters have no spelling that systemd, the shell and Compose read alike in the server's `.env`.
 */
export function frappeName(kind: string, example: string): z.ZodString {
  return text({
    pattern:
      /^[^\s<>\\`\u0000-\u001f\u007f-\u009f](?:[^<>\\`\u0000-\u001f\u007f-\u009f]{0,138}[^\s<>\\`\u0000-\u001f\u007f-\u009f])?$/,
    kind: `${kind} of 1 to 140 characters without <, >, backslashes and backticks`,
    example,
    hint: (value) => (value.trim() !== value ? { which: "has blanks around it", corrected: value.trim() } : undefined),
  });
}

/** A company's abbreviation. ERPNext ends the name of every account, warehouse and cost center with it, so it is short. */
export const abbreviation = text({
  pattern: /^[A-Za-z0-9]{1,10}$/,
  kind: "an abbreviation of 1 to 10 letters and digits",
  example: "DSG",
});

/** Tags that people move from image to image, whole or followed by a variant such as -slim. */
const MOVING_WORDS =
  "latest stable develop development edge nightly main master head trunk dev beta alpha rc next current release lts test testing staging prod production live";
const MOVING_TAG = new RegExp(
  `^(?:(?:${MOVING_WORDS.replaceAll(" ", "|")})(?:-[a-z]+)*|v?\\d{1,3}|version-\\d+(?:-[a-z]+)*)$`,
  "i",
);

/** A tag of the OCI distribution specification that names one build; branch names and bare major versions move. */
export const imageTag = text({
  pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
  kind: "an image tag of 1 to 128 letters, digits, dots, hyphens and underscores",
  example: "1.0",
  accepts: (value) => !MOVING_TAG.test(value),
  hint: (value) =>
    MOVING_TAG.test(value) ? { which: "is a moving tag, where a release must name one build for good" } : undefined,
});

/** A digest of the right form. */
export const IMAGE_DIGEST_EXAMPLE = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The digest of an image: what a tag pointed to when it was asked, and what never changes. */
export const imageDigest = text({
  pattern: /^sha256:[0-9a-f]{64}$/,
  kind: "an image digest of sha256: and 64 hexadecimal digits",
  example: IMAGE_DIGEST_EXAMPLE,
  hint: (value) =>
    /^[0-9a-f]{64}$/.test(value)
      ? { which: "lacks its algorithm", corrected: `sha256:${value}` }
      : upperCaseHint(value),
});

const GIT_URL = /^https:\/\/[a-z0-9.-]+(?::\d{2,5})?(?:\/[A-Za-z0-9_.~-]+){2,}$/;

/** The https address of a public git repository, without credentials. */
export const gitUrl = text({
  pattern: GIT_URL,
  kind: "the https address of a git repository",
  example: "https://github.com/frappe/erpnext",
  accepts: (value) => !/\/(?:tree|blob|commit)\/|\/$/.test(value),
  hint: gitUrlHint,
  // Tokens also travel as ?access_token=…
  hides: (value) => value.includes("?") || hasUrlCredentials(value),
});

function gitUrlHint(value: string): Hint | undefined {
  if (hasUrlCredentials(value))
    return { which: "has credentials in it, which every reader of the repository would see" };
  const ssh = /^(?:ssh:\/\/)?git@([^:/]+)[:/](.+)$/.exec(value);
  if (ssh !== null)
    return {
      which: "is an ssh address, for which the build has no key",
      corrected: `https://${ssh[1] ?? ""}/${ssh[2] ?? ""}`,
    };
  if (value.startsWith("http://"))
    return { which: "is not encrypted", corrected: value.replace("http://", "https://") };
  const repository = /^(https:\/\/[^?#]+?)(?:\/(?:tree|blob|commit)\/.*|\/|[?#].*)$/.exec(value)?.[1];
  return repository === undefined ? undefined : { which: "is a page and not a repository", corrected: repository };
}

/** A branch or tag of a git repository, as `git check-ref-format` allows it. */
export const gitBranch = text({
  pattern: /^(?!.*(?:\.\.|\/\/|\.lock$))[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
  kind: "the name of a git branch",
  example: "version-15",
});
