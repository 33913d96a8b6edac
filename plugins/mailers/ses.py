"""E-mail by Amazon SES. Credentials and region come from AWS's own configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from luigi.extras import need
from luigi.hookspecs import Provider, hookimpl
from luigi.mailing.sections import email

if TYPE_CHECKING:
    from luigi.telling import Mail

PATIENCE = 10
"""Seconds until a connection or an answer is given up."""


@hookimpl
def luigi_mailers() -> Iterator[Provider]:
    """SES."""
    yield Provider("ses", SesMailer, "e-mail by Amazon SES", extra="aws", needs=("boto3",), check=check)


class SesMailer:
    """Hands e-mail to SES, headers and all."""

    def __init__(self) -> None:
        self._client = client()

    def send(self, mail: Mail) -> None:
        """Send it. Raises botocore's errors, and MissingPicture."""
        from luigi.mailing.message import mime

        raw = {"Data": mime(mail).as_bytes()}
        self._client.send_raw_email(Source=mail.sender, Destinations=list(mail.recipients), RawMessage=raw)


def client() -> Any:
    """The API of Amazon's library. Raises MissingExtra, and botocore's error where no region is configured."""
    sessions = need("boto3.session", "aws", "[email] method = ses")
    patience = need("botocore.config", "aws").Config(connect_timeout=PATIENCE, read_timeout=PATIENCE)
    return sessions.Session().client("ses", config=patience)


def check() -> str:
    """Ask how much may still be sent today, if e-mail goes this way. Raises botocore's errors."""
    if email().method != "ses":
        return f"not tried: [email] method is {email().method}"
    quota = client().get_send_quota()
    return f"{quota['SentLast24Hours']:.0f} of {quota['Max24HourSend']:.0f} e-mails of a day sent"
