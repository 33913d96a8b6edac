"""What stands around a command: which mistake ends it with which code, and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.cli.guard import mistakes_told, uncaught_mistakes_told
from luigi.cli.usage import UnknownFlag
from luigi.errors import BadOutput, KernelError


@pytest.mark.parametrize(
    ("mistake", "code", "said"),
    [
        (UnknownFlag("--x"), 2, "error: unknown flag --x\nhint: "),
        (KernelError("so it is", hint="do that"), 1, "error: so it is\nhint: do that\n"),
        (KernelError("so it is"), 1, "error: so it is\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_codes(capsys: pytest.CaptureFixture[str], mistake: BaseException, code: int, said: str) -> None:
    with pytest.raises(SystemExit) as ended, mistakes_told():
        raise mistake
    assert ended.value.code == code
    assert capsys.readouterr().err.startswith(said)


def test_what_is_no_mistake_passes() -> None:
    with pytest.raises(ZeroDivisionError), mistakes_told():
        raise ZeroDivisionError


def test_a_reader_that_goes_away_is_no_mistake(shell: Any) -> None:
    done = shell.python("-c", PIPED)
    assert done.err == ""


PIPED = """
import subprocess, sys
running = subprocess.Popen([sys.executable, "-m", "luigi", "--help-all"], stdout=subprocess.PIPE)
running.stdout.close()
running.wait()
"""

SCRIPT = """
from luigi.cli.guard import uncaught_mistakes_told
from luigi.errors import KernelError

try:
    with uncaught_mistakes_told():
        raise KernelError("caught")
except KernelError:
    print("as ever")
{then}
"""


def test_an_error_nobody_catches(shell: Any) -> None:
    ended = shell.python("-c", SCRIPT.format(then="with uncaught_mistakes_told(): raise KernelError('so it is')"))
    assert (ended.code, ended.out, ended.err) == (1, "as ever\n", "error: so it is\n")


def test_other_errors_keep_their_traceback(shell: Any) -> None:
    ended = shell.python("-c", SCRIPT.format(then="1 / 0"))
    assert ended.code == 1
    assert "Traceback" in ended.err
    assert "ZeroDivisionError" in ended.err


def test_the_error_goes_on_to_the_program() -> None:
    mistake = BadOutput("Task()", "text")
    with pytest.raises(BadOutput) as caught, uncaught_mistakes_told():
        raise mistake
    assert caught.value is mistake
