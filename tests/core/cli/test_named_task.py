"""Whose an argument is, the command's or the task's, and which task a command line names."""

from __future__ import annotations

import pytest

import luigi
from luigi.cli.arguments import Arguments
from luigi.cli.named_task import NamesNoTask, in_force, parted, read
from luigi.cli.usage import UsageError
from luigi.task_register import TaskClassNotFoundException

ROOT = f"{__name__}:NamedRoot"


class NamedRoot(luigi.Task):
    depth = luigi.IntParameter(default=1)
    day = luigi.DateParameter(default=None)

    def requires(self) -> NamedLeaf:
        return NamedLeaf()


class NamedLeaf(luigi.Task):
    date = luigi.Parameter(default="never")


@pytest.fixture
def own() -> Arguments:
    arguments = Arguments("kernel look")
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--depth", type=int, default=9)
    arguments.add_argument("--only", action="append", default=[])
    arguments.add_argument("--summary", nargs=2, action="append", default=[])
    arguments.add_argument("--profile", nargs="?", const="here", default="")
    return arguments


def test_options_stand_ahead_of_the_task_and_behind_it(own: Arguments) -> None:
    argv = ["--json", "--only", "A", ROOT, "--day", "2013-07-04", "--only=B", "--summary", "json", "x.json"]
    options, rest = parted(argv, own)
    assert rest == [ROOT, "--day", "2013-07-04"]
    assert (options.json, options.only, options.summary) == (True, ["A", "B"], [["json", "x.json"]])


def test_an_optional_value_is_given_by_an_equals_sign(own: Arguments) -> None:
    assert parted(["--profile", ROOT], own)[1] == [ROOT]
    assert parted(["--profile", ROOT], own)[0].profile == "here"
    assert parted([ROOT, "--profile=there"], own)[0].profile == "there"


def test_behind_the_task_its_own_parameter_wins(own: Arguments) -> None:
    assert parted(["--depth", "3", ROOT], own)[0].depth == 3
    options, rest = parted([ROOT, "--depth", "3", "--json"], own)
    assert (options.depth, options.json, rest) == (9, True, [ROOT, "--depth", "3"])
    options, rest = parted(["--depth=2", "--module", __name__, "NamedRoot", "--depth=3"], own)
    assert (options.depth, rest) == (2, ["--module", __name__, "NamedRoot", "--depth=3"])
    options, rest = parted([f"{__name__}:NamedLeaf", "--depth", "3"], own)
    assert (options.depth, rest) == (3, [f"{__name__}:NamedLeaf"])


def test_what_stands_behind_two_dashes_is_left(own: Arguments) -> None:
    assert parted([ROOT, "--", "--json"], own)[1] == [ROOT, "--", "--json"]


def test_a_name_may_be_no_task_at_all(own: Arguments) -> None:
    options, rest = parted(["Load_2013_abcdef", "--json"], own)
    assert (options.json, rest) == (True, ["Load_2013_abcdef"])


def test_the_task_is_in_force_with_its_classes_flags(own: Arguments) -> None:
    with read([ROOT, "--json", "--depth", "3", "--NamedLeaf-date", "tonight"], own) as (options, tasks):
        (task,) = tasks
        assert options.json
        assert (task.task_family, task.depth, task.requires().date) == ("NamedRoot", 3, "tonight")


@pytest.mark.parametrize("argv", [[], ["--json"], ["--module", __name__]])
def test_no_task_is_a_mistake_in_the_command_line(own: Arguments, argv: list[str]) -> None:
    with pytest.raises(NamesNoTask) as caught, read(argv, own):
        pass
    assert isinstance(caught.value, UsageError)
    assert caught.value.hint.startswith("kernel look MODULE:TASK")


def test_an_option_without_its_value_is_a_mistake(own: Arguments) -> None:
    with pytest.raises(UsageError, match="--only"):
        parted([ROOT, "--only"], own)


def test_a_task_that_there_is_not() -> None:
    with pytest.raises(TaskClassNotFoundException), in_force([f"{__name__}:NamedRoto"]):
        pass
