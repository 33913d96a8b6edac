"""`kernel run` as a user meets it: module:Task, configured runs, their listing, and mistakes in them."""

from __future__ import annotations

from typing import Any

import pytest

LOCAL = ("--local-scheduler", "--no-lock")
RUNS = """
[core]
local_scheduler = true
no_lock = true

[run.nightly]
module = tasks
task = Add
x = 5
day = 2013-07-04
loud = true
Other.date = tonight

[run.spaced]
module = tasks
task = my.space.Spaced
v_w = 3
my.space.Spaced-v-w = 9
"""


def test_module_and_task(shell: Any) -> None:
    ended = shell.kernel("run", "tasks:Add", "--x", "1", *LOCAL)
    assert (ended.out, ended.code) == ("Add 46 None False False nobody never\n", 0)
    ended = shell.kernel("run", "tasks:my.space.Spaced", "--v-w=2", *LOCAL)
    assert (ended.out, ended.code) == ("Spaced 2\n", 0)


def test_a_run_that_names_no_server_schedules_itself(shell: Any) -> None:
    ended = shell.kernel("run", "tasks:Add", "--x", "1", "--no-lock")
    assert (ended.out, ended.code) == ("Add 46 None False False nobody never\n", 0)


@pytest.mark.parametrize("named", ["flag", "configuration"])
def test_a_server_that_is_named_is_asked(shell: Any, named: str) -> None:
    shell.write(
        "luigi.cfg", "[core]\nrpc_retry_attempts = 1\n" + "default_scheduler_port = 1\n" * (named == "configuration")
    )
    ended = shell.kernel("run", "tasks:Add", "--x", "1", *(["--scheduler-port=1"] if named == "flag" else []))
    assert ended.code != 0
    assert "localhost:1 cannot be reached" in ended.err


def test_a_server_on_the_command_line_wins_over_the_configuration(shell: Any) -> None:
    """The flights example's luigi.cfg says local_scheduler: whoever tries it on a server must not run beside that."""
    shell.write("luigi.cfg", "[core]\nlocal_scheduler = true\nrpc_retry_attempts = 1\n")
    ended = shell.kernel("run", "tasks:Add", "--x", "1", "--no-lock", "--scheduler-port=1")
    assert ended.code != 0
    assert "localhost:1 cannot be reached" in ended.err
    ended = shell.kernel("run", "tasks:Add", "--x", "1", "--no-lock", "--scheduler-port=1", "--local-scheduler")
    assert ended.code == 0


def test_as_luigi_has_it(shell: Any) -> None:
    ended = shell.kernel("run", "--module", "tasks", "Add", "--x", "1", *LOCAL)
    assert (ended.out, ended.code) == ("Add 46 None False False nobody never\n", 0)


def test_a_module_in_a_package(shell: Any) -> None:
    shell.write("pack/__init__.py", "")
    shell.write("pack/inner.py", "from tasks import *")
    assert shell.kernel("run", "pack.inner:Other", *LOCAL).out == "Other never 3\n"


def test_a_configured_run(shell: Any) -> None:
    shell.write("luigi.cfg", RUNS)
    ended = shell.kernel("run", "nightly")
    assert (ended.out, ended.code) == ("Add 50 2013-07-04 True False nobody tonight\n", 0)
    assert shell.kernel("run", "spaced").out == "Spaced 3\n"


@pytest.mark.parametrize("args", [("nightly", "--x", "6", "--loud=false"), ("--workers", "1", "nightly", "--x=6")])
def test_flags_win_over_the_configured_run(shell: Any, args: tuple[str, ...]) -> None:
    shell.write("luigi.cfg", RUNS)
    ended = shell.kernel("run", *args)
    assert ended.out.startswith("Add 51 2013-07-04 ")
    assert ("True" in ended.out) == ("--loud=false" not in args)


def test_a_configured_run_in_toml(shell: Any) -> None:
    shell.write(
        "luigi.toml",
        '[run.nightly]\nmodule = "tasks"\ntask = "Add"\nx = 5\nday = 2013-07-04\nexact = true\nlocal_scheduler = true\n'
        'no_lock = true\n"Other.date" = "tonight"\n',
    )
    shell.environ["LUIGI_CONFIG_PATH"] = "luigi.toml"
    for parser in ("cfg", "toml"):
        shell.environ["LUIGI_CONFIG_PARSER"] = parser
        ended = shell.kernel("run", "nightly")
        assert (ended.out, ended.code) == ("Add 50 2013-07-04 False True nobody tonight\n", 0)


def test_the_listing(shell: Any) -> None:
    assert shell.kernel("run").out.startswith("no runs are configured.")
    shell.write("luigi.cfg", RUNS)
    lines = shell.kernel("run").out.splitlines()
    assert [line.split() for line in lines] == [
        ["configured", "runs:"],
        ["nightly", "tasks:Add"],
        ["spaced", "tasks:my.space.Spaced"],
    ]


def test_help(shell: Any) -> None:
    shell.write("luigi.cfg", RUNS)
    out = shell.kernel("run", "--help").out
    assert shell.kernel("run", "-h").out == out
    assert out.startswith("usage: kernel run MODULE:TASK")
    assert "--local-scheduler" in out
    assert "nightly" in out
    assert "Add: Adds two numbers." in shell.kernel("run", "tasks:Add", "--help").out
    assert "Add: Adds two numbers." in shell.kernel("run", "nightly", "--help").out


def test_a_failure_exits_with_a_code_of_its_own(shell: Any) -> None:
    assert shell.kernel("run", "tasks:Fails", *LOCAL).code == 30
    shell.write("luigi.cfg", "[retcode]\ntask_failed = 3\n")
    assert shell.kernel("run", "tasks:Fails", *LOCAL).code == 3
    assert shell.kernel("run", "tasks:Fails", *LOCAL, "--retcode-task-failed=70").code == 70


def test_a_run_named_like_a_task(shell: Any) -> None:
    shell.write("luigi.cfg", RUNS + "[run.RangeDaily]\nmodule = tasks\ntask = Other\n")
    ended = shell.kernel("run", "RangeDaily")
    assert ended.out == "Other never 3\n"
    assert "RangeDaily: the run of [run.RangeDaily], not the task of that name" in ended.err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("nightli",), 1, "error: there is no run and no task 'nightli'\nhint: did you mean nightly?"),
        (("zebra",), 1, "hint: name the task's module, kernel run MODULE:zebra, or add [run.zebra]"),
        (("tasks:Ad",), 1, "hint: did you mean Add?"),
        (("tasks:",), 1, "No task specified"),
        (("--workers", "2"), 1, "No task specified"),
        (("nowhere:Add",), 1, "error: there is no module 'nowhere'"),
        (("tasks:Add", "--z"), 2, "error: unknown flag --z"),
        (("notask",), 1, "error: luigi.cfg:2: [run.notask] names no task"),
        (("typo",), 1, "error: luigi.cfg:8: [run.typo] dat means nothing here\nhint: did you mean day"),
        (("badvalue",), 1, "error: parameter x: 'five' (from luigi.cfg:13: [run.badvalue]) is not an integer"),
    ],
)
def test_a_mistake_is_a_sentence(shell: Any, args: tuple[str, ...], code: int, said: str) -> None:
    shell.write(
        "luigi.cfg",
        "\n[run.notask]\nmodule = tasks\n"
        "[run.typo]\nmodule = tasks\ntask = Add\nx = 5\ndat = 2013-07-04\n"
        "\n[run.badvalue]\nmodule = tasks\ntask=Add\nx = five\n" + RUNS,
    )
    ended = shell.kernel("run", *args)
    assert said in ended.err
    assert ended.code == code
    assert "Traceback" not in ended.err


def test_progress_is_one_line_when_it_goes_fast(shell: Any) -> None:
    ended = shell.kernel("run", "tasks:Other", *LOCAL)
    assert [line for line in ended.err.splitlines() if line.startswith("1 of 1 tasks: 1 done (")]


# --- the command itself ----------------------------------------------------------------------------------------------


def test_the_commands_are_listed(shell: Any) -> None:
    for asked in ((), ("--help",), ("help",)):
        ended = shell.kernel(*asked)
        assert ended.code == 0
        assert ended.out.startswith("usage: kernel COMMAND")
        assert " run, serve" in ended.out


def test_the_version(shell: Any) -> None:
    import luigi

    assert shell.kernel("--version").out == f"kernel {luigi.__version__}\n"


def test_an_unknown_command(shell: Any) -> None:
    ended = shell.kernel("rum")
    assert ended.code == 2
    assert ended.err == "error: unknown command 'rum'\nhint: did you mean run?\n"
