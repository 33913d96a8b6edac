"""Many tasks in pieces that fit into one call each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luigi.interfaces import TaskSpec

MOST_TASKS = 1000
MOST_TEXT = 1_000_000
"""Characters, roughly: what a task costs besides its texts is not counted."""


def in_pieces(tasks: Sequence[TaskSpec]) -> Iterator[Sequence[TaskSpec]]:
    """All of `tasks` in order; at least one piece, which may be empty."""
    piece: list[TaskSpec] = []
    text = 0
    for task in tasks:
        size = _size(task)
        if piece and (len(piece) >= MOST_TASKS or text + size > MOST_TEXT):
            yield piece
            piece, text = [], 0
        piece.append(task)
        text += size
    yield piece


def _size(task: TaskSpec) -> int:
    """The characters of what may be long."""
    params = sum([len(value) for value in task.params.values()])
    return len(task.task_id) + params + sum([len(dep) for dep in task.deps or ()]) + len(task.explanation or "")
