"""luigi.util: what the decorators give a class, and the task before."""

from __future__ import annotations

import datetime
import pickle

import pytest

import luigi
from luigi.date_interval import Month, Week, Year
from luigi.mock import MockFileSystem, MockTarget
from luigi.util import common_params, copies, delegates, get_previous_completed, inherits, previous, requires


@pytest.fixture(autouse=True)
def _no_mock_files():
    MockFileSystem().clear()


class Extract(luigi.Task):
    """Reads."""

    x = luigi.IntParameter()
    y = luigi.Parameter(default="from extract")

    def output(self):
        return MockTarget(f"extract-{self.x}")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"first\n{self.x}\n")


class Load(luigi.Task):
    z = luigi.IntParameter()
    y = luigi.Parameter(default="from load")


class TestInherits:
    def test_the_class_stays_and_gets_the_same_parameter_objects(self):
        class Plain(luigi.Task):
            own = luigi.IntParameter(default=1)

        decorated = inherits(Extract)(Plain)
        assert decorated is Plain
        assert Plain.x is Extract.x
        assert [name for name, _ in Plain.get_params()] == ["x", "y", "own"]
        assert str(Plain(x=1)) == "Plain(x=1, y=from extract, own=1)"

    def test_a_parameter_of_its_own_stays(self):
        @inherits(Extract)
        class Own(luigi.Task):
            y = luigi.Parameter(default="mine")

        assert Own(x=1).y == "mine"
        assert Own(x=1).clone_parent().y == "mine"

    @pytest.mark.parametrize("value", ["constant", None, property(lambda self: f"of {self.x}")])
    def test_an_attribute_that_is_no_parameter_stays_and_is_handed_on(self, value):
        cls = inherits(Extract)(type(luigi.Task)("Fixed", (luigi.Task,), {"y": value, "__module__": __name__}))
        assert [name for name, _ in cls.get_params()] == ["x"]
        assert cls(x=3).clone_parent().y == ("of 3" if isinstance(value, property) else value)

    def test_a_parameter_of_a_base_class_stays(self):
        class Base(luigi.Task):
            y = luigi.Parameter(default="of the base")

        @inherits(Extract)
        class Derived(Base):
            pass

        assert Derived.y is Base.y

    def test_of_several_the_first_one_counts(self):
        @inherits(Extract, Load)
        class Both(luigi.Task):
            pass

        both = Both(x=1, z=2)
        assert both.y == "from extract"
        assert both.clone_parent() == Extract(x=1)
        assert both.clone_parents() == [Extract(x=1), Load(z=2, y="from extract")]

    def test_by_name_gives_a_dict_and_no_first(self):
        @inherits(a=Extract, b=Load)
        class Named(luigi.Task):
            pass

        task = Named(x=1, z=2)
        assert task.clone_parents() == {"a": Extract(x=1), "b": Load(z=2, y="from extract")}
        assert not hasattr(task, "clone_parent")

    def test_clones_take_values_to_use_instead(self):
        @inherits(Extract, Load)
        class Both(luigi.Task):
            pass

        assert Both(x=1, z=2).clone_parent(x=5) == Extract(x=5)
        assert Both(x=1, z=2).clone_parents(y="other") == [Extract(x=1, y="other"), Load(z=2, y="other")]

    def test_of_two_decorators_the_inner_parameters_and_the_outer_clones_count(self):
        @inherits(Extract)
        @inherits(Load)
        class Twice(luigi.Task):
            pass

        assert Twice(x=1, z=2).y == "from load"
        assert Twice(x=1, z=2).clone_parents() == [Extract(x=1, y="from load")]

    @pytest.mark.parametrize("decorator", [inherits, requires])
    def test_tasks_are_given_one_way(self, decorator):
        with pytest.raises(TypeError):
            decorator()(Load)
        with pytest.raises(TypeError):
            decorator(Extract, b=Load)(Load)

    def test_namespaces_are_not_inherited(self):
        class Spaced(luigi.Task):
            task_namespace = "space"
            n = luigi.IntParameter()

        @requires(Spaced)
        class Bare(luigi.Task):
            pass

        assert Bare.task_family == "Bare"
        assert str(Bare(1).requires()) == "space.Spaced(n=1)"


class TestRequires:
    def test_one_task_is_required_as_itself(self):
        @requires(Extract)
        class One(luigi.Task):
            pass

        assert One(x=1).requires() == Extract(x=1)
        assert One(x=1).input().path == "extract-1"

    def test_several_are_required_as_a_list_and_named_ones_as_a_dict(self):
        @requires(Extract, Load)
        class Several(luigi.Task):
            pass

        @requires(a=Extract, b=Load)
        class Named(luigi.Task):
            pass

        @requires(only=Extract)
        class OneNamed(luigi.Task):
            pass

        assert Several(x=1, z=2).requires() == [Extract(x=1), Load(z=2, y="from extract")]
        assert Named(x=1, z=2).requires() == {"a": Extract(x=1), "b": Load(z=2, y="from extract")}
        assert OneNamed(x=1).requires() == {"only": Extract(x=1)}

    def test_it_replaces_the_method_of_the_class(self):
        @requires(Extract)
        class Own(luigi.Task):
            def requires(self):
                return Load(z=9)

        assert Own(x=1).requires() == Extract(x=1)

    def test_insignificant_values_are_handed_on(self):
        class Quiet(luigi.Task):
            level = luigi.IntParameter(default=0, significant=False)

        @requires(Quiet)
        class Loud(luigi.Task):
            pass

        assert Loud(level=3).requires().level == 3


class TestCopies:
    def test_the_output_gets_the_lines_of_the_input(self):
        @copies(Extract)
        class Copy(luigi.Task):
            """Copies."""

            extra = luigi.IntParameter(default=5)

            def output(self):
                return MockTarget(f"copy-{self.x}")

        task = Copy(x=4)
        assert str(task) == "Copy(x=4, y=from extract, extra=5)"
        assert task.requires() == Extract(x=4)
        Extract(x=4).run()
        task.run()
        with task.output().open() as copied:
            assert copied.read() == "first\n4\n"

    def test_the_class_is_replaced_by_one_below_it_of_the_same_name(self):
        class Copy(luigi.Task):
            """Copies."""

        below = copies(Extract)(Copy)
        assert below is not Copy
        assert issubclass(below, Copy)
        assert below.__wrapped__ is Copy
        assert (below.__name__, below.__doc__, below.__module__) == ("Copy", "Copies.", __name__)
        assert below.task_family == "Copy"

    def test_the_family_means_the_class_that_copies(self):
        @copies(Extract)
        class CopyInRegister(luigi.Task):
            pass

        assert luigi.task_register.Register.get_task_cls("CopyInRegister") is CopyInRegister


class Needed(luigi.Task):
    n = luigi.IntParameter()

    def complete(self):
        return True


class Sub(luigi.Task):
    n = luigi.IntParameter()
    ran: list[int] = []

    def requires(self):
        return Needed(self.n)

    def run(self):
        self.ran.append(self.n)


@delegates
class Whole(luigi.WrapperTask):
    first = luigi.IntParameter(default=1)

    def requires(self):
        return {"own": Needed(100)}

    def subtasks(self):
        return {"a": Sub(self.first), "b": [Sub(self.first + 1)]}

    def run(self):
        Sub.ran.append(0)


class TestDelegates:
    def test_it_depends_on_what_its_subtasks_require(self):
        assert Whole().deps() == [Needed(100), Needed(1), Needed(2)]
        assert Whole().requires() == {"own": Needed(100)}

    def test_subtasks_run_before_its_own_work(self):
        Sub.ran.clear()
        Whole().run()
        assert Sub.ran == [1, 2, 0]

    def test_one_subtask_needs_no_list(self):
        @delegates
        class Single(luigi.Task):
            def subtasks(self):
                return Sub(7)

        assert Single().deps() == [Needed(7)]

    def test_the_class_is_one_below_that_pickles_and_clones(self):
        assert Whole.__name__ == "Whole"
        assert issubclass(Whole, Whole.__wrapped__)
        assert pickle.loads(pickle.dumps(Whole(first=3))) == Whole(first=3)
        assert Whole(first=3).clone(first=4) == Whole(first=4)

    def test_a_class_without_subtasks_is_refused(self):
        with pytest.raises(AttributeError, match='needs to implement the method "subtasks"'):
            delegates(Extract)


class TestCommonParams:
    def test_values_of_parameters_both_have(self):
        class Other(luigi.Task):
            y = luigi.Parameter()
            x = luigi.Parameter()
            more = luigi.IntParameter(default=3)

        assert common_params(Extract(x=1), Other) == {"x": 1, "y": "from extract"}

    def test_attributes_that_are_no_parameters_do_not_count(self):
        class Other(luigi.Task):
            x = 5

        assert common_params(Extract(x=1), Other) == {}

    @pytest.mark.parametrize("wrong", [Extract(x=1), 3])
    def test_the_second_is_a_class(self, wrong):
        with pytest.raises(TypeError):
            common_params(Extract(x=1), wrong)


def timed(parameter):
    return type(luigi.Task)("Timed", (luigi.Task,), {"t": parameter, "k": luigi.IntParameter(default=3)})


NEW_YEAR = datetime.datetime(2015, 1, 1)


class TestPrevious:
    @pytest.mark.parametrize(
        ("parameter", "value", "before"),
        [
            (luigi.DateParameter(), NEW_YEAR.date(), "2014-12-31"),
            (luigi.DateParameter(interval=7), NEW_YEAR.date(), "2014-12-25"),
            (luigi.MonthParameter(), NEW_YEAR.date(), "2014-12"),
            (luigi.MonthParameter(interval=3), NEW_YEAR.date(), "2014-10"),
            (luigi.MonthParameter(), datetime.date(2015, 3, 31), "2015-02"),
            (luigi.YearParameter(), NEW_YEAR.date(), "2014"),
            (luigi.DateHourParameter(), NEW_YEAR, "2014-12-31T23"),
            (luigi.DateHourParameter(interval=6), NEW_YEAR, "2014-12-31T18"),
            (luigi.DateMinuteParameter(), NEW_YEAR, "2014-12-31T2359"),
            (luigi.DateMinuteParameter(interval=15), NEW_YEAR, "2014-12-31T2345"),
            (luigi.DateSecondParameter(), NEW_YEAR, "2014-12-31T235959"),
            (luigi.DateIntervalParameter(), Week(2015, 1), "2014-W52"),
            (luigi.DateIntervalParameter(), Month(2015, 1), "2014-12"),
            (luigi.DateIntervalParameter(), Year(2015), "2014"),
        ],
    )
    def test_one_step_of_the_parameter_back(self, parameter, value, before):
        assert str(previous(timed(parameter)(t=value, k=4))) == f"Timed(t={before}, k=4)"

    def test_no_time_or_two_is_no_question_for_it(self):
        class Two(luigi.Task):
            day = luigi.DateParameter(default=NEW_YEAR.date())
            hour = luigi.DateHourParameter(default=NEW_YEAR)

        with pytest.raises(NotImplementedError):
            previous(Extract(x=1))
        with pytest.raises(NotImplementedError):
            previous(Two())


class DoneOnThe3rd(luigi.Task):
    day = luigi.DateParameter()

    def complete(self):
        return self.day.day == 3


class TestGetPreviousCompleted:
    @pytest.mark.parametrize(("day", "steps"), [(5, {}), (13, {}), (31, {"max_steps": 28}), (4, {"max_steps": 1})])
    def test_the_nearest_complete_one(self, day, steps):
        task = DoneOnThe3rd(datetime.date(2015, 1, day))
        assert get_previous_completed(task, **steps) == DoneOnThe3rd(datetime.date(2015, 1, 3))

    @pytest.mark.parametrize(("day", "steps"), [(14, {}), (5, {"max_steps": 1}), (4, {"max_steps": 0}), (3, {})])
    def test_none_within_the_steps(self, day, steps):
        assert get_previous_completed(DoneOnThe3rd(datetime.date(2015, 1, day)), **steps) is None
