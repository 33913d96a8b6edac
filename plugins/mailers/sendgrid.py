"""E-mail by SendGrid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from luigi.extras import need
from luigi.hookspecs import Provider, hookimpl
from luigi.mailing.sections import email, sendgrid

if TYPE_CHECKING:
    from luigi.telling import Mail


@hookimpl
def luigi_mailers() -> Iterator[Provider]:
    """SendGrid."""
    yield Provider(
        "sendgrid", SendGridMailer, "e-mail by SendGrid", sendgrid, extra="sendgrid", needs=("sendgrid",), check=check
    )


class SendGridMailer:
    """Hands e-mail to SendGrid's web API."""

    def __init__(self, settings: sendgrid) -> None:
        self._client = client(settings)

    def send(self, mail: Mail) -> None:
        """Send it. Raises python_http_client's HTTPError when it is refused, OSError, and MissingPicture."""
        call(self._client.mail.send.post, request_body=request(mail))


def client(settings: sendgrid) -> Any:
    """The API of SendGrid's library. Raises MissingExtra."""
    library = need("sendgrid", "sendgrid", "[email] method = sendgrid")
    found = library.SendGridAPIClient(settings.apikey, host=settings.host.rstrip("/")).client
    found.timeout = settings.timeout
    return found


def call(endpoint: Any, **what: Any) -> None:
    """Call the API; an error has what the service says about it as a note."""
    refused = need("python_http_client.exceptions", "sendgrid").HTTPError
    try:
        endpoint(**what)
    except refused as error:
        error.add_note(f"SendGrid says: {error.body.decode(errors='replace')[:1000]}")
        raise


def request(mail: Mail) -> dict[str, Any]:
    """The e-mail as SendGrid's API takes it. Raises MissingPicture."""
    from luigi.mailing.message import one_line, writable

    found: dict[str, Any] = {
        "from": {"email": mail.sender},
        "personalizations": [{"to": [{"email": address} for address in mail.recipients]}],
        "subject": one_line(mail.subject),
        "content": [{"type": f"text/{mail.format}", "value": writable(mail.message)}],
    }
    if mail.image_png:
        found["attachments"] = [_attachment(mail)]
    return found


def _attachment(mail: Mail) -> dict[str, str]:
    import base64
    import os

    from luigi.mailing.message import picture

    return {
        "content": base64.b64encode(picture(mail)).decode(),
        "filename": os.path.basename(mail.image_png or ""),
        "type": "image/png",
        "disposition": "attachment",
    }


def check(settings: sendgrid) -> str:
    """Ask what the API key may do, if e-mail goes this way. Raises as `send` does."""
    if email().method != "sendgrid":
        return f"not tried: [email] method is {email().method}"
    call(client(settings).scopes.get)
    return f"{settings.host} knows the API key"
