"""Who gets an e-mail, and whether it is sent at all."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest

from luigi.mailing.rules import addresses, composed
from luigi.mailing.sections import email
from luigi.telling import Mail

LUIGI_CONFIG = Callable[..., None]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())


def a_mail(recipients: Any = "one@example.com") -> Mail | None:
    return composed("a subject", "a message", "luigi@example.com", recipients, settings=email())


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        (None, []),
        ("", []),
        ([" ", None, [""]], []),
        ("one@example.com", ["one@example.com"]),
        ("one@example.com, two@example.com,", ["one@example.com", "two@example.com"]),
        (["one@example.com", ("two@example.com,one@example.com", None)], ["one@example.com", "two@example.com"]),
        ({"b@example.com": 1}.keys(), ["b@example.com"]),
    ],
)
def test_addresses(recipients: Any, expected: list[str]) -> None:
    assert addresses(recipients) == expected


def test_a_mail_as_configured(luigi_config: LUIGI_CONFIG) -> None:
    luigi_config("email", prefix="[LUIGI]", format="html")
    recipients = ["one@example.com"]
    assert a_mail() == Mail("luigi@example.com", recipients, "[LUIGI] a subject", "a message", "html", None)


def test_nobody_gets_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert a_mail([]) is None
    assert caplog.messages == []


def test_format_none_sends_nothing(luigi_config: LUIGI_CONFIG, caplog: pytest.LogCaptureFixture) -> None:
    luigi_config("email", format="none", force_send=True)
    with caplog.at_level(logging.INFO):
        assert a_mail() is None
    assert caplog.messages == ["no e-mail to one@example.com: [email] format is none"]


def test_nothing_is_sent_from_a_terminal_unless_forced(
    luigi_config: LUIGI_CONFIG, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    with caplog.at_level(logging.INFO):
        assert a_mail() is None
    assert "the output goes to a terminal" in caplog.text
    luigi_config("email", force_send=True)
    assert a_mail() is not None


def test_a_process_without_output_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert a_mail() is not None


def test_sections_have_luigis_older_places(luigi_config: LUIGI_CONFIG) -> None:
    luigi_config("core", email_type="html", email_prefix="[X]", error_email="r@example.com", email_sender="s@x.y")
    luigi_config("email", type="ses")
    with pytest.warns(DeprecationWarning):
        found = email()
    assert (found.format, found.prefix, found.receiver, found.sender) == ("html", "[X]", "r@example.com", "s@x.y")
    assert found.method == "ses"


def test_any_method_may_be_named_since_plugins_bring_them(luigi_config: LUIGI_CONFIG) -> None:
    luigi_config("email", method="pigeon")
    assert email().method == "pigeon"
