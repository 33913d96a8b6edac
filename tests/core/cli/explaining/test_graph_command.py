"""`kernel graph` as people call it: options, exit codes, what goes where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import luigi
from luigi.cli import main as kernel
from luigi.cli.explaining.graph import MOST_DRAWN

HERE = __name__


class GraphedReport(luigi.Task):
    size = luigi.IntParameter(default=2)
    depth = luigi.IntParameter(default=0)

    def requires(self) -> list[luigi.Task]:
        return [GraphedPart(n=n) for n in range(self.size)]


class GraphedPart(luigi.Task):
    n = luigi.IntParameter()

    def requires(self) -> list[luigi.Task]:
        if self.n == 13:
            raise RuntimeError("no luck")
        return []

    def complete(self) -> bool:
        return self.n == 0


class GraphedYields(luigi.Task):
    def complete(self) -> bool:
        return False

    def run(self) -> Iterator[luigi.Task]:  # type: ignore[override]  # as a Task's may be
        yield GraphedPart(n=1)


def graph(*argv: str) -> int:
    try:
        return kernel(["graph", *argv])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_a_tree_unless_another_format_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph(f"{HERE}:GraphedReport", "--status") == 0
    assert capsys.readouterr().out.splitlines() == [
        "GraphedReport(size=2, depth=0)  [pending]",
        "├─ GraphedPart(n=0)  [complete]",
        "└─ GraphedPart(n=1)  [pending]",
        "3 tasks, 1 complete, 2 pending",
    ]


def test_that_a_task_may_require_more_while_it_runs_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph(f"{HERE}:GraphedYields") == 0
    assert capsys.readouterr().out.splitlines() == ["GraphedYields()  … and what run() yields", "1 task"]
    assert graph(f"{HERE}:GraphedYields", "--json", "--collapse", "family") == 0
    assert [node["dynamic"] for node in json.loads(capsys.readouterr().out)["nodes"]] == [True]


def test_the_tasks_own_parameter_wins_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("--depth", "0", "--json", f"{HERE}:GraphedReport", "--depth", "7", "--size=1") == 0
    document = json.loads(capsys.readouterr().out)
    assert [node["parameters"] for node in document["nodes"]] == [{"size": "1", "depth": "7"}]
    assert document["nodes"][0]["not_shown"] == 1


def test_a_large_graph_is_folded_for_people_only(capsys: pytest.CaptureFixture[str]) -> None:
    size = f"--size={MOST_DRAWN + 100}"
    argv = [f"{HERE}:GraphedReport", size]
    assert graph(*argv) == 1, "one of them raises"
    told = capsys.readouterr()
    assert f"GraphedPart: {MOST_DRAWN + 100} tasks" in told.out
    assert "--collapse none" in told.err
    graph(*argv, "--collapse", "none")
    assert len(capsys.readouterr().out.splitlines()) == MOST_DRAWN + 102
    graph(*argv, "--json")
    assert len(json.loads(capsys.readouterr().out)["nodes"]) == MOST_DRAWN + 101


def test_what_raises_makes_the_exit_code_1_and_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("--up", "GraphedPart(n=5)", f"{HERE}:GraphedReport", "--size", "14") == 0, "it is not in this part"
    assert graph(f"{HERE}:GraphedReport", "--size", "14") == 1
    assert "RuntimeError: no luck" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["--format", "png", f"{HERE}:GraphedReport"], 2, "png"),
        (["--depth=-1", f"{HERE}:GraphedReport"], 2, "not a number of steps"),
        (["--status"], 2, "no task is named"),
        ([f"{HERE}:GraphedReport", "--up", "GraphedPrat"], 1, "GraphedPart"),
    ],
)
def test_mistakes_are_sentences(argv: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert graph(*argv) == code
    told = capsys.readouterr().err
    assert told.startswith("error:")
    assert said in told


def test_files_are_utf_8_whatever_the_terminal_is(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        "import luigi\nclass Größe(luigi.Task):\n    of = luigi.Parameter(default='\\udcff')\n"
    )
    code = "import sys; from luigi.cli import main; sys.exit(main())"
    for form in ("text", "svg", "html", "dot", "mermaid", "json"):
        done = subprocess.run(
            [sys.executable, "-c", code, "graph", "--format", form, "odd:Größe"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        )
        assert "Größe" in done.stdout.decode("utf-8")
    assert json.loads(done.stdout)["nodes"][0]["parameters"] == {"of": "\udcff"}


def test_help_has_options_exit_codes_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("--help") == 0
    told = capsys.readouterr().out
    assert all(part in told for part in ("--collapse", "exit codes:", "example:", "--format"))


def test_nothing_of_drawing_is_loaded_for_other_commands() -> None:
    code = "import sys; from luigi.cli import commands; commands(); print([m for m in sys.modules if 'drawing' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
