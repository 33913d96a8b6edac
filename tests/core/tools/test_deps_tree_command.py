"""luigi-deps-tree as a command, and trees that Luigi cannot draw."""

from __future__ import annotations

import sys

import pytest

import luigi
from luigi.errors import BadRequirement
from luigi.tools import deps_tree
from luigi.tools.deps_tree import print_tree


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A directory with the module deps_tree_of_one. One for all tests: a class defined twice is ambiguous."""
    directory = tmp_path_factory.mktemp("chain")
    (directory / "deps_tree_of_one.py").write_text(
        "import luigi\n"
        "class Below(luigi.ExternalTask):\n"
        "    n = luigi.IntParameter()\n"
        "    def output(self): return luigi.LocalTarget('/')\n"
        "class Above(luigi.Task):\n"
        "    n = luigi.IntParameter()\n"
        "    def requires(self): return Below(self.n)\n"
        "    def output(self): return luigi.LocalTarget('/no/such/file')\n"
    )
    return directory


@pytest.fixture
def command(chain, monkeypatch, capsys):
    """The command, as a function of its arguments: (exit code, stdout, stderr)."""
    monkeypatch.syspath_prepend(chain)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["luigi-deps-tree", *arguments])
        message = ""
        try:
            code = deps_tree.main()
        except SystemExit as end:
            # A text is what the interpreter prints at its end, exiting with 1.
            code, message = (1, end.code) if isinstance(end.code, str) else (end.code, "")
        told = capsys.readouterr()
        return code, told.out, told.err + message

    return run


def test_without_a_terminal_there_are_no_colours(command):
    tree = "\n└─--[Above-{'n': '1'} (PENDING)]\n    └─--[Below-{'n': '1'} (COMPLETE)]\n"
    assert command("--module", "deps_tree_of_one", "Above", "--n", "1") == (0, tree, "")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 1, "No task specified"),
        (("--module", "deps_tree_of_one", "Above"), 1, "'n'"),
        (("--module", "deps_tree_of_one", "Abov"), 1, "Above"),
        (("--module", "deps_tree_of_one", "Above", "--nope", "1"), 2, "--nope"),
    ],
)
def test_mistakes(command, arguments, code, told):
    found, out, err = command(*arguments)
    assert found == code
    assert told in out + err
    assert "Traceback" not in err


def test_a_requirement_that_is_no_task():
    class Wrong(luigi.Task):
        def requires(self):
            return [3]

    with pytest.raises(BadRequirement):
        print_tree(Wrong())


def test_a_long_chain_is_no_deep_recursion():
    class Chain(luigi.Task):
        n = luigi.IntParameter()

        def requires(self):
            return Chain(self.n - 1) if self.n else []

        def complete(self):
            return False

    assert print_tree(Chain(2000)).count("\n") == 2001
