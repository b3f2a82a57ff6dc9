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
  /** One line a tool, as in `Pulumi CLI 3.256.0, built from Go modules: <path>`. */
  readonly lines: readonly string[];
  readonly missing: number;
}

interface Tool {
  readonly version: string;
  readonly binary: string;
  readonly directory: string;
  readonly origin: "path" | "npm" | "built" | "release";
}

const ORIGINS = {
  path: "found on PATH",
  npm: "of the npm package",
  built: "built from Go modules",
  release: "downloaded from its official release",
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

/** Gets every tool this project runs beside Node.js, one after the other, with progress on stderr. */
export async function ensureTools(
  sources: ToolSources = SOURCES,
  stream: ProgressStream = process.stderr,
): Promise<ToolsFound> {
  const wanted = [
    { title: "Pulumi CLI", ensure: sources.pulumi },
    { title: "Caddy", ensure: sources.caddy },
    { title: "Docker Compose", ensure: sources.compose },
    { title: "actionlint", ensure: sources.actionlint },
  ];
  const lines: string[] = [];
  const directories: string[] = [];
  const restore = exitOnSignal();
  try {
    for (const { title, ensure } of wanted) {
      try {
        const tool = await ensure(progressTo(stream));
        lines.push(`${title} ${tool.version}, ${ORIGINS[tool.origin]}: ${tool.binary}`);
        directories.push(tool.directory);
      } catch (error) {
        stream.write(describeToolError(error));
      }
    }
  } finally {
    restore();
  }
  return { env: withPath(process.env, ...directories), lines, missing: wanted.length - lines.length };
}
