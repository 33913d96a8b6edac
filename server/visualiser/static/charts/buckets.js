// Attempts counted by when they ended, as the server counts them for its throughput.

const MOST = 60;
const LEAST = 1; // seconds of a step
const FAILED = new Set(["FAILED", "DISABLED", "UNKNOWN"]);

/** `{step, until, done, failed}` of the attempts that ended from the one moment to the other. */
export function counted(attempts, from, until) {
  const step = Math.max(LEAST, Math.ceil((until - from) / MOST));
  const size = Math.max(1, Math.ceil((until - from) / step));
  const done = new Array(size).fill(0);
  const failed = new Array(size).fill(0);
  for (const { ended, status } of attempts) {
    const index = ended === null || ended < from ? -1 : Math.min(size - 1, Math.floor((ended - from) / step));
    if (index < 0) continue;
    if (status === "DONE") done[index] += 1;
    else if (FAILED.has(status)) failed[index] += 1;
  }
  return { step, until: from + size * step, done, failed };
}
