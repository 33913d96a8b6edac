"""Which command `kernel NAME` is: the kernel's own first, then those of plugins, also where one of them is broken."""

from __future__ import annotations

from typing import Any

COMMANDS = """
import luigi
from luigi.hookspecs import Command

def main(argv):
    print("greeted", *argv)
    return 7

@luigi.hookimpl
def luigi_commands():
    yield Command("greet", "say hello", main)
    yield Command("run", "not the kernel's", main)
"""


def configure(shell: Any, plugins: str) -> None:
    shell.write("mine.py", COMMANDS)
    shell.write("broken.py", "1 / 0\n")
    shell.write("luigi.cfg", f"[core]\nno_lock = true\nplugins = {plugins}\n")


def test_a_plugins_command_gets_its_arguments_and_gives_the_exit_code(shell: Any) -> None:
    configure(shell, "mine")
    ended = shell.kernel("greet", "you", "--loud")
    assert (ended.code, ended.out, ended.err) == (7, "greeted you --loud\n", "")


def test_nobody_replaces_the_kernels_own(shell: Any) -> None:
    configure(shell, "mine")
    assert shell.kernel("run", "tasks:Add", "--x", "1").out == "Add 46 None False False nobody never\n"
    listed = shell.kernel("help", "all").out
    assert "  greet                     say hello\n" in listed
    assert "not the kernel's" not in listed


def test_a_slip_is_told_with_the_commands_of_plugins(shell: Any) -> None:
    configure(shell, "mine")
    ended = shell.kernel("greeet")
    assert (ended.code, ended.err) == (2, "error: unknown command 'greeet'\nhint: did you mean greet?\n")


def test_a_broken_plugin_stops_a_run_and_not_the_commands_that_look_after_plugins(shell: Any) -> None:
    configure(shell, "broken")
    sentence = "error: plugin broken cannot be loaded: ZeroDivisionError('division by zero')\n"
    for command, code in ((["run", "tasks:Add", "--x", "1"], 4), (["greet"], 1), (["--help"], 1)):
        ended = shell.kernel(*command)
        assert (ended.code, ended.out) == (code, "")
        assert ended.err.startswith(sentence)
    assert shell.kernel("plugins", "list").code == 0
    assert shell.kernel("new", "plugin", "pager").code == 0


def test_what_the_terminals_encoding_has_no_letter_for_is_escaped(shell: Any) -> None:
    shell.write("cities.py", "import luigi\nclass 東京(luigi.Task):\n    name = luigi.Parameter(default='…')\n")
    shell.environ["PYTHONIOENCODING"] = "latin-1"
    for command in (["plan", "cities:東京"], ["tasks", "show", "cities:東京"], ["graph", "cities:東京"]):
        ended = shell.kernel(*command)
        assert "Traceback" not in ended.err
        assert "\\u2026" in ended.out or "…" in ended.out
