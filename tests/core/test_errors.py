"""Errors write their own sentence, carry a hint, and cross processes."""

from __future__ import annotations

import pickle

import pytest

import luigi
from luigi import errors
from luigi.errors import KernelError, did_you_mean, nearest


def test_nearest_names_best_first_without_regard_to_case_and_dashes() -> None:
    known = ["max_size", "maxsize_x", "date", "Log_Level"]
    assert nearest("max-size", known)[0] == "max_size"
    assert nearest("LOG-LEVEL", known) == ["Log_Level"]
    assert nearest("completely other", known) == []


def test_did_you_mean() -> None:
    assert did_you_mean("dat", ["date", "workers"]) == "did you mean date?"
    assert did_you_mean("zzz", ["date"]) == ""


class Wrong:
    """Neither a task nor a target."""

    def __repr__(self) -> str:
        return "wrong"


@pytest.mark.parametrize(
    ("error", "sentence", "hint"),
    [
        (errors.TaskClassNotFoundException("MyTsk", ["MyTask"]), "No task 'MyTsk' is known. Did you mean MyTask?", ""),
        (errors.TaskClassNotFoundException("X", []), "No task 'X' is known.", "--module"),
        (
            errors.TaskClassAmbigiousException("A", ["m.A", "n.A"]),
            "more than one class has that name: m.A and n.A",
            "n",
        ),
        (errors.BadRequirement("T()", 5), "T(): requires() gave 5, which is not a Task but of type int", "instances"),
        (errors.BadRequirement("T()", luigi.Task), "T(): requires() gave", "make an instance of it: Task(…)"),
        (errors.BadRequirement("T()", luigi.LocalTarget("x")), "T(): requires() gave", "ExternalTask"),
        (errors.BadRequirement("T()", 5, by="run() yielded"), "T(): run() yielded 5", "instances"),
        (
            errors.BadOutput("T()", Wrong()),
            "T(): output() gave wrong, which is not a Target but of type Wrong",
            "exists",
        ),
        (errors.BadOutput("T()", "a.txt"), "T(): output() gave 'a.txt'", "return luigi.LocalTarget('a.txt')"),
        (errors.CircularRequirement(["a", "b", "a"]), "in a circle: a -> b -> a", "requires()"),
        (
            errors.ParameterValueError("n", "x", "an integer", "luigi.cfg:3", "no digits"),
            "parameter n: 'x' (from luigi.cfg:3) is not an integer: no digits",
            "",
        ),
        (errors.MissingExtra("S3", "s3"), "S3 needs a package that is not installed", 'pip install "luigi-kernel[s3]"'),
        (KernelError("plain", hint="do this"), "plain", "do this"),
    ],
)
class TestEachError:
    """What it says, and that it says so in another process too."""

    def test_sentence_and_hint(self, error: KernelError, sentence: str, hint: str) -> None:
        assert sentence in str(error)
        assert hint in error.hint

    def test_a_pickled_one_says_the_same(self, error: KernelError, sentence: str, hint: str) -> None:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.hint) == (type(error), str(error), error.hint)
        assert {name: str(value) for name, value in vars(again).items()} == {
            name: str(value) for name, value in vars(error).items()
        }


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (errors.BadRequirement, TypeError),
        (errors.BadOutput, TypeError),
        (errors.ParameterValueError, ValueError),
        (errors.MissingExtra, ImportError),
    ],
)
def test_programs_may_catch_the_builtin_kind(kind: type, base: type) -> None:
    assert issubclass(kind, base)
    assert issubclass(kind, KernelError)
