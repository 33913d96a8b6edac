"""The manual on building workflows (8.2) and on tasks (8.3), in tasks and words of our own.

Left out: everything about Hadoop jobs and HDFS (outside systems).
"""

from __future__ import annotations

import datetime
import gzip
import pickle
from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.format import Gzip, Nop
from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.task import flatten
from luigi.worker import Worker

MIDSUMMER = datetime.date(2012, 6, 21)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(*tasks: luigi.Task, **settings: Any) -> luigi.execution_summary.LuigiRunResult:
    return luigi.build(tasks, local_scheduler=True, detailed_summary=True, log_level="CRITICAL", **settings)


class Noted(luigi.Task):
    """Writes its own name."""

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self) -> Any:
        with self.output().open("w") as out:
            out.write(str(self))


# --- 8.2 targets -----------------------------------------------------------------------------------------------


class Remembered(luigi.Target):
    """A checkpoint in a place of one's own: `exists` is all that a target must have."""

    def __init__(self, ledger: set[str], entry: str) -> None:
        self.ledger, self.entry = ledger, entry

    def exists(self) -> bool:
        return self.entry in self.ledger


class Booked(luigi.Task):
    ledger: ClassVar[set[str]] = set()

    def output(self) -> Remembered:
        return Remembered(self.ledger, "booked")

    def run(self) -> None:
        self.ledger.add("booked")


def test_a_target_needs_nothing_but_exists() -> None:
    assert not Booked().complete()
    assert build(Booked()).status is luigi.LuigiStatusCode.SUCCESS
    assert Booked().complete()
    assert "Did not run any tasks" in build(Booked()).summary_text


class Zipped(luigi.Task):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("words.gz", format=Gzip)

    def run(self) -> None:
        with self.output().open("w") as out:
            out.write(b"many words")


def test_a_format_stands_between_program_and_file(place: Path) -> None:
    build(Zipped())
    assert gzip.decompress((place / "words.gz").read_bytes()) == b"many words"
    with Zipped().output().open("r") as source:
        assert source.read() == b"many words"


# --- 8.3.1 to 8.3.3 requires and output ------------------------------------------------------------------------


class Weather(Noted):
    day = luigi.DateParameter()


class Diary(Noted):
    """Needs another task and the day before of its own kind, down to the first day."""

    day = luigi.DateParameter()

    def requires(self) -> Any:
        if self.day == MIDSUMMER:
            return [Weather(self.day)]
        return Weather(self.day), Diary(self.day - datetime.timedelta(1))


def test_a_task_may_require_its_own_kind() -> None:
    result = build(Diary(MIDSUMMER + datetime.timedelta(3)))
    assert "- 4 Diary(day=2012-06-21...2012-06-24)" in result.summary_text
    assert "- 4 Weather(day=2012-06-21...2012-06-24)" in result.summary_text


class Delivered(luigi.ExternalTask):
    day = luigi.DateParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.day.strftime("log-%Y-%m-%d"))


class Digest(Noted):
    def requires(self) -> Any:
        return Delivered(MIDSUMMER)


def test_what_others_make_is_waited_for(place: Path) -> None:
    assert build(Digest()).status is luigi.LuigiStatusCode.MISSING_EXT
    (place / "log-2012-06-21").touch()
    assert build(Digest()).status is luigi.LuigiStatusCode.SUCCESS


class WantsTarget(Noted):
    def requires(self) -> Any:
        return luigi.LocalTarget("log-2012-06-21")


def test_requires_takes_no_target() -> None:
    with pytest.raises(luigi.errors.BadRequirement, match="LocalTarget") as caught:
        build(WantsTarget())
    assert "ExternalTask" in caught.value.hint


class ThreeParts(luigi.Task):
    def output(self) -> Any:
        return {"one": luigi.LocalTarget("one"), "rest": [luigi.LocalTarget("two"), luigi.LocalTarget("three")]}

    def run(self) -> None:
        for target in flatten(self.output()):
            target.open("w").close()


def test_a_task_with_several_outputs_is_complete_with_the_last(place: Path) -> None:
    for name in ("one", "two"):
        (place / name).touch()
    assert not ThreeParts().complete()
    (place / "three").touch()
    assert ThreeParts().complete()


# --- 8.3.4 and 8.3.5 run and input -----------------------------------------------------------------------------


class Fruits(luigi.Task):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("fruits.txt")

    def run(self) -> None:
        with self.output().open("w") as out:
            out.writelines(f"{fruit}\n" for fruit in ("pear", "quince", "fig"))


class FruitLengths(luigi.Task):
    def requires(self) -> Any:
        return Fruits()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("lengths.txt")

    def run(self) -> None:
        with self.input().open("r") as source, self.output().open("w") as out:
            for fruit in source.read().splitlines():
                out.write(f"{fruit}: {len(fruit)}\n")


def test_one_task_reads_what_the_other_wrote(place: Path) -> None:
    build(FruitLengths())
    assert (place / "lengths.txt").read_text() == "pear: 4\nquince: 6\nfig: 3\n"


class Pickled(luigi.Task):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("fruits.pickle", format=Nop)

    def run(self) -> None:
        with self.output().open("w") as out:
            pickle.dump(["pear", "fig"], out)


def test_bytes_pass_untouched_with_nop(place: Path) -> None:
    build(Pickled())
    assert pickle.loads((place / "fruits.pickle").read_bytes()) == ["pear", "fig"]
    with Pickled().output().open("r") as source:
        assert pickle.load(source) == ["pear", "fig"]


class Forgetful(luigi.Task):
    """Says it would write a file, and does not."""

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("forgotten")


class Relies(Noted):
    def requires(self) -> Any:
        return Forgetful()


def test_a_requirement_that_keeps_no_word_is_told_before_its_dependent_runs(place: Path) -> None:
    complaints: list[str] = []
    Relies.event_handler(luigi.Event.FAILURE)(lambda task, error: complaints.append(str(error)))
    assert build(Relies()).status is luigi.LuigiStatusCode.FAILED
    assert "Unfulfilled dependency at run time: Forgetful" in complaints[0]
    assert not list(place.glob("Relies*"))


class Numbered(Noted):
    n = luigi.IntParameter()


class ManyInputs(luigi.Task):
    def requires(self) -> Any:
        return {"first": Numbered(0), "others": [Numbered(n) for n in range(1, 9)]}

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("all.txt")

    def run(self) -> None:
        with self.output().open("w") as out:
            for target in [self.input()["first"], *self.input()["others"]]:
                with target.open("r") as source:
                    print(source.read(), file=out)


def test_inputs_have_the_shape_of_the_requirements(place: Path) -> None:
    build(ManyInputs())
    assert (place / "all.txt").read_text().splitlines() == [f"Numbered(n={n})" for n in range(9)]


# --- 8.3.6 dynamic requirements --------------------------------------------------------------------------------


class Lookup(luigi.Task):
    """Finds out from one task which others it needs."""

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("found.txt")

    def run(self) -> Any:
        first = yield Fruits()
        with first.open("r") as source:
            lengths = [len(line.strip()) for line in source]
        others = yield [Numbered(length) for length in lengths]
        with self.output().open("w") as out:
            out.write(" ".join(target.path for target in others))


def test_requirements_can_turn_up_on_the_way(place: Path) -> None:
    result = build(Lookup())
    assert "- 3 Numbered(n=3,4,6)" in result.summary_text
    assert (place / "found.txt").read_text().split() == [Numbered(n).output().path for n in (4, 6, 3)]


class AskedOnce(luigi.Task):
    """One check for many tasks."""

    checks: ClassVar[list[int]] = []

    def run(self) -> Any:
        wanted = [Numbered(n) for n in range(20, 25)]
        yield luigi.DynamicRequirements(wanted, self.all_there)

    def all_there(self, complete: Any) -> bool:
        self.checks.append(1)
        return all(Path(Numbered(n).output().path).exists() for n in range(20, 25))


def test_a_program_may_check_its_dynamic_requirements_itself() -> None:
    assert build(AskedOnce()).status is luigi.LuigiStatusCode.SUCCESS
    assert AskedOnce.checks


# --- 8.3.7 status tracking -------------------------------------------------------------------------------------


class Slow(luigi.Task):
    """Tells how far it is."""

    seen: ClassVar[list[tuple[str, str, float]]] = []
    watch: ClassVar[Any] = None

    def run(self) -> None:
        self.set_tracking_url("http://example.org/job/1")
        for done in range(0, 100, 25):
            self.set_status_message(f"{done} of 100")
            self.set_progress_percentage(done)
            told = self.watch(Question("task", self.task_id))
            self.seen.append((told["tracking_url"], told["status_message"], told["percentage"]))


class OwnScheduler:
    """Gives the run a scheduler that the program can look into."""

    def __init__(self) -> None:
        self.scheduler = Scheduler()

    def create_local_scheduler(self) -> Scheduler:
        return self.scheduler

    def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Worker:
        return Worker(scheduler=scheduler, worker_processes=worker_processes, assistant=assistant)


def test_a_running_task_tells_the_scheduler_how_far_it_is() -> None:
    factory = OwnScheduler()
    Slow.watch = staticmethod(factory.scheduler.view)
    build(Slow(), worker_scheduler_factory=factory)
    assert Slow.seen == [("http://example.org/job/1", f"{done} of 100", done) for done in (0, 25, 50, 75)]


# --- 8.3.8 events ----------------------------------------------------------------------------------------------


class Machine(Noted):
    """The base that handlers are put on."""


class Works(Machine):
    pass


class Breaks(Machine):
    def run(self) -> None:
        raise OSError("worn out")


def test_handlers_hear_of_their_class_and_those_below() -> None:
    heard: list[str] = []

    @luigi.Task.event_handler(luigi.Event.SUCCESS)
    def everywhere(task: luigi.Task) -> None:
        heard.append(f"any: {task}")

    @Machine.event_handler(luigi.Event.FAILURE)
    def only_machines(task: luigi.Task, error: Exception) -> None:
        heard.append(f"machine: {task} {error}")

    try:
        build(Works(), Breaks(), Numbered(99))
    finally:
        luigi.Task.remove_event_handler(luigi.Event.SUCCESS, everywhere)
    assert sorted(heard) == ["any: Numbered(n=99)", "any: Works()", "machine: Breaks() worn out"]


# --- 8.3.9 without a run ---------------------------------------------------------------------------------------


def test_a_task_can_be_run_by_hand(place: Path) -> None:
    Numbered(7).run()
    assert Path(Numbered(7).output().path).read_text() == "Numbered(n=7)"


# --- 8.3.10 priority -------------------------------------------------------------------------------------------


class Ranked(Noted):
    order: ClassVar[list[str]] = []

    def run(self) -> None:
        self.order.append(str(self))
        super().run()


class Urgent(Ranked):
    priority = 100


class ByAge(Ranked):
    age = luigi.IntParameter()

    @property
    def priority(self) -> int:
        return 80 if self.age > 10 else 40


class UrgentButWaiting(Ranked):
    priority = 1000

    def requires(self) -> Any:
        return ByAge(1)


class Everything(luigi.WrapperTask):
    def requires(self) -> Any:
        return [ByAge(2), ByAge(20), Urgent()]


def test_higher_priority_goes_first() -> None:
    Ranked.order.clear()
    build(Everything())
    assert Ranked.order == ["Urgent()", "ByAge(age=20)", "ByAge(age=2)"]


def test_requirements_go_before_priority() -> None:
    Ranked.order.clear()
    build(Urgent(), UrgentButWaiting())
    assert Ranked.order == ["ByAge(age=1)", "UrgentButWaiting()", "Urgent()"]


# --- 8.3.11 and 8.3.12 names and instances ---------------------------------------------------------------------


class Named(luigi.Task):
    task_namespace = "ours"
    word = luigi.Parameter()


class MyTask(luigi.Task):
    task_namespace = "my_namespace"
    my_param = luigi.Parameter()


def test_namespace_family_and_id() -> None:
    task = MyTask(my_param="hello")
    assert task.task_id == "my_namespace.MyTask_hello_890907e7ce"  # the manual's own example, to the letter
    assert str(task) == "my_namespace.MyTask(my_param=hello)"
    for asked in (Named, Named("w")):
        assert asked.get_task_namespace() == "ours"
        assert asked.get_task_family() == "ours.Named"
    with pytest.raises(AttributeError):
        Named.task_id  # noqa: B018


def test_equal_parameters_make_one_object() -> None:
    assert Weather(datetime.date(2012, 5, 10)) is Weather(day=datetime.date(2012, 5, 10))
    assert Weather(datetime.date(2012, 5, 10)) is not Weather(datetime.date(2012, 5, 11))
