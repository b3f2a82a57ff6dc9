/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median of the ratios of runs that stood next to each other, which a machine's drift spares; two decimals. */
export function ratio(values: readonly number[], others: readonly number[]): string {
  return median(values.map((value, index) => value / (others[index] ?? Number.NaN))).toFixed(2);
}
