"""The commands `luigi`, `python -m luigi` and `luigid` as a user meets them: output, exit codes, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

LOCAL = ("--local-scheduler", "--no-lock")


def test_a_task_runs(shell: Any) -> None:
    ended = shell.luigi("--module", "tasks", "Add", "--x", "1", *LOCAL)
    assert ended.out == "Add 46 None False False nobody never\n"
    assert "This progress looks :)" in ended.err
    assert ended.code == 0


def test_flags_of_the_task_and_of_other_classes(shell: Any) -> None:
    flags = ("--x=1", "--day", "2013-07-04", "--loud", "--exact", "true", "--Other-date=now", "--log-level", "ERROR")
    ended = shell.luigi("--module", "tasks", "Add", *flags, *LOCAL)
    assert (ended.out, ended.code) == ("Add 46 2013-07-04 True True nobody now\n", 0)


def test_a_failed_task_exits_0_as_in_luigi(shell: Any) -> None:
    assert shell.luigi("--module", "tasks", "Fails", *LOCAL).code == 0


def test_the_configuration_sets_exit_codes(shell: Any) -> None:
    shell.write("luigi.cfg", "[retcode]\ntask_failed = 30\nunhandled_exception = 40\n")
    assert shell.luigi("--module", "tasks", "Fails", *LOCAL).code == 30
    assert shell.luigi("--module", "tasks", "Add", *LOCAL).code == 40
    assert shell.luigi("--module", "tasks", "Add", "--x=q", *LOCAL).code == 40
    assert shell.luigi("--module", "tasks", "Ad", *LOCAL).code == 1
    assert shell.luigi("--module", "nowhere", "Add", *LOCAL).code == 1


# --- help ------------------------------------------------------------------------------------------------------------


def test_help(shell: Any) -> None:
    ended = shell.luigi("--help")
    assert ended.code == 0
    assert ended.out.startswith("usage: luigi ")
    assert all(flag in ended.out for flag in ("--local-scheduler", "--module", "--help-all"))
    assert "--workers" not in ended.out
    assert ended.err == ""


def test_help_on_a_task(shell: Any) -> None:
    shell.write("luigi.cfg", "[Add]\ny = 7\n")
    ended = shell.luigi("--module", "tasks", "Add", "--help")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert "Add: Adds two numbers." in lines
    assert "--x X, --Add-x X          the first number (an integer; required)" in lines
    assert "--y Y, --Add-y Y          an integer; 7, from luigi.cfg:2 [Add] y" in lines
    assert "--loud, --Add-loud" in lines
    assert "--exact [EXACT], --Add-exact [EXACT]" in lines
    assert "default: nobody" in ended.out
    assert ended.code == 0


def test_help_all(shell: Any) -> None:
    ended = shell.luigi("--help-all")
    wanted = ("--workers", "--scheduler-retry-count", "--worker-keep-alive", "--RangeDaily-of", "--retcode-not-run")
    assert [flag for flag in wanted if flag not in ended.out] == []
    assert ended.code == 0


def test_help_shows_no_secret(shell: Any) -> None:
    shell.write("luigi.cfg", "[Secret]\nword = hush\n[Add]\nmy_name = me\n")
    shell.write(
        "secret.py",
        "import luigi\nfrom luigi.parameter import ParameterVisibility\nfrom tasks import *\n"
        "class Secret(luigi.Task):\n"
        "    word = luigi.Parameter(default='psst', visibility=ParameterVisibility.PRIVATE)\n",
    )
    for asked in (("Secret", "--help"), ("Secret", "--help-all"), ("Other", "--help-all")):
        ended = shell.luigi("--module", "secret", *asked)
        assert "--Secret-word" in ended.out or asked[1] == "--help"
        assert "hush" not in ended.out
        assert "psst" not in ended.out


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 1, "error: No task specified"),
        (("--module", "tasks", "Ad"), 1, "hint: did you mean Add?"),
        (("--module", "tasks", "Spaced"), 1, "hint: did you mean my.space.Spaced?"),
        (("--module", "tasks", "Zebra"), 1, "hint: module tasks defines Add, Fails, Other, my.space.Spaced"),
        (("--module", "twice", "Same"), 1, "Task 'Same' is ambiguous"),
        (("--module", "nowhere", "Add"), 1, "error: there is no module 'nowhere'"),
        (("--module", "tasks.py", "Add"), 1, "hint: name the module, not the file: tasks"),
        (("--module", "tasks", "Add", "--z", "3"), 2, "error: unknown flag --z"),
        (("--module", "tasks", "Add", "--my-nam", "3", "--Other-dat=3"), 4, "requires the 'x' parameter"),
        (("--module", "tasks", "Add"), 4, "requires the 'x' parameter"),
        (("--module", "tasks", "Add", "--x", "three"), 4, "error: parameter x: 'three' (from --x) is not an integer"),
        (("--module", "tasks", "Add", "--x", "3", "--workers", "two"), 4, "'two'"),
        (("--module", "tasks", "Add", "--x", "3", "--log-level", "LOUD"), 4, "'LOUD'"),
        (("--module", "tasks", "Add", "--x"), 2, "error: flag --x needs a value: an integer"),
    ],
)
def test_a_mistake_is_a_sentence(shell: Any, args: tuple[str, ...], code: int, said: str) -> None:
    shell.write("twice.py", "import luigi\nclass Same(luigi.Task): pass\nclass Same(luigi.Task): pass\n")
    ended = shell.luigi(*args, *(LOCAL if args else ()))
    assert ended.code == code
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err
    assert ended.out == ""


def test_a_module_outside_the_search_path(shell: Any) -> None:
    del shell.environ["PYTHONPATH"]
    shell.environ["PYTHONSAFEPATH"] = "1"
    ended = shell.luigi("--module", "tasks", "Add", *LOCAL)
    assert ended.code == 1
    assert "which Python does not search: PYTHONPATH=. luigi" in ended.err


def test_a_failing_module_shows_its_own_traceback_only(shell: Any) -> None:
    shell.write("broken.py", "import luigi\ndef deep():\n    return {}['key']\ndeep()\n")
    ended = shell.luigi("--module", "broken", "Add", *LOCAL)
    assert ended.code == 1
    assert 'broken.py", line 3, in deep' in ended.err
    assert "error: module 'broken' failed while it was imported: KeyError: 'key'" in ended.err
    assert all(ours not in ended.err for ours in ("user_module", "cmdline_parser", "importlib", "cli/"))


def test_a_broken_configuration_file(shell: Any) -> None:
    shell.write("luigi.cfg", "[core\nworkers = 2\n")
    ended = shell.luigi("--module", "tasks", "Other", *LOCAL)
    assert ended.code == 1
    assert "error: luigi.cfg:1" in ended.err
    assert "Traceback" not in ended.err


def test_luigid_is_the_command_serve(shell: Any) -> None:
    ended = shell.luigid("--adress", "127.0.0.1")
    assert (ended.code, ended.err) == (2, "error: unknown flag --adress\nhint: did you mean --address?\n")


def test_luigid_without_a_server(shell: Any) -> None:
    shell.write("luigi.cfg", "[core]\ndisabled_plugins = commands.serve\n")
    ended = shell.luigid("--port", "8082")
    assert ended.code == 1
    assert ended.err.startswith("error: no plugin brings the scheduler's server\nhint: ")
