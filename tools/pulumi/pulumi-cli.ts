import { join } from "node:path";
import { requiredVersion } from "../go-build";

/** The module whose go.mod and go.sum pin the CLI. */
export const CLI_MODULE = join(__dirname, "cli");
/** The module that pins the Node.js language host. */
export const LANGUAGE_HOST_MODULE = join(__dirname, "language-host");

/** The pinned version, without a leading v; @pulumi/pulumi in package.json has the same. */
export const PULUMI_VERSION = requiredVersion(CLI_MODULE, "github.com/pulumi/pulumi/pkg/v3");

/** What runs beside the CLI: the Node.js language host, and the launcher of dynamic providers. */
export const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** A Pulumi CLI with all that a Node.js program with dynamic providers needs. */
export interface PulumiCli {
  /** Absolute path of the `pulumi` executable. */
  readonly binary: string;
  /** As in `3.276.0`. */
  readonly version: string;
  /** Absolute path of the directory that holds the binary; to be put first on PATH of what starts it. */
  readonly directory: string;
  readonly origin: "path" | "downloaded" | "built";
}
