"""Notices of failures in a Slack channel, by an incoming webhook."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import luigi
from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting
from luigi.telling import Notice

LONGEST = 3_000
"""Characters of a notice that are posted; Slack cuts longer ones itself, and in odd places."""


@dataclass(frozen=True)
class Settings:
    """The section [team-slack] of the configuration."""

    url: str = setting(help="the webhook's address; whoever knows it may post", secret=True)
    mention: str = setting("", help="whom to call in every message: <!here>, or a member's <@U024BE7LH>")
    timeout: float = setting(10.0, help="seconds until an answer is given up")


class TeamSlackNotifier:
    """Posts each notice. The kernel calls it in a thread of its own, so it may take its time."""

    def __init__(self, settings: Settings) -> None:
        if urlsplit(settings.url).scheme not in ("http", "https"):
            raise ConfigurationError("[team-slack] url is no address of a web server", hint="it begins with https://")
        self._settings = settings

    def notify(self, notice: Notice) -> None:
        """Post it. Raises OSError when Slack does not take it: the kernel logs what was not delivered."""
        body = json.dumps({"text": self._worded(notice)}).encode()
        request = urllib.request.Request(self._settings.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=self._settings.timeout) as answer:
            answer.read()

    def _worded(self, notice: Notice) -> str:
        text = f"*{_escaped(notice.subject)}*\n{_escaped(notice.text[:LONGEST])}"
        return f"{self._settings.mention} {text}" if self._settings.mention else text


def _escaped(text: str) -> str:
    """As Slack wants it: what a task says mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def check(settings: Settings) -> str:
    """The self-test of `kernel plugins check`: posts nothing."""
    address = urlsplit(settings.url)
    port = address.port or {"https": 443}.get(address.scheme, 80)
    socket.create_connection((address.hostname, port), settings.timeout).close()
    return f"{address.hostname} listens at port {port}"


@luigi.hookimpl
def luigi_notifiers() -> Iterator[Provider]:
    """Offer it."""
    yield Provider(
        "team-slack",
        TeamSlackNotifier,
        "a message in a Slack channel",
        settings=Settings,
        check=check,
    )
