"""Luigi's functions for sending e-mail."""

from __future__ import annotations

import io
import logging
import smtplib
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi import notifications
from luigi.hookspecs import Provider, hookimpl
from luigi.mailing.message import MissingPicture
from luigi.parameter import ParameterVisibility
from luigi.plugin_manager import PluginManager
from luigi.telling import Mail
from luigi.testing import MemoryMailer

Configure = Callable[..., None]


class Post:
    """A plugin that offers mailers of Luigi's names, each of which keeps what it is to send."""

    def __init__(self) -> None:
        self.mails: dict[str, list[Mail]] = {name: [] for name in ("smtp", "sendgrid", "ses", "sns")}
        self.error: Exception | None = None

    @hookimpl
    def luigi_mailers(self) -> Iterator[Provider]:
        for name, mails in self.mails.items():
            yield Provider(name, lambda mails=mails: self if self.error else MemoryMailer(mails))

    def send(self, mail: Mail) -> None:
        assert self.error is not None
        raise self.error


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    post, manager = Post(), PluginManager()
    manager.register(post)
    with manager.put_to_use():
        yield post


class Loading(luigi.Task):
    """A task with parameters of every visibility."""

    day = luigi.Parameter(default="<2026>")
    source = luigi.Parameter(default="hidden-source", visibility=ParameterVisibility.HIDDEN)
    password = luigi.Parameter(default="open-sesame", visibility=ParameterVisibility.PRIVATE)
    note = luigi.Parameter(default="insignificant", significant=False)


class TestSendEmail:
    def test_it_goes_by_the_method_that_is_configured(self, post: Post, luigi_config: Configure) -> None:
        luigi_config("email", method="ses", prefix="[LUIGI]")
        notifications.send_email("a subject", "a message", "me@x.y", ["one@x.y, two@x.y"], "a.png")
        assert post.mails.pop("ses") == [
            Mail("me@x.y", ["one@x.y", "two@x.y"], "[LUIGI] a subject", "a message", "plain", "a.png")
        ]
        assert not any(post.mails.values())

    def test_smtp_unless_configured(self, post: Post) -> None:
        notifications.send_email("a subject", "a message", "me@x.y", "one@x.y")
        assert len(post.mails["smtp"]) == 1

    @pytest.mark.parametrize("error", [ConnectionRefusedError("away"), smtplib.SMTPDataError(554, b"away")])
    def test_a_server_that_is_away_is_said_in_the_log(
        self, post: Post, caplog: pytest.LogCaptureFixture, error: OSError
    ) -> None:
        post.error = error
        notifications.send_email("a subject", "a message", "me@x.y", ["one@x.y", "two@x.y"])
        (record,) = caplog.records
        assert (record.levelno, record.name) == (logging.ERROR, "luigi-interface")
        assert record.getMessage().startswith("e-mail to one@x.y, two@x.y by smtp failed: a subject: ")
        assert "away" in record.getMessage()

    @pytest.mark.parametrize("error", [MissingPicture("a", "a.png", OSError("gone")), ValueError("refused")])
    def test_other_errors_are_raised(self, post: Post, error: Exception) -> None:
        post.error = error
        with pytest.raises(type(error)):
            notifications.send_email("a subject", "a message", "me@x.y", ["one@x.y"])


class TestSendErrorEmail:
    def test_receiver_and_additional_recipients(self, post: Post, luigi_config: Configure) -> None:
        luigi_config("email", receiver="all@x.y,more@x.y", sender="luigi@x.y")
        notifications.send_error_email("a subject", "a message", ["owner@x.y", "all@x.y"])
        (mail,) = post.mails["smtp"]
        assert (mail.sender, mail.recipients) == ("luigi@x.y", ["all@x.y", "more@x.y", "owner@x.y"])

    def test_without_any_nothing_is_sent(self, post: Post) -> None:
        notifications.send_error_email("a subject", "a message")
        assert not any(post.mails.values())

    def test_the_sender_is_this_machine_unless_configured(self, post: Post) -> None:
        notifications.send_error_email("a subject", "a message", "owner@x.y")
        (mail,) = post.mails["smtp"]
        assert mail.sender == notifications.DEFAULT_CLIENT_EMAIL
        assert mail.sender.startswith("luigi-client@")


@pytest.mark.parametrize("method", ["smtp", "sendgrid", "ses", "sns"])
@pytest.mark.parametrize(("configured", "format"), [("plain", "plain"), ("html", "html"), ("none", "plain")])
def test_each_method_has_a_function_that_asks_no_rules(
    post: Post, luigi_config: Configure, method: str, configured: str, format: str
) -> None:
    luigi_config("email", prefix="[LUIGI]", format=configured)
    getattr(notifications, f"send_email_{method}")("me@x.y", "a subject", "a message", "arn:a:topic", "a.png")
    assert post.mails[method] == [Mail("me@x.y", ["arn:a:topic"], "a subject", "a message", format, "a.png")]


def test_generate_email(tmp_path: Path, luigi_config: Configure) -> None:
    luigi_config("email", format="html")
    (tmp_path / "a.png").write_bytes(b"a picture")
    recipients = ["one@x.y", "two@x.y"]
    mail = notifications.generate_email("me@x.y", "a subject", "<b>ü</b>", recipients, str(tmp_path / "a.png"))
    assert (mail["Subject"], mail["From"], mail["To"]) == ("a subject", "me@x.y", "one@x.y, two@x.y")
    text, image = mail.get_payload()
    assert isinstance(text, Message)
    assert isinstance(image, Message)
    assert text.get_content_type() == "text/html"
    assert text.get_payload(decode=True) == "<b>ü</b>".encode()
    assert image.get_payload(decode=True) == b"a picture"


class TestFormatTaskError:
    def test_plain(self) -> None:
        assert notifications.format_task_error("It <failed>.", Loading(), "luigi Loading", "Traceback: <x>") == (
            "It <failed>.\n\nName: Loading\n\nParameters:\n  day : <2026>\n  note: insignificant\n\n"
            "Command line:\n  luigi Loading\n\nTraceback: <x>\n"
        )

    @pytest.mark.parametrize("format", ["plain", "html", "none"])
    def test_what_is_hidden_stays_so(self, luigi_config: Configure, format: str) -> None:
        luigi_config("email", format=format)
        text = notifications.format_task_error(
            "It failed with open-sesame.", Loading(), "luigi --password open-sesame", "ValueError: open-sesame"
        )
        assert "hidden-source" not in text
        assert "open-sesame" not in text
        assert "ValueError: ***" in text

    def test_html_is_escaped(self, luigi_config: Configure) -> None:
        luigi_config("email", format="html")
        text = notifications.format_task_error("It <failed>.", Loading(), "luigi '<'", "in <module>")
        for shown in ("It &lt;failed&gt;.", "<td>&lt;2026&gt;</td>", "luigi &#x27;&lt;&#x27;", "in &lt;module&gt;"):
            assert shown in text

    def test_a_long_traceback_is_cut(self, luigi_config: Configure) -> None:
        luigi_config("email", traceback_max_length=20)
        text = notifications.format_task_error("It failed.", Loading(), "luigi", "0123456789" * 5)
        assert text.endswith("\n\n01234567890123456789...Traceback exceeds max length and has been truncated.\n")

    def test_without_a_traceback(self) -> None:
        assert notifications.format_task_error("It failed.", Loading(), "luigi").endswith(
            "Command line:\n  luigi\n\n\n"
        )


@pytest.mark.parametrize(
    ("format", "wrapped"), [("plain", "a\n<b>"), ("none", "a\n<b>"), ("html", "<pre>a\n&lt;b&gt;</pre>")]
)
def test_wrap_traceback(luigi_config: Configure, format: str, wrapped: str) -> None:
    luigi_config("email", format=format)
    assert notifications.wrap_traceback("a\n<b>") == wrapped


class TestTheTaskThatTestsNotifications:
    def test_it_fails_when_it_runs(self) -> None:
        task = notifications.TestNotificationsTask()
        assert not task.complete()
        with pytest.raises(ValueError, match="test of notifications"):
            task.run()

    def test_or_when_it_is_scheduled(self) -> None:
        with pytest.raises(ValueError, match="test of notifications"):
            notifications.TestNotificationsTask(raise_in_complete=True).complete()


def test_secrets_are_in_no_repr(luigi_config: Configure) -> None:
    luigi_config("smtp", password="open-sesame")
    luigi_config("sendgrid", apikey="open-sesame")
    shown: list[Any] = [notifications.smtp(), notifications.sendgrid()]
    assert [section.password for section in shown[:1]] == ["open-sesame"]
    assert "open-sesame" not in repr(shown) + str(shown[0]) + str(shown[1].to_str_params())
