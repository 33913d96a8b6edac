"""A secret is seen by its task alone, and is not taken from where everybody can read it."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.errors import ParameterException
from luigi.parameter import ParameterVisibility

WORD = "open-sesame-4711"


class SecretLogin(luigi.Task):
    host = luigi.Parameter(default="db")
    password = luigi.SecretParameter()


def test_it_is_private_and_no_part_of_the_identity() -> None:
    login, other = SecretLogin(password=WORD), SecretLogin(password="another")
    assert login.password == WORD
    assert login.task_id == other.task_id
    assert WORD not in repr(login) + str(login) + login.task_id
    assert "password" not in login.to_str_params(only_public=True)


def test_it_can_be_made_to_count() -> None:
    assert luigi.SecretParameter(significant=True).significant


def test_it_cannot_be_made_public() -> None:
    with pytest.raises(ParameterException, match="is private"):
        luigi.SecretParameter(visibility=ParameterVisibility.PUBLIC)


def test_it_comes_from_the_configuration(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGIN_WORD", WORD)
    configure("luigi.cfg", "[SecretLogin]\npassword = ${LOGIN_WORD}\n")
    assert SecretLogin().password == WORD


@pytest.mark.parametrize(
    "flags", [["SecretLogin", "--password", WORD], ["SecretLogin", f"--SecretLogin-password={WORD}"]]
)
def test_a_command_line_may_not_carry_it(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ParameterException, match="would show a secret") as caught:
        luigi.run([*flags, "--local-scheduler", "--no-lock"])
    assert WORD not in f"{caught.value} {caught.value.hint} {capsys.readouterr()}"
