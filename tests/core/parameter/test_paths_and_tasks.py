"""Parameters for paths and for task classes."""

from __future__ import annotations

from pathlib import Path

import pytest

import luigi
from luigi.errors import TaskClassAmbigiousException, TaskClassNotFoundException
from luigi.parameter import ParameterValueError


class Pointed(luigi.Task):
    task_namespace = "points"


def test_texts_and_paths_become_paths() -> None:
    parameter = luigi.PathParameter()
    assert parameter.normalize("a/b") == Path("a/b")
    assert parameter.normalize(Path("a")) == Path("a")
    assert parameter.normalize("") == Path()
    assert parameter.serialize(Path("a/b")) == "a/b"


def test_a_path_is_made_absolute_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert luigi.PathParameter(absolute=True).normalize("a") == tmp_path / "a"
    assert luigi.PathParameter(absolute=True).normalize("/etc") == Path("/etc")


def test_a_path_that_must_exist(tmp_path: Path) -> None:
    parameter = luigi.PathParameter(exists=True)
    assert parameter.normalize(tmp_path) == tmp_path
    with pytest.raises(ValueError, match="nowhere' is not a path that exists"):
        parameter.normalize(tmp_path / "nowhere")


def test_a_default_may_be_a_text() -> None:
    assert luigi.PathParameter(default="x").task_value("Any", "path") == Path("x")


def test_what_is_no_path() -> None:
    with pytest.raises(ValueError, match="5 is not a path: it is a int"):
        luigi.PathParameter().normalize(5)


def test_a_task_class_is_written_by_its_family() -> None:
    parameter: luigi.TaskParameter[luigi.Task] = luigi.TaskParameter()
    assert parameter.parse("points.Pointed") is Pointed
    assert parameter.serialize(Pointed) == "points.Pointed"
    assert parameter.parse(Pointed) is Pointed


def test_a_family_that_is_not_known_is_told_with_the_nearest() -> None:
    with pytest.raises(TaskClassNotFoundException, match="Did you mean points.Pointed"):
        luigi.TaskParameter().parse("points.Pointd")


def test_a_family_with_two_classes_is_ambiguous() -> None:
    for _ in range(2):
        type("Twin", (luigi.Task,), {"task_namespace": "points", "__module__": __name__})
    with pytest.raises(TaskClassAmbigiousException):
        luigi.TaskParameter().parse("points.Twin")


def test_an_unknown_family_is_an_unreadable_value() -> None:
    expected = "parameter task: 'points.Pointd' \\(from --task\\) is not the name of a task: .*mean points.Pointed"
    with pytest.raises(ParameterValueError, match=expected):
        luigi.TaskParameter().read("points.Pointd", "task", "--task")
