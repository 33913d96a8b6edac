"""What can be asked of the scheduler, and the answers: numbers, texts, lists and dicts of those. They change nothing.

| noun | subject | options | answer |
|---|---|---|---|
| counts | | | status → number of tasks |
| families | | | family → status → number |
| stopped | | | how many tasks wait for failed and for disabled ones |
| paused | | | whether nothing is handed out |
| task | a task id | | the whole task; None when it is not known |
| upstream | a task id | | the worst it waits for, in Luigi's words: UPSTREAM_FAILED … |
| story | a task id | | what happened to it lately |
| explain | a task id | | what it waits for, step by step |
| answer | a task id | message_id | what it answered to a message, or None |
| tasks | | status, upstream, family, search, limit, after | a page of rows, newest change first |
| changes | | since, limit | rows changed and ids removed since a version |
| errors | | limit | the tasks that failed last, with their explanations |
| graph | a task id | direction, include_done, limit | what it needs (up), or what needs it (down) |
| workers | | include_running | all workers |
| resources | | | limits, and who holds what |
| submissions | | | runs that no process stands for, the newest first |
| submission | its id | | how far it is; None when it is not known |
| triggers | | | what is remembered of each trigger |
| trigger | its name | | the same of one; None when nothing is |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import KernelError, did_you_mean
from luigi.scheduler.views import counts, graph, submissions, task, tasks, workers

if TYPE_CHECKING:
    from luigi.interfaces import Question
    from luigi.scheduler.machine import Machine

Answerer = Callable[["Machine", str, float, Mapping[str, Any]], Any]
"""Takes the machine, the subject, the time (seconds since the epoch) and the options."""

_ANSWERERS: Final[Mapping[str, tuple[Answerer, frozenset[str]]]] = {
    "counts": (counts.by_status, frozenset()),
    "families": (counts.by_family, frozenset()),
    "stopped": (counts.stopped, frozenset()),
    "paused": (counts.paused, frozenset()),
    "task": (task.whole, frozenset()),
    "upstream": (task.waits_for, frozenset()),
    "story": (task.story, frozenset()),
    "explain": (task.explained, frozenset()),
    "answer": (task.answer, frozenset({"message_id"})),
    "tasks": (tasks.page, frozenset({"status", "upstream", "family", "search", "limit", "after"})),
    "changes": (tasks.changes, frozenset({"since", "limit"})),
    "errors": (tasks.errors, frozenset({"limit"})),
    "graph": (graph.around, frozenset({"direction", "include_done", "limit"})),
    "workers": (workers.workers, frozenset({"include_running"})),
    "resources": (workers.resources, frozenset()),
    "submissions": (submissions.submissions, frozenset()),
    "submission": (submissions.submission, frozenset()),
    "triggers": (submissions.triggers, frozenset()),
    "trigger": (submissions.trigger, frozenset()),
}

NOUNS: Final = tuple(_ANSWERERS)
"""Everything that can be asked."""


def answer(machine: Machine, question: Question, now: float) -> Any:
    """Answer a question about the machine's state at `now` (seconds since the epoch).

    Raises KernelError for a noun, an option, a value or a subject that there is not.
    """
    noun, subject, options = question
    if noun not in _ANSWERERS:
        hint = did_you_mean(noun, _ANSWERERS) or f"there are: {', '.join(_ANSWERERS)}"
        raise KernelError(f"no question {noun!r}", hint=hint)
    answerer, known = _ANSWERERS[noun]
    for name in options:
        if name not in known:
            there_are = f"there are: {', '.join(sorted(known))}" if known else "it takes none"
            raise KernelError(f"{noun}: no option {name!r}", hint=did_you_mean(name, known) or there_are)
    return answerer(machine, subject, now, options)
