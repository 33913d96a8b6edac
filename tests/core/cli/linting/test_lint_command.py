"""`kernel lint`: each rule finds what it is for and lets be what is right."""

from __future__ import annotations

import importlib
import json
import secrets
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.cli.linting.lint import main
from luigi.cli.linting.rules import RULES
from luigi.cli.usage import UsageError
from luigi.cli.user_module import ModuleMissing

HEAD = """\
import datetime
import random
import luigi
from luigi.parameter import ParameterVisibility

"""

Lint = Callable[..., "list[dict[str, Any]]"]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Puts the body of a module into a file, and gives what is found in it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    token = secrets.token_hex(4)  # a module is imported once in a process, and its classes stay

    def found(body: str, *argv: str) -> list[dict[str, Any]]:
        name = f"linted_{token}_{len(list(tmp_path.glob('linted_*.py')))}"
        (tmp_path / f"{name}.py").write_text(HEAD + textwrap.dedent(body))
        importlib.invalidate_caches()
        code = main([name, "--json", *argv])
        told = json.loads(capsys.readouterr().out)
        assert code == bool(told["findings"])
        findings: list[dict[str, Any]] = told["findings"]
        return findings

    return found


def module() -> str:
    """The one that was looked at last."""
    return max(path.stem for path in Path().glob("linted_*.py"))


def rules(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Rule, and the source of the line, of each."""
    return [
        (finding["rule"], Path(finding["path"]).read_text().splitlines()[finding["line"] - 1].strip())
        for finding in findings
    ]


GOOD = """
    class Source(luigi.ExternalTask):
        day = luigi.DateParameter()

        def output(self):
            return luigi.LocalTarget(f"in/{self.day}")


    class Made(luigi.Task):
        day = luigi.DateParameter()
        mode = luigi.ChoiceParameter(choices=["fast", "slow"], default="fast", significant=False)
        shelf = luigi.OptionalIntParameter(default=None, significant=False)

        def requires(self):
            return Source(self.day)

        def output(self):
            return luigi.LocalTarget(f"out/{self.day:%Y/%m}/{self.day}")

        def run(self):
            with self.output().open("w") as file, open(self.input().path) as given:
                file.write(given.read())
            print(open(self.output().path).read())


    class Copied(luigi.Task):
        "Who wants it says where it is to be."
        source = luigi.Parameter()
        path = luigi.Parameter()

        def output(self):
            return luigi.LocalTarget(self.path)

        def run(self):
            pass


    class CopiedToo(Copied):
        pass


    class Bell(luigi.Target):
        def __init__(self, n):
            self.n = n

        def exists(self):
            return True


    class Rings(luigi.Task):
        "Its targets have no path."
        n = luigi.IntParameter()

        def output(self):
            return Bell(self.n)

        def run(self):
            pass


    class Passed(luigi.Task):
        "Passes on what another makes."
        day = luigi.DateParameter()

        def requires(self):
            return Made(self.day)

        def output(self):
            return self.input()


    class All(luigi.WrapperTask):
        month = luigi.MonthParameter()

        def requires(self):
            return [Passed(self.month + datetime.timedelta(days=n)) for n in range(3)]


    class Base(luigi.Task):
        "Others are derived from it."


    class Derived(Base):
        def complete(self):
            return datetime.date.today().year > 2000
"""


def test_what_is_right_is_let_be(lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(GOOD) == []
    assert main([module()]) == 0
    assert capsys.readouterr().err == "9 tasks, 0 findings\n"


def test_circles_are_found_with_their_paths(lint: Lint) -> None:
    findings = lint(
        """
        class Hen(luigi.Task):
            n = luigi.IntParameter()

            def requires(self):
                return Egg(self.n)

            def output(self):
                return luigi.LocalTarget(f"hen-{self.n}")


        class Egg(Hen):
            def requires(self):
                return Hen(self.n)

            def output(self):
                return luigi.LocalTarget(f"egg-{self.n}")


        class Itself(Hen):
            def requires(self):
                return self

            def output(self):
                return luigi.LocalTarget(f"it-{self.n}")
        """
    )
    assert [finding["rule"] for finding in findings] == ["circle", "circle"]
    assert findings[0]["sentence"].endswith("Hen(n=1) -> Egg(n=1) -> Hen(n=1)")
    assert findings[1]["sentence"].endswith("Itself(n=1) -> Itself(n=1)")


def test_a_chain_without_end_is_cut(lint: Lint) -> None:
    assert not lint(
        """
        class Daily(luigi.Task):
            day = luigi.DateParameter()

            def requires(self):
                return Daily(self.day - datetime.timedelta(days=1))

            def output(self):
                return luigi.LocalTarget(f"daily/{self.day}")
        """
    )


def test_shared_outputs_are_found(lint: Lint) -> None:
    findings = lint(
        """
        class One(luigi.Task):
            day = luigi.DateParameter()
            country = luigi.Parameter(default="CH")
            loud = luigi.BoolParameter(significant=False)

            def output(self):
                return luigi.LocalTarget(f"out/{self.day}")

            def run(self):
                pass


        class Other(luigi.Task):
            day = luigi.DateParameter()

            def output(self):
                return luigi.LocalTarget(f"out/{self.day}")

            def run(self):
                pass
        """
    )
    assert rules(findings) == [
        ("shared-output", 'country = luigi.Parameter(default="CH")'),
        ("shared-output", "def output(self):"),
    ]
    assert "One(day=2013-07-04, country=CH)" in findings[1]["sentence"]


def test_missing_outputs_are_found(lint: Lint) -> None:
    findings = lint(
        """
        class Prints(luigi.Task):
            def run(self):
                print("hello")


        class Outside(luigi.ExternalTask):
            pass
        """
    )
    assert rules(findings) == [
        ("missing-output", "class Prints(luigi.Task):"),
        ("missing-output", "class Outside(luigi.ExternalTask):"),
    ]


def test_parameters_that_do_not_travel_are_found(lint: Lint) -> None:
    findings = lint(
        """
        class Odd(luigi.WrapperTask):
            number = luigi.Parameter(default=3)
            nothing = luigi.IntParameter(default=None)
            key = luigi.IntParameter(default="marker-key", visibility=ParameterVisibility.PRIVATE)
            fine = luigi.ListParameter(default=[1, {"a": [2]}])
            day = luigi.DateParameter(default=None)


        class Heir(Odd):
            pass
        """
    )
    assert [finding["rule"] for finding in findings] == ["parameter"] * 4
    assert findings[0]["sentence"] == "Odd.number: its default 3 is read back as '3'"
    assert [findings[place]["hint"] for place in (1, 3)] == [
        "take OptionalIntParameter",
        "declare it by an annotation with `| None`",
    ]
    assert "marker" not in json.dumps(findings)


def test_what_changes_by_itself_is_found(lint: Lint) -> None:
    findings = lint(
        """
        calls = []


        class Shifting(luigi.Task):
            def requires(self):
                return Other(n=random.randint(1, 9))

            def output(self):
                return luigi.LocalTarget(f"{datetime.datetime.now()}")


        class Other(luigi.Task):
            n = luigi.IntParameter()

            def requires(self):
                calls.append(self)
                return Third(n=len(calls))

            def output(self):
                return luigi.LocalTarget(f"other-{self.n}")


        class Third(luigi.Task):
            n = luigi.IntParameter()

            def output(self):
                return luigi.LocalTarget(f"third-{self.n}")
        """
    )
    assert rules(findings) == [
        ("unstable", "return Other(n=random.randint(1, 9))"),
        ("unstable", 'return luigi.LocalTarget(f"{datetime.datetime.now()}")'),
        ("unstable", "def requires(self):"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        'open(self.output().path, "w")',
        'open(self.output()["a"].path, mode="a")',
        'io.open(str(self.output().path), "x")',
        'gzip.open(self.output().path, "wb")',
        'path = self.output().path\n        open(path, "w")',
        'target = self.output()\n        path = target.path\n        open(path, "r+")',
        'pathlib.Path(self.output().path).write_text("content")',
        'Path(self.output().path).open("w")',
        'shutil.copyfile("x", self.output().path)',
        "os.makedirs(self.output().path)",
        "frame.to_csv(self.output().path, index=False)",
    ],
)
def test_writing_in_place_is_found(lint: Lint, statement: str) -> None:
    findings = lint(UNSAFE.replace("STATEMENT", statement))
    assert [finding["rule"] for finding in findings] == ["unsafe-write"]
    assert rules(findings)[0][1] == statement.rpartition("\n")[2].strip()


UNSAFE = """
class Writes(luigi.Task):
    def output(self):
        return luigi.LocalTarget("out")

    def run(self):
        STATEMENT
"""


@pytest.mark.parametrize(
    "statement",
    [
        "open(self.output().path)",
        'open(self.input().path, "w")',
        'open(self.output().path + ".log", "w")',
        'path = self.output().path\n        path = "elsewhere"\n        open(path, "w")',
        "os.makedirs(os.path.dirname(self.output().path))",
        'with self.output().temporary_path() as path:\n            open(path, "w")',
        'with self.output().open("w") as file:\n            frame.to_csv(file)',
        'os.replace("x", self.output().path)',
        "shutil.copyfile(self.output().path, 'copy')",
    ],
)
def test_other_calls_are_let_be(lint: Lint, statement: str) -> None:
    assert lint(UNSAFE.replace("STATEMENT", statement)) == []


def test_a_comment_keeps_a_finding_quiet(lint: Lint) -> None:
    body = UNSAFE.replace("STATEMENT", 'open(self.output().path, "w")  # luigi: noqa[RULE]')
    assert lint(body.replace("RULE", "unsafe-write")) == []
    assert lint(body.replace("RULE", "circle, unsafe-write")) == []
    assert lint(body.replace("[RULE]", "")) == []
    assert len(lint(body.replace("RULE", "circle"))) == 1


def test_rules_are_chosen(lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    body = UNSAFE.replace("STATEMENT", 'open(self.output().path, "w")') + "\n\nclass Idle(luigi.Task):\n    pass\n"
    assert [one["rule"] for one in lint(body)] == ["unsafe-write", "missing-output"]
    assert [one["rule"] for one in lint(body, "--rule", "missing-output")] == ["missing-output"]
    assert [one["rule"] for one in lint(body, "--skip", "missing-output")] == ["unsafe-write"]
    with pytest.raises(UsageError):
        main([module(), "--rule", "nothing"])
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"\n  {name:<16}{rule.SUMMARY}" in told for name, rule in RULES.items())
    assert set(RULES) == {"circle", "shared-output", "missing-output", "parameter", "unstable", "unsafe-write"}


def test_what_could_not_be_tried_is_told(lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    lint(
        """
        class Picky(luigi.Task):
            name = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)

            def requires(self):
                raise LookupError("who is " + self.name)

            def output(self):
                return luigi.LocalTarget(f"out/{self.name}")


        class Refusing(luigi.Task):
            n = luigi.IntParameter()

            def __init__(self, *args, **kwargs):
                raise ValueError("only by appointment")

            def complete(self):
                return True


        class Wrong(luigi.WrapperTask):
            def requires(self):
                return "a text"
        """
    )
    assert main([module()]) == 0
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "not looked at as a whole: Refusing: no task of it could be made: ValueError",
        "not looked at as a whole: Picky: requires() raised LookupError for made-up values",
        "not looked at as a whole: the graph: walked only in part: Wrong(): requires() gave 'a text', "
        "which is not a Task but of type str",
    ]


def test_a_finding_is_a_line_with_its_place(lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    lint("class Idle(luigi.Task):\n    pass\n")
    assert main([module()]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"{module()}.py:6: missing-output: Idle has no output(), so it is never complete"
    )


def test_a_module_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(ModuleMissing):
        main(["no_such_module_anywhere"])
    with pytest.raises(UsageError):
        main([])
