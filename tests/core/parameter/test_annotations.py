"""Parameters declared by plain annotations, and the programs that annotate and mean nothing by it."""

import datetime
import enum
import importlib
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, NewType, Optional, Union

import pytest

import luigi
from luigi.date_interval import DateInterval, Month
from luigi.parameter import MissingParameterException, ParameterValueError

UserId = NewType("UserId", int)


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Every(luigi.Task):
    """One parameter of each kind."""

    n: int
    x: float = 1.5
    flag: bool = False
    s: str = "s"
    day: datetime.date = datetime.date(2013, 7, 4)
    at: datetime.datetime = datetime.datetime(2013, 7, 4, 19, 30, 55)
    wait: datetime.timedelta = datetime.timedelta(hours=1)
    mode: Literal["a", "b"] = "a"
    level: Literal[1, 2] = 1
    color: Color = Color.RED
    path: Path = Path("p")
    span: DateInterval = Month(2013, 7)
    task: type[luigi.Task] = luigi.ExternalTask
    numbers: list[int] = []
    days: tuple[datetime.date, ...] = ()
    pair: tuple[int, str] = (1, "a")
    counts: dict[str, int] = {}
    plain: list = []
    table: dict = {}
    names: Sequence[str] = ()
    paths: Mapping[str, Path] = {}
    user: UserId = UserId(1)
    noted: Annotated[int, "a note"] = 2


KINDS = {
    "n": luigi.IntParameter,
    "x": luigi.FloatParameter,
    "flag": luigi.BoolParameter,
    "s": luigi.StrParameter,
    "day": luigi.DateParameter,
    "at": luigi.DateSecondParameter,
    "wait": luigi.TimeDeltaParameter,
    "mode": luigi.ChoiceParameter,
    "level": luigi.ChoiceParameter,
    "color": luigi.EnumParameter,
    "path": luigi.PathParameter,
    "span": luigi.DateIntervalParameter,
    "task": luigi.TaskParameter,
    "numbers": luigi.ListParameter,
    "days": luigi.ListParameter,
    "pair": luigi.TupleParameter,
    "counts": luigi.DictParameter,
    "plain": luigi.ListParameter,
    "table": luigi.DictParameter,
    "names": luigi.ListParameter,
    "paths": luigi.DictParameter,
    "user": luigi.IntParameter,
    "noted": luigi.IntParameter,
}


def test_each_annotation_declares_its_kind_of_parameter_in_its_place() -> None:
    params = Every.get_params()
    assert [name for name, _ in params] == list(KINDS)
    for name, parameter in params:
        assert isinstance(parameter, KINDS[name]), name


def test_a_task_made_from_annotations_survives_its_texts() -> None:
    task = Every(
        3,
        wait=datetime.timedelta(days=2),
        numbers=[1, 2],
        days=(datetime.date(2013, 7, 4),),
        counts={"a": 1},
        paths={"here": Path("x")},
        color=Color.BLUE,
    )
    assert (task.n, task.x, task.mode, task.numbers) == (3, 1.5, "a", (1, 2))
    assert (task.days, task.paths) == ((datetime.date(2013, 7, 4),), {"here": Path("x")})
    assert Every.from_str_params(task.to_str_params()) is task


def test_a_parameter_without_a_value_in_the_body_is_needed() -> None:
    with pytest.raises(MissingParameterException, match="'n'"):
        Every()


@pytest.mark.parametrize(
    ("name", "text"),
    [("n", "x"), ("mode", "c"), ("numbers", '["a"]'), ("numbers", "[true]"), ("pair", "[1]"), ("days", '["x"]')],
)
def test_a_text_of_another_type_is_refused(name: str, text: str) -> None:
    with pytest.raises(ParameterValueError, match=f"parameter {name}: "):
        Every.from_str_params({"n": "1", name: text})


class Maybe(luigi.Task):
    text: str | None = None
    number: Optional[int] = None  # noqa: UP045 - the old spelling counts too
    share: Union[float, None] = None  # noqa: UP007
    flag: bool | None = None
    path: Path | None = None
    day: datetime.date | None = None
    at: datetime.datetime | None = None
    wait: datetime.timedelta | None = None
    color: Color | None = None
    mode: Literal["a", "b"] | None = None
    mode_too: Literal["a", None] = None
    span: DateInterval | None = None
    numbers: list[int] | None = None
    counts: dict[str, int] | None = None
    sloppy: int = None  # type: ignore[assignment]


def test_a_value_that_may_be_none() -> None:
    task = Maybe()
    assert set(task.param_kwargs.values()) == {None}
    assert set(task.to_str_params().values()) == {""}
    assert Maybe.from_str_params(task.to_str_params()) is task
    given = Maybe(path="a", day=datetime.date(2013, 7, 4), color=Color.RED, numbers=[1], mode="a", mode_too="a")
    assert (given.path, given.numbers) == (Path("a"), (1,))
    assert Maybe.from_str_params(given.to_str_params()) is given


def test_a_value_that_may_be_none_is_still_needed_without_a_default() -> None:
    class Needed(luigi.Task):
        path: Path | None

    with pytest.raises(MissingParameterException):
        Needed()
    assert Needed(None).path is None


def test_a_classic_parameter_may_be_annotated() -> None:
    class Both(luigi.Task):
        a: int
        b: int = luigi.IntParameter(default=3, significant=False)
        c: int = 4

    assert [name for name, _ in Both.get_params()] == ["a", "b", "c"]
    assert (Both(1).b, Both(1, 2).b, Both(1, 2, 3).c) == (3, 2, 3)


OfMonth = Annotated[datetime.date, luigi.MonthParameter(description="which month")]


class Noted(luigi.Task):
    month: OfMonth
    other: OfMonth = datetime.date(2013, 7, 4)
    quiet: Annotated[int, "a note", luigi.IntParameter(significant=False)] = 3
    last: int = 4


def test_a_parameter_noted_in_the_annotation_says_the_rest() -> None:
    params = dict(Noted.get_params())
    assert list(params) == ["month", "other", "quiet", "last"]
    assert params["month"] is not params["other"]
    assert (params["month"].description, params["quiet"].significant) == ("which month", False)
    task = Noted(datetime.date(2013, 8, 9))
    assert (task.month, task.other, task.quiet) == (datetime.date(2013, 8, 1), datetime.date(2013, 7, 1), 3)
    with pytest.raises(MissingParameterException, match="'month'"):
        Noted()


# --- programs that annotate and mean nothing by it -----------------------------------------------------------------


def names(task: type[luigi.Task]) -> list[str]:
    return [name for name, _ in task.get_params()]


def test_a_body_with_a_classic_parameter_declares_none_by_annotation() -> None:
    class Classic(luigi.Task):
        date = luigi.DateParameter()
        table: str = "t"
        size: int = 5

    assert names(Classic) == ["date"]
    assert Classic.table == "t"


def test_what_a_base_class_has_is_a_value_for_it() -> None:
    class Tuned(luigi.Task):
        priority: int = 5
        retry_count: int = 3
        task_namespace: str = "tuned"
        resources: dict = {"cpu": 1}
        worker_timeout: int | None = 60
        n: int = 1

    assert names(Tuned) == ["n"]
    assert Tuned().priority == 5
    assert Tuned.get_task_family() == "tuned.Tuned"


def test_annotations_that_are_no_parameters() -> None:
    class Skipped(luigi.Task):
        shared: ClassVar[int] = 1
        bare: ClassVar = 2
        fixed: Final[int] = 3
        final: Final = 4
        _private: int = 5
        either: int | str = 6
        thing: object = 7
        anything: Any = 8
        mixed: Literal["a", 1] = "a"
        other: list[object] = []
        made: luigi.LocalTarget
        member: int = property(lambda self: 9)  # type: ignore[assignment]
        n: int = 10

    assert names(Skipped) == ["n"]
    assert Skipped().member == 9


def test_a_value_for_an_inherited_classic_parameter_stays_a_value() -> None:
    class Base(luigi.Task):
        n = luigi.IntParameter(default=1)

    class Child(Base):
        n: int = 2

    assert names(Child) == []
    assert Child().n == 2


def test_a_mere_annotation_of_an_inherited_parameter_changes_nothing() -> None:
    class Base(luigi.Task):
        n = luigi.IntParameter(default=1)

    class Child(Base):
        n: int
        m: int = 2

    assert names(Child) == ["n", "m"]
    assert Child().n == 1


def test_a_new_default_keeps_the_place() -> None:
    class Base(luigi.Task):
        a: int
        b: int = 1

    class Child(Base):
        c: int = 3
        a: int = 2

    assert names(Child) == ["a", "b", "c"]
    assert Child(7).a == 7
    assert Child().a == 2
    with pytest.raises(MissingParameterException):
        Base()


# --- annotations that are texts ------------------------------------------------------------------------------------

POSTPONED = """
from __future__ import annotations
import datetime
import enum
import typing
from typing import TYPE_CHECKING, ClassVar, Literal, Optional
import luigi
if TYPE_CHECKING:
    from decimal import Decimal

class Mode(enum.Enum):
    FAST = 1

class Task(luigi.Task):
    n: int
    date: datetime.date = datetime.date(2013, 7, 4)
    mode: Mode = Mode.FAST
    maybe: Optional[int] = None
    many: list[Mode] = ()
    kind: Literal["int", "str"] = "int"
    shared: ClassVar[int] = 1
    shared_too: typing.ClassVar = 1
    price: Decimal = 1
    broken: "list[" = 1
    later: Later = None

class Nested(luigi.Task):
    class Shape(enum.Enum):
        ROUND = 1
    shape: Shape = Shape.ROUND
    quoted: list["Mode"] = []
    maybe: Optional["Mode"] = None

class Later: pass
"""


@pytest.fixture
def postponed(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = types.ModuleType("postponed_annotations")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(POSTPONED, module.__dict__)
    return module


def test_postponed_annotations_are_looked_up_in_their_module(postponed: types.ModuleType) -> None:
    assert names(postponed.Task) == ["n", "date", "mode", "maybe", "many", "kind"]
    task = postponed.Task(1, many=[postponed.Mode.FAST])
    assert postponed.Task.from_str_params(task.to_str_params()) is task


def test_postponed_annotations_are_looked_up_in_the_body_too(postponed: types.ModuleType) -> None:
    assert names(postponed.Nested) == ["shape", "quoted", "maybe"]
    assert postponed.Nested.quoted.parse('["FAST"]') == (postponed.Mode.FAST,)


def test_the_kernels_own_tasks_annotate_for_the_reader() -> None:
    body = {"__module__": "luigi.contrib.anything", "__annotations__": {"n": int}}
    assert "n" not in names(type(luigi.Task)("Own", (luigi.Task,), body))


@pytest.mark.parametrize(("requires", "declares"), [("luigi>=3.0", False), ("luigi-kernel", True), ("lxml", True)])
def test_what_an_installed_package_for_luigi_annotates_is_no_parameter(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, requires: str, declares: bool
) -> None:
    package = f"annotating_{declares}_{len(requires)}"
    metadata = tmp_path / f"{package}-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\nRequires-Dist: {requires}\n")
    (tmp_path / f"{package}.py").write_text(
        "import luigi\n\n\nclass Grouped(luigi.Task):\n    _visible_in_registry = False\n    size: int = 1\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    module: Any = importlib.import_module(package)
    assert ("size" in dict(module.Grouped.get_params())) is declares
    assert module.Grouped().size == 1
