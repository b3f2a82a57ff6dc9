/** A version in three numbers; a pre-release (`3.256.0-dev.1`) counts as older than the release it leads to. */
export interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly preRelease: boolean;
}

/** Finds the first `[v]1.2[.3][-pre]` in a text, as programs print theirs. */
export function parseVersion(text: string): Version | undefined {
  const match = /(?<![\d.])v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.-]+)?/.exec(text);
  if (match === null) {
    return undefined;
  }
  return {
    numbers: [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)],
    preRelease: match[4] !== undefined,
  };
}

export function formatVersion(version: Version): string {
  return `${version.numbers.join(".")}${version.preRelease ? " (pre-release)" : ""}`;
}

/** Whether the version is the least one or newer, and of the same major version. */
export function isCompatible(version: Version, least: Version): boolean {
  return version.numbers[0] === least.numbers[0] && !isOlder(version, least);
}

export function isOlder(version: Version, than: Version): boolean {
  for (const index of [0, 1, 2] as const) {
    if (version.numbers[index] !== than.numbers[index]) {
      return version.numbers[index] < than.numbers[index];
    }
  }
  return version.preRelease && !than.preRelease;
}
