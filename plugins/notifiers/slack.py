"""Notices to Slack, or to what takes Slack's incoming webhooks: Mattermost, Rocket.Chat, Discord's `/slack`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from luigi.hookspecs import Provider, hookimpl
from luigi.notifying import http_post
from luigi.plugin_settings import setting
from luigi.telling import Notice

LONGEST = 3_000
"""How many characters of a text are shown; of a longer one its beginning and, twice as much of it, its end."""

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"

WHO = "Slack"


@dataclass(frozen=True)
class Settings:
    """The section `[slack]`."""

    url: str = setting(help="the incoming webhook, https://hooks.slack.com/services/…", secret=True)
    channel: str = setting("", help="where to post; unless given, where the webhook was made for")
    username: str = setting("", help="who posts; unless given, who the webhook was made for")
    timeout: float = setting(10.0, help="seconds until an answer is given up")


class SlackNotifier:
    """Posts each notice: its subject in bold, its text as a block of code."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def notify(self, notice: Notice) -> None:
        """Post it. Raises ConfigurationError for a bad url, NotDelivered when Slack does not take it."""
        settings = self._settings
        options = {"channel": settings.channel, "username": settings.username}
        body = {"text": message_of(notice), **{name: value for name, value in options.items() if value}}
        http_post.post(settings.url, http_post.as_json(body), {}, settings.timeout, WHO)


@hookimpl
def luigi_notifiers() -> Iterator[Provider]:
    """Slack."""
    yield Provider("slack", SlackNotifier, "a message to a Slack channel", Settings, check=check)


def check(settings: Settings) -> str:
    """Whether the webhook's host can be reached; nothing is posted. Raises ConfigurationError and OSError."""
    return http_post.reach(settings.url, settings.timeout, WHO)


def message_of(notice: Notice) -> str:
    """A notice in Slack's markup."""
    text = _cut(notice.text.strip())
    return f"*{_escaped(notice.subject)}*" + (f"\n```{_escaped(_fenced(text))}```" if text else "")


def _escaped(text: str) -> str:
    """The three characters that mean something to Slack anywhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fenced(text: str) -> str:
    """A text that does not end the block of code it is in."""
    return text.replace("```", ZERO_WIDTH_SPACE.join("```"))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    third = LONGEST // 3
    return f"{text[:third]}\n… {len(text) - LONGEST} characters are left out …\n{text[-2 * third :]}"
