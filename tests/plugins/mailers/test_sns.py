"""The mailer `sns`, with Amazon's own library, against moto's server: what a queue gets that has subscribed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import luigi.plugins.mailers.sns as plugin
from luigi.plugins.mailers.sns import NoTopic, SnsMailer
from luigi.telling import Mail, Mailer
from luigi.testing.contracts import MailerContract, PluginContract
from luigi.testing.contracts.mailers import Arrived

TOPIC = "arn:aws:sns:us-east-1:123456789012:failures"
OTHER = "arn:aws:sns:us-east-1:123456789012:others"
MAIL = Mail("luigi@example.com", [TOPIC], "a subject", "a message")


class Queue:
    """A queue that has subscribed to both topics."""

    def __init__(self) -> None:
        import boto3.session

        self._sqs: Any = boto3.session.Session().client("sqs")
        self._url = self._sqs.create_queue(QueueName="readers")["QueueUrl"]
        sns = plugin.client()
        for topic in (TOPIC, OTHER):
            sns.create_topic(Name=topic.rpartition(":")[2])
            queue = "arn:aws:sqs:us-east-1:123456789012:readers"
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        self._notices: list[dict[str, str]] = []

    def notices(self) -> list[dict[str, str]]:
        """All that came so far, in order."""
        while found := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for one in found:
                self._notices.append(json.loads(one["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=one["ReceiptHandle"])
        return self._notices


@pytest.fixture
def queue(aws_service: str) -> Queue:
    return Queue()


class TestSnsPlugin(PluginContract):
    plugin = plugin


@pytest.mark.service("aws")
class TestSnsMailer(MailerContract):
    recipients = (TOPIC,)
    takes_html = False
    whole_subjects = False
    takes_images = False
    secrets = ("open-sesame",)

    @pytest.fixture
    def mailer(self, queue: Queue) -> Mailer:
        return SnsMailer()

    @pytest.fixture
    def arrived(self, queue: Queue) -> Callable[[], Sequence[Arrived]]:
        return lambda: [
            Arrived(self.sender, [one["TopicArn"]], one["Subject"], one["Message"]) for one in queue.notices()
        ]

    @pytest.fixture
    def broken(self, aws_service: str, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> Mailer:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        return SnsMailer()


@pytest.mark.service("aws")
def test_each_topic_hears_of_it_and_owners_do_not(queue: Queue) -> None:
    SnsMailer().send(MAIL._replace(recipients=[TOPIC, "owner@example.com", OTHER]))
    assert [one["TopicArn"] for one in queue.notices()] == [TOPIC, OTHER]


@pytest.mark.service("aws")
def test_without_a_topic_it_is_an_error(queue: Queue) -> None:
    with pytest.raises(NoTopic, match=r"none of owner@example.com is one") as caught:
        SnsMailer().send(MAIL._replace(recipients=["owner@example.com"]))
    assert "[email] receiver" in caught.value.hint
    assert queue.notices() == []


@pytest.mark.service("aws")
def test_a_topic_that_is_not_there(aws_service: str) -> None:
    with pytest.raises(Exception, match="NotFound"):
        SnsMailer().send(MAIL)


@pytest.mark.service("aws")
def test_an_empty_message_is_its_subject(queue: Queue) -> None:
    SnsMailer().send(MAIL._replace(message=""))
    assert [one["Message"] for one in queue.notices()] == ["a subject"]


@pytest.mark.service("aws")
def test_a_message_too_long_is_cut(queue: Queue) -> None:
    SnsMailer().send(MAIL._replace(message="é" * 200_000))
    assert [one["Message"] for one in queue.notices()] == ["é" * 131_072]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("a subject", "a subject"),
        ("x" * 100, "x" * 100),
        ("begins " + "x" * 100 + " ends", "begins " + "x" * 41 + "..." + "x" * 44 + " ends"),
        ("Grüße\r\nBcc: thief@example.com", "Gr??e Bcc: thief@example.com"),
        ("\n", "(no subject)"),
    ],
)
def test_subjects(given: str, sent: str) -> None:
    assert plugin.subject(given) == sent
    assert len(sent) <= 100


class TestCheck:
    def test_nothing_is_tried_when_mail_goes_another_way(self) -> None:
        assert plugin.check() == "not tried: [email] method is smtp"

    def test_a_receiver_that_is_no_topic(self, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", method="sns", receiver="one@example.com")
        with pytest.raises(NoTopic):
            plugin.check()

    @pytest.mark.service("aws")
    def test_it_looks_the_topic_up(self, queue: Queue, luigi_config: Callable[..., None]) -> None:
        luigi_config("email", method="sns", receiver=TOPIC)
        assert plugin.check() == f"publishes to {TOPIC}"
        luigi_config("email", receiver=TOPIC + "-typo")
        with pytest.raises(Exception, match="NotFound"):
            plugin.check()
        assert queue.notices() == []
