"""Posts JSON to a URL that may be a secret: none of the errors tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.errors import ConfigurationError, KernelError

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from typing import IO
    from urllib.request import OpenerDirector, Request

SHOWN = 200
"""How many characters of a refusal's text an error has."""


class NotDelivered(KernelError, OSError):
    """A notice did not arrive."""


def as_json(body: Any) -> bytes:
    """What is posted; what is neither text nor number nor a collection of those is written as its `str()`."""
    return json.dumps(body, default=str).encode()


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float, who: str) -> None:
    """Post `body` as JSON; `who` says in errors where it went. Redirects are not followed.

    Raises ConfigurationError for what is no URL of http or https, NotDelivered for an answer other than success and
    where there is none within `timeout` seconds.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request

    check(url, who)
    request = Request(url, body, {"Content-Type": "application/json", "User-Agent": "luigi-kernel", **headers})
    try:
        with _opener().open(request, timeout=timeout) as answer:
            answer.read(SHOWN)
    except HTTPError as error:
        said = error.read(SHOWN).decode("utf-8", "replace").strip()
        raise NotDelivered(f"{who} answered {error.code}: {said or error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:  # from None: some of them quote the URL
        reason = getattr(error, "reason", None)
        why = reason if isinstance(reason, OSError) else error
        raise NotDelivered(f"{who} cannot be reached: {type(why).__name__}: {_safe(why)}") from None


def check(url: str, who: str) -> tuple[str, int]:
    """Host and port of a URL. Raises ConfigurationError, without showing it, for one that cannot be posted to."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        host, port = None, 0
    if not host or any(character.isspace() for character in url):
        raise ConfigurationError(f"{who}: the url is not one of http or https", hint="it looks like https://host/path")
    return host, port


def reach(url: str, timeout: float, who: str) -> str:
    """Whether somebody listens there, in words; nothing is posted. Raises ConfigurationError and OSError."""
    import socket

    host, port = check(url, who)
    with socket.create_connection((host, port), timeout):
        return f"{host}:{port} can be reached"


def _safe(error: BaseException) -> str:
    """What a system error says; other errors may quote what they were given."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError):
        return error.strerror or "the connection was lost"
    return "it cannot be asked like that" if isinstance(error, ValueError) else "it does not speak HTTP"


def _opener() -> OpenerDirector:
    from urllib.request import HTTPRedirectHandler, build_opener

    class Refusing(HTTPRedirectHandler):
        """A post that is redirected would arrive as a question without a body."""

        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
        ) -> None:
            return None

    return build_opener(Refusing)
