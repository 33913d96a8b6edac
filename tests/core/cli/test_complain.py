"""How a mistake is told: sentence, hint, colours, and whose traceback is shown."""

from __future__ import annotations

import io

import pytest

from luigi.cli.complain import complain, explained, users_traceback
from luigi.cli.user_module import ModuleBroken
from luigi.errors import KernelError
from luigi.parameter import Parameter


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def colours_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_sentence_and_hint() -> None:
    out = io.StringIO()
    complain(KernelError("so it is", hint="do that"), out)
    assert out.getvalue() == "error: so it is\nhint: do that\n"


def test_without_a_hint() -> None:
    assert explained(KernelError("so it is")) == "error: so it is"


def test_an_error_without_words_says_its_name() -> None:
    assert explained(ZeroDivisionError()) == "error: ZeroDivisionError"


def test_colours_on_a_terminal() -> None:
    out = Terminal()
    complain(KernelError("so it is", hint="do that"), out)
    assert out.getvalue() == "\x1b[1;31merror:\x1b[0m so it is\n\x1b[36mhint:\x1b[0m do that\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    out = Terminal()
    complain(KernelError("so it is"), out)
    assert out.getvalue() == "error: so it is\n"


def test_a_broken_module_shows_the_users_frames_only() -> None:
    def users_code() -> None:
        Parameter(config_path={"no": "such"})  # type: ignore[arg-type]  # the mistake

    with pytest.raises(KernelError) as caught:
        users_code()
    broken = ModuleBroken("mine", caught.value)
    broken.__cause__ = caught.value
    told = explained(broken)
    assert told.startswith("Traceback (most recent call last):\n")
    assert "in users_code" in told
    assert "base.py" not in told
    assert told == users_traceback(caught.value) + explained(ModuleBroken("mine", caught.value))
