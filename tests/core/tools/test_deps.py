"""luigi-deps: which tasks are on the way to a family, and how the command tells them."""

from __future__ import annotations

import sys
import textwrap

import pytest

import luigi
from luigi.errors import BadRequirement
from luigi.mock import MockTarget
from luigi.target import FileSystemTarget, Target
from luigi.tools import deps


class Leaf(luigi.Task):
    n = luigi.IntParameter(default=0)


class Middle(luigi.Task):
    n = luigi.IntParameter(default=0)

    def requires(self):
        return Leaf(self.n)


class Root(luigi.Task):
    def requires(self):
        return {"a": Middle(1), "b": [Middle(2), Leaf(9)]}


class TestFindDeps:
    def test_everything_without_a_family(self):
        assert deps.find_deps(Root(), None) == {Root(), Middle(1), Middle(2), Leaf(1), Leaf(2), Leaf(9)}

    def test_the_ways_to_a_family(self):
        assert deps.find_deps(Root(), "Middle") == {Root(), Middle(1), Middle(2)}
        assert deps.find_deps(Middle(1), "Leaf") == {Middle(1), Leaf(1)}

    def test_the_family_itself_and_none_of_it(self):
        assert deps.find_deps(Root(), "Root") == {Root()}
        assert deps.find_deps(Root(), "Other") == set()

    def test_a_long_chain_and_a_wide_mesh_take_no_longer_than_they_have_tasks(self):
        class Mesh(luigi.Task):
            level = luigi.IntParameter()
            place = luigi.IntParameter()

            def requires(self):
                return [Mesh(self.level - 1, place) for place in range(3)] if self.level else []

        class Chain(luigi.Task):
            n = luigi.IntParameter()

            def requires(self):
                return Chain(self.n - 1) if self.n else []

        assert len(deps.find_deps(Mesh(40, 0), None)) == 1 + 40 * 3
        assert len(deps.find_deps(Chain(5000), "Chain")) == 5001

    def test_a_circle_ends(self):
        class Round(luigi.Task):
            n = luigi.IntParameter()

            def requires(self):
                return Round((self.n + 1) % 3)

        assert deps.find_deps(Round(0), None) == {Round(0), Round(1), Round(2)}

    def test_a_requirement_that_is_no_task(self):
        class Wrong(luigi.Task):
            def requires(self):
                return [Leaf]

        with pytest.raises(BadRequirement):
            deps.find_deps(Wrong(), None)

    def test_the_paths_begin_at_the_start_or_with_what_led_there(self):
        assert next(deps.dfs_paths(Root(), "Leaf")) == Root()
        assert list(deps.dfs_paths(Middle(1), "Leaf", path=[Root(), Middle(1)])) == [Root(), Middle(1), Leaf(1)]

    def test_get_task_requires(self):
        assert deps.get_task_requires(Root()) == {Middle(1), Middle(2), Leaf(9)}
        assert deps.get_task_requires(Leaf()) == set()


class Host(FileSystemTarget):
    class fs:
        class remote_context:
            host = "far"

    def open(self, mode):
        raise NotImplementedError


class Key(Host):
    fs = None


class Table(Target):
    host, table = "db", "rows"

    def exists(self):
        return True


class Unknown(Target):
    def exists(self):
        return True


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (luigi.LocalTarget("x/y"), "[FileSystem] x/y"),
        (MockTarget("m"), "[FileSystem] m"),
        (Key("s3://bucket/key"), "[S3] s3://bucket/key"),
        (Host("/p"), "[SSH] far:/p"),
        (Table(), "[DB] db:rows"),
        (Unknown(), "to be determined"),
        ("text", "to be determined"),
        (None, "to be determined"),
    ],
)
def test_get_task_output_description(target, text):
    assert deps.get_task_output_description(target) == text


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A directory with the module deps_of_reports. One for all tests: a class defined twice is ambiguous."""
    directory = tmp_path_factory.mktemp("reports")
    (directory / "deps_of_reports.py").write_text(
        textwrap.dedent(
            """
            import luigi

            class Dump(luigi.ExternalTask):
                task_namespace = "reports"
                day = luigi.DateParameter()
                def output(self): return luigi.LocalTarget(f"dump-{self.day}")

            class Clean(luigi.Task):
                task_namespace = "reports"
                day = luigi.DateParameter()
                def requires(self): return Dump(self.day)
                def output(self): return [luigi.LocalTarget(f"clean-{self.day}"), luigi.LocalTarget("log")]

            class Report(luigi.WrapperTask):
                task_namespace = "reports"
                day = luigi.DateParameter()
                def requires(self): yield Clean(self.day); yield Dump(self.day)
            """
        )
    )
    return directory


@pytest.fixture
def command(reports, monkeypatch, capsys):
    """The command, as a function of its arguments: (exit code, stdout, stderr)."""
    monkeypatch.syspath_prepend(reports)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["luigi-deps", *arguments])
        code, message = exit_of(deps.main)
        told = capsys.readouterr()
        return code, told.out, told.err + message

    return run


def exit_of(main):
    """The exit code of a command, and what the interpreter would print at its end."""
    try:
        return main(), ""
    except SystemExit as end:
        return (1, end.code) if isinstance(end.code, str) else (end.code, "")


CLEAN = """\
   TASK: reports.Clean(day=2015-01-02)
                       : [FileSystem] clean-2015-01-02
                       : [FileSystem] log
"""
DUMP = """\
   TASK: reports.Dump(day=2015-01-02)
                       : [FileSystem] dump-2015-01-02
"""
REPORT = "   TASK: reports.Report(day=2015-01-02)\n"


class TestCommand:
    REPORT = ("--module", "deps_of_reports", "reports.Report", "--day", "2015-01-02")

    def test_all_tasks_and_their_outputs(self, command):
        assert command(*self.REPORT) == (0, REPORT + CLEAN + DUMP, "")

    def test_those_on_the_way_to_a_family(self, command):
        assert command(*self.REPORT, "--upstream-family", "reports.Clean") == (0, REPORT + CLEAN, "")

    def test_a_family_that_is_not_upstream_is_said_to_be_none(self, command):
        code, out, err = command(*self.REPORT, "--upstream-family", "reports.Report2")
        assert (code, out) == (0, "")
        assert "there is no reports.Report2 upstream of reports.Report(day=2015-01-02)" in err

    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            ((), 1, "No task specified"),
            (("--module", "deps_of_reports", "reports.Report"), 1, "day"),
            (("--module", "deps_of_reports", "reports.Report", "--day", "soon"), 1, "'soon'"),
            (("--module", "deps_of_reports", "reports.Raport"), 1, "reports.Report"),
            (("--module", "deps_of_nothing", "reports.Report"), 1, "deps_of_nothing"),
            ((*REPORT, "--nope"), 2, "--nope"),
        ],
    )
    def test_mistakes(self, command, arguments, code, told):
        found, out, err = command(*arguments)
        assert found == code
        assert told in out + err
        assert "Traceback" not in err
