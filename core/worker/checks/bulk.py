"""Checks of many tasks at once: by their class's `bulk_complete`, or by asking a file system for all outputs together.

Only where the answers are those of `complete()`: a class, target or file system that overrides the single check and
not the bulk one with it is left to its single checks, and so is everything about which a bulk check raises.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from luigi.structure import flatten
from luigi.target import FileSystem, FileSystemTarget
from luigi.task import MixinNaiveBulkComplete, Task

logger = logging.getLogger("luigi-interface")

MANY = 16
"""Tasks whose outputs are asked for together; fewer are checked one by one."""

_BY_CLASS, _BY_OUTPUTS = 1, 2

Answers = dict[str, bool]


class BulkChecks:
    """What one walk has learned of how the classes it meets can be checked in bulk."""

    def __init__(self) -> None:
        self._ways: dict[type[Task], int] = {}
        self._plain: dict[type, bool] = {}
        self._listing: dict[type, bool] = {}

    def ask(self, tasks: Iterable[Task]) -> Answers:
        """Whether tasks are complete, by id: of those for which a bulk check can tell."""
        classes = self._grouped(tasks)
        answers: Answers = {}
        for cls, members in classes.items():
            if self._ways[cls] & _BY_CLASS and len(members) > 1:
                answers.update(self._ask_class(cls, members))
        with_outputs = [
            task
            for cls, members in classes.items()
            if self._ways[cls] & _BY_OUTPUTS
            for task in members
            if task.task_id not in answers
        ]
        if len(with_outputs) >= MANY:
            answers.update(self._ask_file_systems(with_outputs))
        return answers

    def _grouped(self, tasks: Iterable[Task]) -> dict[type[Task], list[Task]]:
        """The tasks that might be checked in bulk, by class."""
        ways = self._ways
        classes: dict[type[Task], list[Task]] = {}
        for task in tasks:
            cls = type(task)
            way = ways.get(cls)
            if way is None:
                way = ways[cls] = _ways(cls)
            if way and "complete" not in task.__dict__:
                classes.setdefault(cls, []).append(task)
        return classes

    # --- by class ----------------------------------------------------------------------------------------------

    def _ask_class(self, cls: type[Task], tasks: Sequence[Task]) -> Answers:
        """The answers of `bulk_complete`: asked with the values of the one parameter, or tuples of all values."""
        count = len(cls.get_params())
        if not count:
            return {}
        asked = [task.param_args if count > 1 else task.param_args[0] for task in tasks]
        try:
            done = {tuple(value) if isinstance(value, list) else value for value in cls.bulk_complete(asked)}
            if count > 1 and not _understood(done, count):
                return {}
            return {task.task_id: value in done for task, value in zip(tasks, asked, strict=True)}
        except NotImplementedError:
            self._ways[cls] &= ~_BY_CLASS
        except Exception:
            logger.debug("%s.bulk_complete raised: its tasks are checked one by one", cls.__name__, exc_info=True)
        return {}

    # --- by outputs --------------------------------------------------------------------------------------------

    def _ask_file_systems(self, tasks: Sequence[Task]) -> Answers:
        asked: dict[int, tuple[FileSystem, list[str]]] = {}
        outputs = [(task.task_id, places) for task in tasks if (places := self._places(task, asked))]
        found = {key: _existing(fs, paths) for key, (fs, paths) in asked.items() if len(paths) > 1}
        answers: Answers = {}
        for task_id, places in outputs:
            for key, path in places:
                some = found.get(key)
                if some is None:  # not asked, or it raised: the task's own check will tell
                    answers.pop(task_id, None)
                    break
                answers[task_id] = path in some and answers.get(task_id, True)
        return answers

    def _places(self, task: Task, asked: dict[int, tuple[FileSystem, list[str]]]) -> list[tuple[int, str]] | None:
        """Where the outputs are, noted in `asked` by file system; None for a task that does not depend on that alone.

        A class found to have outputs of another kind is not looked at again.
        """
        if not self._ways[type(task)] & _BY_OUTPUTS:
            return None
        try:
            output = task.output()
            plain = self._is_plain(output)
            targets = [output] if plain else flatten(output)
            places = [(target.fs, target.path) for target in targets if plain or self._is_plain(target)]
        except Exception:  # its own check meets that again, and says so
            return None
        if not places or len(places) < len(targets) or not all(self._lists(fs) for fs, _ in places):
            self._ways[type(task)] &= ~_BY_OUTPUTS
            return None
        if any(_is_odd(path) for _, path in places):
            return None
        noted = []
        for fs, path in places:
            key = id(fs)
            if key not in asked:
                asked[key] = fs, []
            asked[key][1].append(path)
            noted.append((key, path))
        return noted

    def _is_plain(self, target: Any) -> bool:
        """Whether a target is there exactly when its file system says so of its path."""
        kind = type(target)
        plain = self._plain.get(kind)
        if plain is None:
            inherited = isinstance(target, FileSystemTarget) and kind.exists is FileSystemTarget.exists
            plain = self._plain[kind] = inherited
        return plain and "exists" not in target.__dict__

    def _lists(self, fs: FileSystem) -> bool:
        """Whether a file system can be asked of many paths at once."""
        kind = type(fs)
        if kind not in self._listing:
            self._listing[kind] = _comes_with(kind, "exists", "exists_many", (FileSystem,))
        return self._listing[kind] and "exists" not in getattr(fs, "__dict__", ())


def _ways(cls: type[Task]) -> int:
    by_class = _comes_with(cls, "complete", "bulk_complete", (Task, MixinNaiveBulkComplete))
    return (_BY_CLASS if by_class else 0) | (_BY_OUTPUTS if cls.complete is Task.complete else 0)


def _comes_with(cls: type, single: str, bulk: str, asking_one_by_one: tuple[type, ...]) -> bool:
    """Whether `cls` has a bulk check of its own, made with its single check or after it, so that the two agree."""
    for base in cls.__mro__:
        if bulk in vars(base):
            return base not in asking_one_by_one
        if single in vars(base):
            return False
    return False


def _understood(done: set[Any], count: int) -> bool:
    """Whether a class with several parameters has answered in tuples of all their values.

    One that was written for ranges, which ask with values of one parameter, finds nothing complete here, and then
    everything would be run again.
    """
    return bool(done) and all(isinstance(value, tuple) and len(value) == count for value in done)


def _is_odd(path: Any) -> bool:
    """Whether a path is of a kind of its own, or has wildcards, of which its target warns when asked."""
    return not isinstance(path, str) or "*" in path or "?" in path or "[" in path or "{" in path


def _existing(fs: FileSystem, paths: list[str]) -> set[str] | None:
    try:
        return set(fs.exists_many(paths))
    except Exception:
        logger.debug("%s.exists_many raised: outputs are asked for one by one", type(fs).__name__, exc_info=True)
        return None
