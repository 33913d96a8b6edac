"""Notices to an Amazon SNS topic. Credentials and region come from AWS's own configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from luigi.errors import KernelError
from luigi.extras import need
from luigi.hookspecs import Provider, hookimpl
from luigi.mailing.rules import addresses
from luigi.mailing.sections import email

if TYPE_CHECKING:
    from luigi.telling import Mail

PATIENCE = 10
"""Seconds until a connection or an answer is given up."""

LONGEST_SUBJECT = 100
"""Characters that SNS takes."""

LONGEST_MESSAGE = 256 * 1024
"""Bytes that SNS takes."""


@hookimpl
def luigi_mailers() -> Iterator[Provider]:
    """SNS."""
    yield Provider("sns", SnsMailer, "a notice to an Amazon SNS topic", extra="aws", needs=("boto3",), check=check)


class NoTopic(KernelError):
    """No recipient is a topic."""

    def __init__(self, recipients: Sequence[str]) -> None:
        super().__init__(f"SNS sends to topics, and none of {', '.join(recipients) or 'no recipients'} is one")
        self.hint = "set [email] receiver to the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME"


class SnsMailer:
    """Publishes what others send as e-mail. Owners have addresses, not topics: they hear of it by subscribing."""

    def __init__(self) -> None:
        self._client = client()

    def send(self, mail: Mail) -> None:
        """Publish it to each topic among the recipients. Raises NoTopic and botocore's errors."""
        found = topics(mail.recipients)
        if not found:
            raise NoTopic(mail.recipients)
        short = subject(mail.subject)
        for topic in found:
            self._client.publish(TopicArn=topic, Subject=short, Message=message(mail) or short)


def topics(recipients: Sequence[str]) -> list[str]:
    """Those recipients that are topics."""
    return [one for one in recipients if one.startswith("arn:")]


def subject(text: str) -> str:
    """A subject as SNS takes it: ASCII, on one line, and of a long one both ends."""
    from luigi.mailing.message import one_line

    line = one_line(text).encode("ascii", "replace").decode() or "(no subject)"
    if len(line) <= LONGEST_SUBJECT:
        return line
    return f"{line[:48]}...{line[-49:]}"


def message(mail: Mail) -> str:
    """The message, as much of it as SNS takes."""
    from luigi.mailing.message import writable

    return writable(mail.message).encode()[:LONGEST_MESSAGE].decode(errors="ignore")


def client() -> Any:
    """The API of Amazon's library. Raises MissingExtra, and botocore's error where no region is configured."""
    sessions = need("boto3.session", "aws", "[email] method = sns")
    patience = need("botocore.config", "aws").Config(connect_timeout=PATIENCE, read_timeout=PATIENCE)
    return sessions.Session().client("sns", config=patience)


def check() -> str:
    """Look the topics of `[email] receiver` up, if e-mail goes this way. Raises NoTopic and botocore's errors."""
    if email().method != "sns":
        return f"not tried: [email] method is {email().method}"
    receivers = addresses(email().receiver)
    found = topics(receivers)
    if not found:
        raise NoTopic(receivers)
    for topic in found:
        client().get_topic_attributes(TopicArn=topic)
    return f"publishes to {', '.join(found)}"
