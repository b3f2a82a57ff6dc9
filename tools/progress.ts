import type { EnsureOptions } from "./ensure-options";

/** What {@link progressTo} needs of a stream; process.stderr is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Goes back to the start of the terminal's line and clears it. */
const REWIND = "\r\u001b[2K";

/**
 * The options that show progress on a stream: on a terminal transient lines overwrite each other every second, in a log there is one
 * every 15 seconds. Every line that is kept, and nothing else, ends in a line feed.
 */
export function progressTo(stream: ProgressStream): Required<Pick<EnsureOptions, "onProgress" | "progressIntervalMs">> {
  if (stream.isTTY !== true) {
    return { progressIntervalMs: 15_000, onProgress: (line) => stream.write(`${line}\n`) };
  }
  return {
    progressIntervalMs: 1000,
    onProgress: (line, transient) => {
      // A line that wraps could not be overwritten.
      const shown = transient ? line.slice(0, (stream.columns ?? 80) - 1) : `${line}\n`;
      stream.write(`${REWIND}${shown}`);
    },
  };
}
