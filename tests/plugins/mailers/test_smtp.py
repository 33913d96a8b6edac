"""The mailer `smtp`, against real SMTP servers."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

import pytest

import luigi.plugins.mailers.smtp as plugin
from luigi.mailing.sections import smtp
from luigi.plugins.mailers.smtp import RecipientsRefused, SmtpMailer, UnknownServer, UnsafeLogin
from luigi.telling import Mail, Mailer
from luigi.testing.contracts import MailerContract, PluginContract
from luigi.testing.contracts.mailers import Arrived

MAIL = Mail("luigi@example.com", ["one@example.com", "two@example.com"], "a subject", "a message")

Start = Callable[..., Any]


def login(port: int, password: str = "open-sesame", **more: Any) -> smtp:
    return smtp(host="127.0.0.1", port=port, username="ali", password=password, **more)


def believes(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    """An authenticator that knows one user."""
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=(data.login, data.password) == (b"ali", b"open-sesame"), handled=False)


class TestSmtpPlugin(PluginContract):
    plugin = plugin


@pytest.mark.service("smtp")
class TestSmtpMailer(MailerContract):
    secrets = ("open-sesame",)

    @pytest.fixture
    def server(self, smtp_service: Start) -> Any:
        return smtp_service(authenticator=believes, auth_require_tls=False)

    @pytest.fixture
    def mailer(self, server: Any) -> Mailer:
        return SmtpMailer(login(server.port))

    @pytest.fixture
    def arrived(self, server: Any, decoded: Callable[[EmailMessage], Arrived]) -> Callable[[], Sequence[Arrived]]:
        return lambda: [
            decoded(mail)._replace(recipients=seen.recipients)
            for mail, seen in zip(server.mails, server.sessions, strict=True)
        ]

    @pytest.fixture
    def broken(self, server: Any) -> Mailer:
        return SmtpMailer(login(server.port, "open-sesame-not"))


@pytest.mark.service("smtp")
def test_headers(smtp_service: Start) -> None:
    server = smtp_service()
    SmtpMailer(smtp(host="127.0.0.1", port=server.port, local_hostname="me.example.com")).send(MAIL)
    (mail,), (session,) = server.mails, server.sessions
    assert (mail["From"], mail["To"]) == ("luigi@example.com", "one@example.com, two@example.com")
    assert mail["Date"].datetime.year > 2000
    assert mail["Message-ID"].endswith("@example.com>")
    assert session == ("me.example.com", False, False, "luigi@example.com", ["one@example.com", "two@example.com"])


@pytest.mark.service("smtp")
def test_what_is_offered_is_encrypted(smtp_service: Start, certificate: Any) -> None:
    server = smtp_service(tls_context=certificate.context, authenticator=believes, auth_required=True)
    SmtpMailer(login(server.port)).send(MAIL)
    assert [(one.encrypted, one.logged_in) for one in server.sessions] == [(True, True)]


@pytest.mark.service("smtp")
def test_nothing_is_encrypted_with_no_tls(smtp_service: Start, certificate: Any) -> None:
    server = smtp_service(tls_context=certificate.context)
    SmtpMailer(smtp(host="127.0.0.1", port=server.port, no_tls=True)).send(MAIL)
    assert [one.encrypted for one in server.sessions] == [False]


@pytest.mark.service("smtp")
def test_a_server_that_wants_encryption_refuses_others(smtp_service: Start, certificate: Any) -> None:
    server = smtp_service(tls_context=certificate.context, require_starttls=True)
    with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
        SmtpMailer(smtp(host="127.0.0.1", port=server.port, no_tls=True)).send(MAIL)
    assert server.mails == []


@pytest.mark.service("smtp")
def test_encrypted_from_the_first_byte(smtp_service: Start, certificate: Any) -> None:
    server = smtp_service(ssl_context=certificate.context)
    SmtpMailer(smtp(host="127.0.0.1", port=server.port, ssl=True)).send(MAIL)
    assert [mail["Subject"] for mail in server.mails] == ["a subject"]


@pytest.mark.service("smtp")
@pytest.mark.parametrize("way", ["starttls", "ssl"])
def test_a_certificate_that_nobody_vouches_for(
    smtp_service: Start, certificate: Any, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    server = smtp_service(**{{"ssl": "ssl_context", "starttls": "tls_context"}[way]: certificate.context})
    settings = smtp(host="127.0.0.1", port=server.port, ssl=way == "ssl", verify_certificate=True)
    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(settings).send(MAIL)
    assert server.mails == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    SmtpMailer(settings).send(MAIL)
    assert len(server.mails) == 1


@pytest.mark.service("smtp")
def test_no_certificate_is_not_one_that_can_be_verified(smtp_service: Start) -> None:
    server = smtp_service()
    with pytest.raises(UnknownServer, match="127.0.0.1 shows no certificate"):
        SmtpMailer(smtp(host="127.0.0.1", port=server.port, verify_certificate=True)).send(MAIL)
    assert server.mails == []


@pytest.mark.service("smtp")
def test_a_wrong_password(smtp_service: Start) -> None:
    server = smtp_service(authenticator=believes, auth_require_tls=False)
    with pytest.raises(smtplib.SMTPException) as caught:
        SmtpMailer(login(server.port, "wrong")).send(MAIL)
    assert "wrong" not in str(caught.value)
    assert server.mails == []


@pytest.mark.service("smtp")
def test_a_user_without_a_password_is_not_logged_in(smtp_service: Start) -> None:
    server = smtp_service(authenticator=believes, auth_require_tls=False)
    SmtpMailer(smtp(host="127.0.0.1", port=server.port, username="ali")).send(MAIL)
    assert [one.logged_in for one in server.sessions] == [False]


@pytest.mark.service("smtp")
def test_a_password_crosses_no_network_unencrypted(smtp_service: Start) -> None:
    server = smtp_service(authenticator=believes, auth_require_tls=False)
    with plugin.connection(smtp(host="127.0.0.1", port=server.port)) as line:
        with pytest.raises(UnsafeLogin, match="the password was not sent"):
            plugin.log_in(line, login(server.port), safe=False)
        plugin.log_in(line, login(server.port), safe=True)


@pytest.mark.service("smtp")
def test_some_recipients_are_refused(smtp_service: Start) -> None:
    server = smtp_service()
    with pytest.raises(RecipientsRefused, match=r"refused nobody@example.com \(550 no such mailbox\); the others have"):
        SmtpMailer(smtp(host="127.0.0.1", port=server.port)).send(
            MAIL._replace(recipients=["one@example.com", "nobody@example.com"])
        )
    assert [one.recipients for one in server.sessions] == [["one@example.com"]]


@pytest.mark.service("smtp")
def test_the_mail_is_refused(smtp_service: Start) -> None:
    server = smtp_service()
    server.answer = "554 looks like spam"
    with pytest.raises(smtplib.SMTPDataError, match="looks like spam"):
        SmtpMailer(smtp(host="127.0.0.1", port=server.port)).send(MAIL)


def test_nobody_listens(closed_port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        SmtpMailer(smtp(host="127.0.0.1", port=closed_port)).send(MAIL)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_server_that_never_answers_is_given_up(black_hole: int, encrypted: bool) -> None:
    with pytest.raises(OSError, match="timed out"):
        SmtpMailer(smtp(host="127.0.0.1", port=black_hole, timeout=0.2, ssl=encrypted)).send(MAIL)


def check(settings: smtp) -> str:
    return plugin.check(settings)


class TestCheck:
    def test_nothing_is_tried_when_mail_goes_another_way(self, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", method="ses", receiver="one@example.com")
        assert check(smtp(host="127.0.0.1", port=9)) == "not tried: [email] method is ses"

    def test_nothing_is_tried_when_nobody_gets_any(self, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", receiver="")
        assert check(smtp(host="127.0.0.1", port=9)) == "not tried: [email] receiver names nobody"

    @pytest.mark.service("smtp")
    def test_it_logs_in_and_sends_nothing(self, smtp_service: Start, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", receiver="one@example.com")
        server = smtp_service(authenticator=believes, auth_require_tls=False)
        assert check(login(server.port)) == "127.0.0.1 answers, logged in as ali"
        assert server.mails == []
        with pytest.raises(smtplib.SMTPException):
            check(login(server.port, "wrong"))

    def test_it_fails_where_nobody_listens(self, closed_port: int, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", receiver="one@example.com")
        with pytest.raises(ConnectionRefusedError):
            check(smtp(host="127.0.0.1", port=closed_port))


def test_older_places_of_options(luigi_config: Callable[..., None]) -> None:
    luigi_config("core", smtp_host="mail.example.com", smtp_port=26, smtp_login="ali", smtp_ssl=True)
    luigi_config("core", smtp_password="open-sesame", smtp_timeout=3, smtp_local_hostname="me")
    with pytest.warns(DeprecationWarning, match="old place"):
        found = smtp()
    assert (found.host, found.port, found.username, found.ssl) == ("mail.example.com", 26, "ali", True)
    assert (found.password, found.timeout, found.local_hostname) == ("open-sesame", 3.0, "me")
    assert "open-sesame" not in repr(found)
