// How a run ended, in words and colour: the names are those of `luigi.LuigiStatusCode`, and LOST.

const OUTCOMES = {
  SUCCESS: { words: "All done", tone: "good" },
  SUCCESS_WITH_RETRY: { words: "All done, after failures", tone: "good" },
  FAILED: { words: "Some failed", tone: "bad" },
  FAILED_AND_SCHEDULING_FAILED: { words: "Some failed, some could not be planned", tone: "bad" },
  SCHEDULING_FAILED: { words: "Some could not be planned", tone: "bad" },
  NOT_RUN: { words: "Some were not run", tone: "held" },
  MISSING_EXT: { words: "Something outside is missing", tone: "held" },
  CANCELLED: { words: "Cancelled", tone: "held" },
  LOST: { words: "Lost: heard of no more", tone: "bad" },
};

/** `{words, tone}`; one without an end goes on, or was killed and nobody noticed. */
export function outcome(status, ended) {
  if (ended === null && !status) return { words: "Not known", tone: "calm" };
  return OUTCOMES[status] ?? { words: status, tone: "calm" };
}
