"""Hooks fire with the same facts in the same number, whichever executor runs the tasks.

Everything that may happen to a task happens here: it succeeds, fails, waits for requirements it yields, is broken, is
external and missing, is complete already.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import luigi


class Everything(luigi.WrapperTask):
    folder = luigi.Parameter()

    def requires(self) -> Any:
        yield from (OutOfMany(self.folder, n) for n in range(3))
        yield YieldsOthers(self.folder)
        yield FailsAlways(self.folder)
        yield BrokenCheck(self.folder)
        yield BrokenRequires(self.folder)
        yield IsComplete(self.folder)
        yield NeedsTheMissing(self.folder)


class OutOfMany(luigi.Task):
    folder = luigi.Parameter()
    n = luigi.IntParameter()

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/{type(self).__name__}-{self.n}")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write("x")

    def on_success(self) -> Any:
        return f"made {self.n}"


class YieldsOthers(OutOfMany):
    n = luigi.IntParameter(default=9)

    def run(self) -> Any:
        yield OutOfMany(self.folder, 10)
        yield [OutOfMany(self.folder, 11), OutOfMany(self.folder, 12)]
        super().run()


class FailsAlways(OutOfMany):
    n = luigi.IntParameter(default=9)

    def run(self) -> None:
        raise ValueError("on purpose")

    def on_failure(self, exception: BaseException) -> str:
        return f"it said: {exception}"


class BrokenCheck(luigi.Task):
    folder = luigi.Parameter()

    def complete(self) -> bool:
        raise LookupError("cannot tell")


class BrokenRequires(luigi.Task):
    folder = luigi.Parameter()

    def requires(self) -> Any:
        raise LookupError("cannot say")

    def complete(self) -> bool:
        return False


class IsComplete(OutOfMany):
    n = luigi.IntParameter(default=9)

    def complete(self) -> bool:
        return True


class TheMissing(luigi.ExternalTask):
    folder = luigi.Parameter()

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/missing")


class NeedsTheMissing(OutOfMany):
    n = luigi.IntParameter(default=9)

    def requires(self) -> Any:
        return TheMissing(self.folder)


class Notes:
    """Every fact of every moment, but for what differs from run to run: ids of runs, seconds."""

    def __init__(self) -> None:
        self.told: Counter[Any] = Counter()
        self.last: dict[str, list[str]] = {}

    @luigi.hookimpl
    def luigi_run_started(self, run: Any, at: float) -> None:
        self.told["started", type(run.roots[0]).__name__, at > 0] += 1

    @luigi.hookimpl
    def luigi_task_event(self, task_id: str, family: str, event: str, detail: str, token: int, at: float) -> None:
        shown = "" if event == luigi.Event.PROCESSING_TIME else detail.splitlines()[-1] if detail else ""
        self.told[event, family, shown.split("_")[0], token > 0, at > 0] += 1
        self.last.setdefault(task_id, []).append(event)

    @luigi.hookimpl
    def luigi_transition(self, family: str, before: str, after: str, why: str, by: str, at: float) -> None:
        self.told["transition", family, before, after, why, bool(by), at > 0] += 1

    @luigi.hookimpl
    def luigi_run_finished(self, run: Any) -> None:
        self.told["finished", len(run.seen)] += 1


EXECUTORS: dict[str, dict[str, Any]] = {
    "inline": {},
    "processes": {"workers": 2},
    "one process": {"executor": "processes"},
}


def notes_of(folder: Path, settings: dict[str, Any]) -> Notes:
    notes = Notes()
    folder.mkdir()
    luigi.build([Everything(str(folder))], local_scheduler=True, log_level="CRITICAL", plugins=[notes], **settings)
    return notes


@pytest.fixture
def inline(tmp_path: Path) -> Notes:
    return notes_of(tmp_path / "inline", EXECUTORS["inline"])


def test_what_is_told_inline(inline: Notes) -> None:
    happened = {key[0] for key in inline.told}
    assert happened >= {
        "started",
        "finished",
        "transition",
        luigi.Event.START,
        luigi.Event.SUCCESS,
        luigi.Event.FAILURE,
        luigi.Event.PROCESSING_TIME,
        luigi.Event.BROKEN_TASK,
        luigi.Event.DEPENDENCY_DISCOVERED,
        luigi.Event.DEPENDENCY_MISSING,
        luigi.Event.DEPENDENCY_PRESENT,
    }
    assert inline.told[luigi.Event.FAILURE, "FailsAlways", "it said: on purpose", True, True] == 1
    assert inline.told[luigi.Event.SUCCESS, "OutOfMany", "made 2", True, True] == 1


@pytest.mark.parametrize("name", ["processes", "one process"])
def test_the_same_is_told_under_another_executor(name: str, inline: Notes, tmp_path: Path) -> None:
    notes = notes_of(tmp_path / "x", EXECUTORS[name])
    assert notes.told == inline.told
    ends = (luigi.Event.SUCCESS, luigi.Event.FAILURE)
    assert all(events[-1] in ends for events in notes.last.values() if luigi.Event.START in events)
