"""What mappers, combiners and reducers read, write and count."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib import hadoop
from luigi.contrib.hadoop import JobTask, LocalJobRunner
from luigi.errors import KernelError


class HadoopRecords(JobTask):
    """Says what it is called with."""

    def init_mapper(self) -> None:
        self.began = "mapper"

    def init_combiner(self) -> None:
        self.began = "combiner"

    def init_reducer(self) -> None:
        self.began = "reducer"

    def mapper(self, line: str) -> Any:
        if line.strip():
            yield line.split()[0], (self.began, len(line.split()))

    def combiner(self, key: Any, values: Iterable[Any]) -> Any:
        yield key, (self.began, sum(number for _, number in values))

    def reducer(self, key: Any, values: Iterable[Any]) -> Any:
        yield key, self.began, *values

    def final_mapper(self) -> Any:
        yield "final", ("mapper", 0)


def ran(run: Any, text: str) -> str:
    out = io.StringIO()
    run(io.StringIO(text), out)
    return out.getvalue()


def test_keys_and_values_from_step_to_step() -> None:
    task = HadoopRecords()
    mapped = ran(task.run_mapper, "a b c\n\na d\n")
    assert mapped == "'a'\t('mapper', 3)\n'a'\t('mapper', 2)\n'final'\t('mapper', 0)\n"
    combined = ran(task.run_combiner, mapped)
    assert combined == "'a'\t('combiner', 5)\n'final'\t('combiner', 0)\n"
    assert ran(task.run_reducer, combined) == "a\treducer\tcombiner\t5\nfinal\treducer\tcombiner\t0\n"


def test_values_that_a_reducer_leaves_are_not_those_of_the_next_key() -> None:
    class First(HadoopRecords):
        def reducer(self, key: Any, values: Any) -> Any:
            yield key, next(values)

    assert ran(First().run_reducer, "1\t2\n1\t3\n2\t4\n") == "1\t2\n2\t4\n"


@pytest.mark.parametrize(
    "value",
    [
        *[5, -2.5, True, None, "a\tb\nc", "été", b"x", (1, ["x", {"k": {1, 2}}]), set(), frozenset({1}), -math.inf],
        *[datetime.date(2020, 1, 1), datetime.timedelta(days=-1, seconds=3), Decimal("1.50"), (datetime.time(1, 2),)],
        datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    ],
)
def test_values_of_python_come_back_as_they_were(value: Any) -> None:
    task = HadoopRecords()
    out = io.StringIO()
    task.internal_writer([("key", value)], out)
    assert out.getvalue().count("\n") == 1
    assert list(task.internal_reader(io.StringIO(out.getvalue()))) == [["key", value]]


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('x')", "open('x')", "(lambda: 1)()", "datetime.date.fromtimestamp(1)", "[x for x in y]"],
)
def test_nothing_else_is_made_of_what_is_read(text: str) -> None:
    with pytest.raises(ValueError):
        list(HadoopRecords().internal_reader(io.StringIO(f"1\t{text}\n")))


def test_json_is_another_format() -> None:
    class Json(HadoopRecords):
        data_interchange_format = "json"

    out = io.StringIO()
    Json().internal_writer([("é", {"a": [1, None]})], out)
    assert out.getvalue() == '"\\u00e9"\t{"a": [1, null]}\n'
    assert list(Json().internal_reader(io.StringIO(out.getvalue()))) == [["é", {"a": [1, None]}]]


def test_a_format_there_is_not_is_an_error() -> None:
    class Xml(HadoopRecords):
        data_interchange_format = "xml"

    with pytest.raises(KernelError, match="data_interchange_format = 'xml': there are python, json"):
        ran(Xml().run_mapper, "a\n")


@pytest.mark.parametrize(
    ("outputs", "python", "json"),
    [
        ([(1, "a")], "1\ta", "1\ta"),
        ([("a", (1, 2), None)], "a\t1\t2\tNone", "a\t[1, 2]\tnull"),
        (["text"], "text", "text"),
        ([5], "5", "5"),
        ([("", {"a": 1})], "\ta", '{"a": 1}'),
        ([{"a": 1}], "a", '{"a": 1}'),
        ([["l", "m"], ("n",)], "l\tm\nn", "l\tm\nn"),
    ],
)
def test_outputs_are_lines_with_tabs(outputs: Any, python: str, json: str) -> None:
    class Json(HadoopRecords):
        data_interchange_format = "json"

    for task, expected in [(HadoopRecords(), python), (Json(), json)]:
        out = io.StringIO()
        task.writer(outputs, out)
        assert out.getvalue() == f"{expected}\n"


def test_a_mapper_passes_lines_on_by_default() -> None:
    assert list(JobTask().mapper("line\n")) == [(None, "line\n")]
    assert list(JobTask().reader(io.StringIO("a\nb"))) == [("a\n",), ("b",)]


def test_counters_are_told_when_they_come_to_enough_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    class Batched(HadoopRecords):
        batch_counter_default = 3

    task = Batched()
    for _ in range(7):
        task.incr_counter("group", "name", 1)
    task.incr_counter("alone", 2, batch_counter=2)
    task.incr_counter("a,b", "c\nd", 4)
    told = ["reporter:counter:group,name,3"] * 2 + ["reporter:counter:alone,2", "reporter:counter:a;b,c d,4"]
    assert capsys.readouterr().err.splitlines() == told
    ran(task.run_mapper, "")
    assert capsys.readouterr().err == "reporter:counter:group,name,1\n"


def test_lines_of_one_key_come_together() -> None:
    assert LocalJobRunner().group(io.StringIO("b\t2\na\t1\na b\t0\na\t0")).read() == "a\t1\na\t0\na b\t0\nb\t2\n"


def test_a_sample_is_enough_for_a_try(tmp_path: Path) -> None:
    class Text(luigi.ExternalTask):
        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "text")

    class Sampled(JobTask):
        def requires(self) -> Any:
            return [Text(), Text()]

        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "out")

        def mapper(self, line: str) -> Any:
            yield line.strip(), 1

        def job_runner(self) -> Any:
            return LocalJobRunner(samplelines=2)

    (tmp_path / "text").write_text("b\na\nc\n")
    Sampled().run()
    assert (tmp_path / "out").read_text() == "b\t1\na\t1\nb\t1\na\t1\n"


@pytest.mark.parametrize("samplelines", [None, 2])
def test_a_line_ends_where_its_file_does(tmp_path: Path, samplelines: int | None) -> None:
    class Unended(luigi.ExternalTask):
        name = luigi.Parameter()

        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / self.name)

    class Joined(JobTask):
        def requires(self) -> Any:
            return [Unended("one"), Unended("none"), Unended("other")]

        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "out")

        def mapper(self, line: str) -> Any:
            yield line.rstrip("\n"), len(line)

        def job_runner(self) -> Any:
            return LocalJobRunner(samplelines)

    (tmp_path / "one").write_text("a\nb")
    (tmp_path / "none").write_text("")
    (tmp_path / "other").write_text("c")
    Joined().run()
    assert (tmp_path / "out").read_text() == "a\t2\nb\t2\nc\t2\n"


def test_without_a_reducer_nothing_is_combined(tmp_path: Path) -> None:
    class Mapped(JobTask):
        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "out")

        def final_mapper(self) -> Any:
            yield "to be", 1

        def combiner(self, key: Any, values: Any) -> Any:
            raise AssertionError(key)

    Mapped().run()
    assert (tmp_path / "out").read_text() == "to be\t1\n"


def test_a_mapper_that_fails_here_leaves_no_output(tmp_path: Path) -> None:
    class Failing(JobTask):
        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "out")

        def reducer(self, key: Any, values: Any) -> Any:
            raise OSError("the disk is full")

        def final_mapper(self) -> Any:
            yield 1, 1

    with pytest.raises(OSError, match="the disk is full"):
        Failing().run()
    assert not list(tmp_path.iterdir())


def test_links_are_made_of_files_that_came_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "came").write_text("x")
    task = HadoopRecords()
    task.add_link("came", "a/deep/link")
    task.add_link("came", "a/deep/link")
    task._make_links()
    task._make_links()
    assert (tmp_path / "a/deep/link").read_text() == "x"


def test_a_tasks_file_can_be_written_by_hand(tmp_path: Path) -> None:
    written = luigi.contrib.hadoop.JobTask().dump(str(tmp_path))
    assert written.path == str(tmp_path / "job-instance.pickle")


def test_extra_files_of_folders_are_files(tmp_path: Path) -> None:
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "d" / "e" / "f").write_text("")
    (tmp_path / "d" / ".g").write_text("")
    folder = str(tmp_path / "d")
    assert hadoop.get_extra_files(["/x/b", ("/y", "z"), folder, (folder, "as")]) == [
        *[("/x/b", "b"), ("/y", "z"), (f"{folder}/.g", "d/.g"), (f"{folder}/e/f", "d/e/f")],
        *[(f"{folder}/.g", "as/.g"), (f"{folder}/e/f", "as/e/f")],
    ]


def test_links_are_followed_to_their_end(tmp_path: Path) -> None:
    (tmp_path / "to").symlink_to("further")
    (tmp_path / "further").symlink_to(tmp_path / "end")
    assert hadoop.dereference(str(tmp_path / "to")) == str(tmp_path / "end")
    assert hadoop.dereference(str(tmp_path)) == str(tmp_path)


def test_flattening_goes_one_level_down() -> None:
    assert list(hadoop.flatten([1, [2, (3, "abc")], {4}, "text"])) == [1, 2, (3, "abc"), 4, "text"]
