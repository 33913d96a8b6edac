"""The mailer `ses`, with Amazon's own library, against moto's server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest

import luigi.plugins.mailers.ses as plugin
from luigi.plugins.mailers.ses import SesMailer
from luigi.telling import Mail, Mailer
from luigi.testing.contracts import MailerContract, PluginContract
from luigi.testing.contracts.mailers import Arrived

SENDER = "luigi@example.com"


def sent() -> list[Any]:
    from moto.ses.models import ses_backends

    return ses_backends["123456789012"]["us-east-1"].sent_messages


@pytest.fixture
def verified(aws_service: str) -> str:
    """A sender that the service knows to be ours."""
    plugin.client().verify_email_identity(EmailAddress=SENDER)
    return SENDER


class TestSesPlugin(PluginContract):
    plugin = plugin


@pytest.mark.service("aws")
class TestSesMailer(MailerContract):
    sender = SENDER
    secrets = ("open-sesame",)

    @pytest.fixture
    def mailer(self, verified: str) -> Mailer:
        return SesMailer()

    @pytest.fixture
    def arrived(self, decoded: Callable[[EmailMessage], Arrived]) -> Callable[[], Sequence[Arrived]]:
        def read(one: Any) -> Arrived:
            # moto counts those in the header and those that it was told to deliver to; Amazon goes by the latter.
            recipients = list(dict.fromkeys(one.destinations))
            return decoded(message_from_string(one.raw_data, policy=policy.default))._replace(recipients=recipients)

        return lambda: [read(one) for one in sent()]

    @pytest.fixture
    def broken(self, aws_service: str, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> Mailer:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        return SesMailer()


@pytest.mark.service("aws")
def test_a_sender_that_is_not_ours_is_refused(aws_service: str) -> None:
    with pytest.raises(Exception, match="MessageRejected"):
        SesMailer().send(Mail("somebody@example.com", ["one@example.com"], "a subject", "a message"))
    assert sent() == []


@pytest.mark.service("aws")
class TestCheck:
    def test_nothing_is_tried_when_mail_goes_another_way(self) -> None:
        assert plugin.check() == "not tried: [email] method is smtp"

    def test_it_asks_and_sends_nothing(self, verified: str, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", method="ses")
        assert plugin.check() == "0 of 200 e-mails of a day sent"
        assert sent() == []
