import { ensureActionlint } from "../../tools/actionlint";
import { ensureCaddy } from "../../tools/caddy";
import { ensureCompose } from "../../tools/compose";
import type { EnsureOptions } from "../../tools/ensure-options";
import { withPath } from "../../tools/executables";
import { progressTo, type ProgressStream } from "../../tools/progress";
import { ensurePulumi } from "../../tools/pulumi";
import { describeToolError } from "../../tools/tool-error";
import { exitOnSignal } from "./exit-on-signal";

/** Which tools were found and how; what is missing has been said on stderr. */
export interface ToolsFound {
  /** The environment with every tool found on PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** One line a tool, as in `Pulumi CLI 3.276.0, built from Go modules: <path>`. */
  readonly lines: readonly string[];
  readonly missing: number;
  /** Titles of the optional ones that are neither installed nor built, and were not to be built. */
  readonly leftOut: readonly string[];
}

interface Tool {
  readonly version: string;
  readonly binary: string;
  readonly directory: string;
  readonly origin: "path" | "downloaded" | "built";
}

const ORIGINS = {
  path: "found on PATH",
  built: "built from Go modules",
  downloaded: "downloaded from its official release",
} as const;

/** The ways to get the tools; tests hand in others. */
export interface ToolSources {
  readonly pulumi: (options: EnsureOptions) => Promise<Tool>;
  readonly caddy: (options: EnsureOptions) => Promise<Tool>;
  readonly compose: (options: EnsureOptions) => Promise<Tool>;
  readonly actionlint: (options: EnsureOptions) => Promise<Tool>;
}

const SOURCES: ToolSources = {
  pulumi: ensurePulumi,
  caddy: ensureCaddy,
  compose: ensureCompose,
  actionlint: ensureActionlint,
};

/** How the tools are got; the first two are the tests' own. */
export interface ToolsWanted {
  readonly sources?: ToolSources;
  readonly stream?: ProgressStream;
  /** Whether Docker Compose and actionlint are built where they are missing, which takes minutes. @default true */
  readonly mayBuildOptional?: boolean;
}

/** Gets every tool this project runs beside Node.js, one after the other, with progress on stderr. */
export async function ensureTools({
  sources = SOURCES,
  stream = process.stderr,
  mayBuildOptional = true,
}: ToolsWanted = {}): Promise<ToolsFound> {
  const mayLeaveOut = !mayBuildOptional;
  const wanted = [
    { title: "Pulumi CLI", ensure: sources.pulumi, mayLeaveOut: false },
    { title: "Caddy", ensure: sources.caddy, mayLeaveOut: false },
    { title: "Docker Compose", ensure: sources.compose, mayLeaveOut },
    { title: "actionlint", ensure: sources.actionlint, mayLeaveOut },
  ];
  const lines: string[] = [];
  const directories: string[] = [];
  const leftOut: string[] = [];
  const restore = exitOnSignal();
  try {
    for (const { title, ensure, mayLeaveOut: isOptional } of wanted) {
      try {
        const tool = await ensure({ ...progressTo(stream), mayBuild: !isOptional });
        lines.push(`${title} ${tool.version}, ${ORIGINS[tool.origin]}: ${tool.binary}`);
        directories.push(tool.directory);
      } catch (error) {
        stream.write(describeToolError(error));
        if (isOptional) leftOut.push(title);
      }
    }
  } finally {
    restore();
  }
  const missing = wanted.length - lines.length - leftOut.length;
  return { env: withPath(process.env, ...directories), lines, missing, leftOut };
}
