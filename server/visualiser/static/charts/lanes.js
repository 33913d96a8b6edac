// Attempts side by side: each in the first lane that is free when it begins.

/**
 * The attempts in order of their beginnings, each with its `lane`: `{bars, lanes}`. `since`: what began before anybody
 * remembers began then.
 */
export function packed(attempts, since) {
  const bars = attempts.map((attempt) => ({ ...attempt, from: attempt.started ?? Math.min(since, attempt.ended ?? since) }));
  bars.sort((one, other) => one.from - other.from);
  const free = [];
  for (const bar of bars) {
    const lane = free.findIndex((at) => at <= bar.from);
    bar.lane = lane < 0 ? free.length : lane;
    free[bar.lane] = bar.ended ?? Infinity;
  }
  return { bars, lanes: free.length };
}
