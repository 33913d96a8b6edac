"""What workers elsewhere could not make is refused before it is submitted; private values are not told."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.configuration import get_config
from luigi.parameter import ParameterVisibility
from luigi.worker.pool.gathering import gather
from luigi.worker.pool.travelling import OfTheProgram, PrivateValue, Travelling


class TravelsWithSecret(luigi.Task):
    day = luigi.DateParameter()
    password = luigi.Parameter(default="usual", visibility=ParameterVisibility.PRIVATE)
    hosts = luigi.ListParameter(default=[1, 2], visibility=ParameterVisibility.PRIVATE)

    def complete(self) -> bool:
        return False


def made(**given: Any) -> luigi.Task:
    import datetime

    return TravelsWithSecret(day=datetime.date(2013, 7, 4), **given)


def test_the_configured_value_is_the_same_elsewhere() -> None:
    Travelling().refuse(made())
    get_config().set("TravelsWithSecret", "password", "configured")
    try:
        Travelling().refuse(made())
        with pytest.raises(PrivateValue):
            Travelling().refuse(made(password="usual"))
    finally:
        get_config().remove_section("TravelsWithSecret")


def test_another_value_is_refused_and_not_told() -> None:
    with pytest.raises(PrivateValue) as refused:
        Travelling().refuse(made(password="hunter2"))
    assert "private parameter password" in str(refused.value)
    assert "[TravelsWithSecret]" in refused.value.hint
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"


def test_a_flag_of_this_command_line_does_not_travel() -> None:
    args = ["TravelsWithSecret", "--day", "2013-07-04", "--TravelsWithSecret-password", "flag"]
    with CmdlineParser.global_instance(args) as command_line:
        task = command_line.get_task_obj()
        with pytest.raises(PrivateValue):
            Travelling().refuse(task)
        assert CmdlineParser.get_instance() is command_line


def test_a_task_of_the_program_itself_is_refused() -> None:
    class TravelsNowhere(luigi.Task):
        pass

    TravelsNowhere.__module__ = "__main__"
    with pytest.raises(OfTheProgram, match="defined in the program itself"):
        Travelling().refuse(TravelsNowhere())


def test_nothing_is_gathered_of_a_graph_that_cannot_travel_whole() -> None:
    class TravelsAlong(luigi.Task):
        def requires(self) -> Any:
            return made(password="hunter2")

        def complete(self) -> bool:
            return False

    with pytest.raises(PrivateValue):
        gather([TravelsAlong()], lambda task: task.complete())


def test_what_is_complete_need_not_travel() -> None:
    class TravelsLess(luigi.Task):
        def requires(self) -> Any:
            return made(password="hunter2")

        def complete(self) -> bool:
            return False

    gathered = gather([TravelsLess()], lambda task: isinstance(task, TravelsWithSecret))
    assert (len(gathered.specs), gathered.left, gathered.whole) == (2, 1, True)


def test_what_could_not_be_checked_is_known() -> None:
    class TravelsBroken(luigi.Task):
        def complete(self) -> bool:
            raise ValueError

    assert not gather([TravelsBroken()], lambda task: task.complete()).whole


def test_what_is_no_label_is_named() -> None:
    from luigi.worker.planning.specs import spec_of
    from luigi.worker.refusals import TaskException

    class LabelledByNumber(luigi.Task):
        worker_labels: Any = 3

    with pytest.raises(TaskException, match="LabelledByNumber.worker_labels = 3 names no label"):
        spec_of(LabelledByNumber(), "PENDING", ())
