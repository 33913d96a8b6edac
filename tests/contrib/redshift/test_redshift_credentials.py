"""As whom Redshift gets at S3: where credentials come from, and what goes before what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.contrib.redshift import _CredentialsMixin

Configure = Callable[..., None]

KEY = {"aws_access_key_id": "KEY", "aws_secret_access_key": "SECRET"}
ROLE = {"aws_account_id": "123", "aws_arn_role_name": "loader"}
BY_KEY = "aws_access_key_id=KEY;aws_secret_access_key=SECRET"
BY_ROLE = "aws_iam_role=arn:aws:iam::123:role/loader"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """None that anybody has given."""
    for name in (*KEY, *ROLE, "aws_session_token"):
        monkeypatch.delenv(name.upper(), raising=False)


def credentials(**members: Any) -> str:
    return type("AnyTask", (_CredentialsMixin,), members)()._credentials()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (KEY, BY_KEY),
        ({**KEY, "aws_session_token": "TOKEN"}, f"{BY_KEY};token=TOKEN"),
        (ROLE, BY_ROLE),
        ({**KEY, **ROLE}, BY_ROLE),
        ({**KEY, "aws_account_id": "123"}, BY_KEY),
        ({"aws_arn_role_name": "arn:aws-cn:iam::9:role/other"}, "aws_iam_role=arn:aws-cn:iam::9:role/other"),
    ],
)
@pytest.mark.parametrize("place", ["task", "section", "other section", "environment"])
def test_what_is_given_somewhere(
    given: dict[str, str], found: str, place: str, luigi_config: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    members: dict[str, str] = given if place == "task" else {}
    if place == "section":
        luigi_config("redshift", **given)
    if place == "other section":
        luigi_config("other", **given)
        members = {"configuration_section": "other"}
    if place == "environment":
        for name, value in given.items():
            monkeypatch.setenv(name.upper(), value)
    assert credentials(**members) == found


def test_the_section_goes_before_the_environment(luigi_config: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "OTHER-SECRET")
    luigi_config("redshift", **KEY)
    assert credentials() == BY_KEY


def test_a_token_comes_with_its_own_key_only(luigi_config: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "OTHER-SECRET")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "TOKEN")
    assert credentials() == "aws_access_key_id=OTHER;aws_secret_access_key=OTHER-SECRET;token=TOKEN"
    assert credentials(**KEY) == BY_KEY
    luigi_config("redshift", **KEY)
    assert credentials() == BY_KEY


@pytest.mark.parametrize("given", [{}, {"aws_access_key_id": "KEY"}, {"aws_arn_role_name": "loader"}])
def test_credentials_that_are_missing(given: dict[str, str]) -> None:
    with pytest.raises(NotImplementedError, match="there are no credentials") as caught:
        credentials(**given, configuration_section="here")
    assert "[here]" in caught.value.hint  # type: ignore[attr-defined]
    assert "KEY" not in str(caught.value)
