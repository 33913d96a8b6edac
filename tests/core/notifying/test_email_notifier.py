"""The notifier `email`: what e-mail becomes of a notice, and who gets it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from luigi.errors import PluginError
from luigi.mailing.sections import email
from luigi.notifying.email_notifier import EmailNotifier
from luigi.plugin_manager import PluginManager
from luigi.telling import Mail, Notice, Notifier
from luigi.testing import MemoryMailer, Recorder
from luigi.testing.contracts import NotifierContract

NOTICE = Notice("Load failed", "It failed.\n\nTraceback: <x>", "Load_1", "task_failed", "Load")


class Refusing:
    def send(self, mail: Mail) -> None:
        raise ConnectionRefusedError("the server is away")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())


def settings(**more: Any) -> email:
    return email(**{"receiver": "all@example.com", "sender": "luigi@example.com"} | more)


def mailed(notice: Notice, **more: Any) -> list[Mail]:
    mails: list[Mail] = []
    EmailNotifier(settings(**more), MemoryMailer(mails)).notify(notice)
    return mails


class TestEmailNotifier(NotifierContract):
    @pytest.fixture
    def mails(self) -> list[Mail]:
        return []

    @pytest.fixture
    def notifier(self, mails: list[Mail]) -> Notifier:
        return EmailNotifier(settings(traceback_max_length=10**7), MemoryMailer(mails))

    @pytest.fixture
    def arrived(self, mails: list[Mail]) -> Callable[[], Sequence[str]]:
        return lambda: [f"{mail.subject}\n{mail.message}" for mail in mails]

    @pytest.fixture
    def broken(self) -> Notifier:
        return EmailNotifier(settings(), Refusing())


def test_the_mail() -> None:
    owners = ["one@example.com,two@example.com", "all@example.com"]
    assert mailed(NOTICE._replace(owners=owners), prefix="[LUIGI]") == [
        Mail(
            "luigi@example.com",
            ["all@example.com", "one@example.com", "two@example.com"],
            "[LUIGI] Load failed",
            NOTICE.text,
        )
    ]


def test_owners_hear_of_it_without_a_receiver() -> None:
    (mail,) = mailed(NOTICE._replace(owners=["one@example.com"]), receiver="")
    assert mail.recipients == ["one@example.com"]


def test_without_receiver_and_owners_nobody_hears_of_it() -> None:
    assert mailed(NOTICE, receiver="") == []


def test_a_batch_to_owners_is_theirs_alone() -> None:
    (mail,) = mailed(NOTICE._replace(kind="batch", owners=["one@example.com"]))
    assert mail.recipients == ["one@example.com"]
    (mail,) = mailed(NOTICE._replace(kind="batch"))
    assert mail.recipients == ["all@example.com"]


def test_format_none() -> None:
    assert mailed(NOTICE, format="none") == []


def test_html() -> None:
    (mail,) = mailed(NOTICE._replace(html="<p>It failed.</p>"), format="html")
    assert (mail.format, mail.message) == ("html", "<p>It failed.</p>")


def test_html_of_a_notice_that_has_none() -> None:
    (mail,) = mailed(NOTICE, format="html")
    assert mail.message == "<pre>It failed.\n\nTraceback: &lt;x&gt;</pre>"


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_long_explanation_is_cut(end: str) -> None:
    explanation = "Traceback: <" + "x" * 20
    notice = NOTICE._replace(
        text=f"It failed.\n\n{explanation}\n",
        html=f"<p>It failed.</p><pre>{explanation.replace('<', '&lt;')}</pre>",
        facts={"explanation": explanation + end},
    )
    cut = "...Traceback exceeds max length and has been truncated."
    (mail,) = mailed(notice, traceback_max_length=15)
    assert mail.message == f"It failed.\n\nTraceback: <xxx{cut}\n"
    (mail,) = mailed(notice, traceback_max_length=15, format="html")
    assert mail.message == f"<p>It failed.</p><pre>Traceback: &lt;xxx{cut}</pre>"


def test_the_mailer_that_is_configured_is_found_among_the_plugins_of_the_run() -> None:
    recorder, manager = Recorder(), PluginManager()
    manager.register(recorder)
    with manager.put_to_use():
        notifier = EmailNotifier(settings(method="memory"))
    notifier.notify(NOTICE)
    notifier.notify(NOTICE)
    assert [mail.subject for mail in recorder.mails] == ["Load failed", "Load failed"]


def test_a_method_that_nobody_offers_is_named() -> None:
    with pytest.raises(PluginError, match="no plugin offers 'stmp' among the mailers") as caught:
        EmailNotifier(settings(method="stmp")).notify(NOTICE)
    assert "smtp" in caught.value.hint
