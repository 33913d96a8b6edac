"""The mailer `sendgrid`, with SendGrid's own library, against an HTTP server."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi.plugins.mailers.sendgrid as plugin
from luigi.errors import MissingParameterException
from luigi.mailing.sections import sendgrid
from luigi.plugins.mailers.sendgrid import SendGridMailer
from luigi.telling import Mail, Mailer
from luigi.testing.contracts import MailerContract, PluginContract
from luigi.testing.contracts.mailers import Arrived
from luigi.testing.http_sink import HttpSink, Request

KEY = "SG.open-sesame"
MAIL = Mail("luigi@example.com", ["one@example.com", "two@example.com"], "a subject", "a message")


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink(status=202, body=b"") as sink:
        yield sink


def mailer_to(sink: HttpSink, **more: Any) -> SendGridMailer:
    return SendGridMailer(sendgrid(apikey=KEY, host=sink.url, **more))


def decoded(request: Request) -> Arrived:
    mail = request.json()
    (content,), (to,) = mail["content"], mail["personalizations"]
    images = [base64.b64decode(one["content"]) for one in mail.get("attachments", ())]
    recipients = [one["email"] for one in to["to"]]
    format = content["type"].removeprefix("text/")
    return Arrived(mail["from"]["email"], recipients, mail["subject"], content["value"], format, images)


class TestSendGridPlugin(PluginContract):
    plugin = plugin


class TestSendGridMailer(MailerContract):
    secrets = (KEY,)

    @pytest.fixture
    def mailer(self, sink: HttpSink) -> Mailer:
        return mailer_to(sink)

    @pytest.fixture
    def arrived(self, sink: HttpSink) -> Callable[[], Sequence[Arrived]]:
        return lambda: [decoded(request) for request in sink.requests]

    @pytest.fixture
    def broken(self) -> Iterator[Mailer]:
        with HttpSink(status=401, body=b'{"errors": [{"message": "the key is wrong"}]}') as refusing:
            yield mailer_to(refusing)


def test_the_call(sink: HttpSink) -> None:
    mailer_to(sink).send(MAIL)
    (request,) = sink.requests
    assert (request.method, request.path) == ("POST", "/v3/mail/send")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json() == {
        "from": {"email": "luigi@example.com"},
        "personalizations": [{"to": [{"email": "one@example.com"}, {"email": "two@example.com"}]}],
        "subject": "a subject",
        "content": [{"type": "text/plain", "value": "a message"}],
    }


def test_a_picture_is_an_attachment_with_its_name(sink: HttpSink, tmp_path: Path) -> None:
    (tmp_path / "graph.png").write_bytes(b"a picture")
    mailer_to(sink).send(MAIL._replace(image_png=str(tmp_path / "graph.png")))
    (attachment,) = sink.requests[0].json()["attachments"]
    assert attachment == {
        "content": base64.b64encode(b"a picture").decode(),
        "filename": "graph.png",
        "type": "image/png",
        "disposition": "attachment",
    }


def test_a_refusal_says_what_the_service_says(sink: HttpSink) -> None:
    sink.status, sink.body = 403, b'{"errors": [{"message": "luigi@example.com is not a verified sender"}]}'
    with pytest.raises(Exception, match="403") as caught:
        mailer_to(sink).send(MAIL)
    assert "not a verified sender" in caught.value.__notes__[0]


@pytest.mark.timeout(20)
def test_a_service_that_never_answers_is_given_up(sink: HttpSink) -> None:
    sink.answering.clear()
    with pytest.raises(OSError, match="timed out"):
        mailer_to(sink, timeout=0.2).send(MAIL)


def test_it_needs_a_key() -> None:
    with pytest.raises(MissingParameterException, match="apikey"):
        sendgrid()


def test_the_key_in_its_older_place(luigi_config: Callable[..., None]) -> None:
    luigi_config("email", SENGRID_API_KEY=KEY)
    with pytest.warns(DeprecationWarning):
        found = sendgrid()
    assert found.apikey == KEY
    assert KEY not in repr(found)


class TestCheck:
    def test_nothing_is_tried_when_mail_goes_another_way(self, sink: HttpSink) -> None:
        assert plugin.check(sendgrid(apikey=KEY, host=sink.url)) == "not tried: [email] method is smtp"
        assert sink.requests == []

    def test_it_asks_and_sends_nothing(self, sink: HttpSink, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", method="sendgrid")
        sink.status, sink.body = 200, b'{"scopes": ["mail.send"]}'
        assert "knows the API key" in plugin.check(sendgrid(apikey=KEY, host=sink.url))
        assert [(one.method, one.path) for one in sink.requests] == [("GET", "/v3/scopes")]
        sink.status = 401
        with pytest.raises(Exception, match="401"):
            plugin.check(sendgrid(apikey=KEY, host=sink.url))
