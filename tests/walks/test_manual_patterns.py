"""The manual's patterns (8.8), in tasks and words of our own. Ranges: test_manual_commands.py.

Left out, because their parts come with a later issue: batches (8.8.7, 8.8.8) and messages to tasks (8.8.13).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.worker import Worker


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(*tasks: luigi.Task, **settings: Any) -> luigi.execution_summary.LuigiRunResult:
    return luigi.build(tasks, local_scheduler=True, detailed_summary=True, log_level="CRITICAL", **settings)


class Page(luigi.Task):
    title = luigi.Parameter()
    broken = luigi.BoolParameter(default=False, significant=False)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.title}.txt")

    def run(self) -> None:
        if self.broken:
            raise OSError("out of ink")
        with self.output().open("w") as out:
            out.write(self.title)


# --- 8.8.1 and 8.8.2 code reuse, and triggering many tasks -----------------------------------------------------


class Newspaper(luigi.WrapperTask):
    def requires(self) -> Any:
        yield Page("politics")
        yield Page("sports", broken=True)
        yield Page("weather")


def test_one_task_triggers_as_many_as_can_be_done(place: Path) -> None:
    result = build(Newspaper())
    assert result.status is luigi.LuigiStatusCode.FAILED
    assert sorted(path.name for path in place.iterdir()) == ["politics.txt", "weather.txt"]
    assert not Newspaper().complete()


def test_a_wrapper_is_done_when_all_it_wraps_is(place: Path) -> None:
    for title in ("politics", "sports"):
        (place / f"{title}.txt").touch()
    assert "* 2 ran successfully:" in build(Newspaper()).summary_text
    assert Newspaper().complete()
    assert "Did not run any tasks" in build(Newspaper()).summary_text


class Bound(luigi.Task):
    """Needs a page, and breaks the first time."""

    tries: ClassVar[list[int]] = []

    def requires(self) -> Any:
        return Page("cover")

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("bound.txt")

    def run(self) -> None:
        self.tries.append(1)
        if len(self.tries) == 1:
            raise OSError("no thread")
        self.output().open("w").close()


def test_a_second_run_goes_on_where_the_first_broke_off() -> None:
    assert build(Bound()).status is luigi.LuigiStatusCode.FAILED
    again = build(Bound())
    assert again.status is luigi.LuigiStatusCode.SUCCESS
    assert "* 1 complete ones were encountered:\n    - 1 Page(title=cover)" in again.summary_text


# --- 8.8.9 one writer at a time --------------------------------------------------------------------------------


class Ledger(luigi.Task):
    """Takes the file it writes as a resource, so that no two of them write it at once."""

    entry = luigi.IntParameter()
    file_name = luigi.Parameter()

    @property
    def resources(self) -> dict[str, int]:
        return {self.file_name: 1}

    def complete(self) -> bool:
        path = Path(self.file_name)
        return path.exists() and f"{self.entry}\n" in path.read_text()

    def run(self) -> None:
        with open(self.file_name, "a") as out:
            out.write(f"{self.entry}\n")


def test_a_resource_may_come_from_a_parameter(place: Path) -> None:
    result = build(*(Ledger(n, name) for n in range(3) for name in ("left", "right")))
    assert result.status is luigi.LuigiStatusCode.SUCCESS
    assert sorted((place / "left").read_text().split()) == ["0", "1", "2"]


class Handed:
    """A factory that hands out one scheduler, to look into."""

    def __init__(self, **limits: int) -> None:
        self.scheduler = Scheduler(resources=limits)

    def create_local_scheduler(self) -> Scheduler:
        return self.scheduler

    def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Worker:
        return Worker(scheduler=scheduler, worker_processes=worker_processes, assistant=assistant)


def test_two_tasks_that_need_one_resource_do_not_run_together() -> None:
    scheduler = Scheduler()
    workers = [Worker(scheduler=scheduler, worker_id=name) for name in ("one", "two")]
    for worker, entry in zip(workers, (1, 2), strict=True):
        worker.add(Ledger(entry, "book"))
    first = scheduler.exchange("one", [], 1)
    assert len(first.assignments) == 1
    assert not scheduler.exchange("two", [], 1).assignments


# --- 8.8.10 resources that are given back early ----------------------------------------------------------------


class Oven(luigi.Task):
    """Hot at first, warm afterwards: it gives two thirds of the heat back on the way."""

    resources = {"heat": 3}
    seen: ClassVar[list[dict[str, int]]] = []
    watch: ClassVar[Any] = None

    def run(self) -> None:
        self.seen.append(self.watch(Question("task", self.task_id))["resources"])
        self.decrease_running_resources({"heat": 2})
        self.seen.append(self.watch(Question("task", self.task_id))["resources"])


def test_a_running_task_gives_resources_back() -> None:
    factory = Handed(heat=3)
    Oven.watch = staticmethod(factory.scheduler.view)
    assert build(Oven(), worker_scheduler_factory=factory).status is luigi.LuigiStatusCode.SUCCESS
    assert Oven.seen == [{"heat": 3}, {"heat": 1}]


# --- 8.8.12 atomic writes --------------------------------------------------------------------------------------


class Folder(luigi.Task):
    """A folder with two files, there with both or not at all."""

    breaks = luigi.BoolParameter(significant=False)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("final")

    def run(self) -> None:
        with self.output().temporary_path() as path:
            folder = Path(path)
            folder.mkdir()
            (folder / "one.data").write_text("1")
            assert not self.output().exists(), "seen before it is whole"
            if self.breaks:
                raise OSError("disk full")
            (folder / "two.data").write_text("2")


def test_a_folder_appears_whole(place: Path) -> None:
    assert build(Folder(breaks=True)).status is luigi.LuigiStatusCode.FAILED
    assert not (place / "final").exists()
    assert build(Folder()).status is luigi.LuigiStatusCode.SUCCESS
    assert sorted(path.name for path in (place / "final").iterdir()) == ["one.data", "two.data"]


class Naive(luigi.Task):
    """The mistake that `temporary_path` is there for."""

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("naive")

    def run(self) -> None:
        Path("naive").mkdir()
        raise OSError("disk full")


def test_without_it_half_a_folder_counts_as_done() -> None:
    assert build(Naive()).status is luigi.LuigiStatusCode.FAILED
    assert Naive().complete()
