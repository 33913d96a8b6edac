"""Notices as JSON to a URL, signed so that the receiver can tell who sent them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from luigi.clock import SYSTEM, Clock
from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider, hookimpl
from luigi.notifying import http_post
from luigi.plugin_settings import setting
from luigi.telling import Notice

WHO = "the webhook"


@dataclass(frozen=True)
class Settings:
    """The section `[webhook]`."""

    url: str = setting(help="where to post", secret=True)
    secret: str = setting("", help="the key to sign with; without it nothing is signed", secret=True)
    headers: tuple[str, ...] = setting((), help="more headers, each NAME: VALUE", secret=True)
    timeout: float = setting(10.0, help="seconds until an answer is given up")


class WebhookNotifier:
    """Posts each notice, with its facts. Raises ConfigurationError for headers that are none."""

    def __init__(self, settings: Settings, clock: Clock = SYSTEM) -> None:
        self._settings = settings
        self._clock = clock
        self._headers = dict(_header(line) for line in settings.headers)

    def notify(self, notice: Notice) -> None:
        """Post it. Raises ConfigurationError for a bad url, NotDelivered when the receiver does not take it."""
        settings = self._settings
        at = int(self._clock.now())
        body = http_post.as_json(_told(notice, at))
        headers = {**self._headers, "X-Luigi-Kind": notice.kind, "X-Luigi-Timestamp": str(at)}
        if settings.secret:
            headers["X-Luigi-Signature"] = signature(settings.secret, at, body)
        http_post.post(settings.url, body, headers, settings.timeout, WHO)


def signature(secret: str, at: int, body: bytes) -> str:
    """`sha256=` and the HMAC, in hexadecimal, of the timestamp, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


@hookimpl
def luigi_notifiers() -> Iterator[Provider]:
    """Any URL."""
    yield Provider("webhook", WebhookNotifier, "a signed POST of JSON to a URL", Settings, check=check)


def check(settings: Settings) -> str:
    """Whether the host can be reached; nothing is posted. Raises ConfigurationError and OSError."""
    WebhookNotifier(settings)
    return http_post.reach(settings.url, settings.timeout, WHO)


def _told(notice: Notice, at: int) -> Mapping[str, Any]:
    return {
        "kind": notice.kind,
        "severity": notice.severity,
        "subject": notice.subject,
        "text": notice.text,
        "task_id": notice.task_id,
        "family": notice.family,
        "owners": list(notice.owners),
        "facts": dict(notice.facts),
        "at": at,
    }


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not (colon and name.strip() and line.isprintable()):
        raise ConfigurationError("[webhook] headers has one that is not NAME: VALUE", hint="its name comes first")
    return name.strip(), value.strip()
