"""Targets in Dropbox by URL: `luigi.open_target("dropbox:///folder/name")`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib.dropbox import SECTION, DropboxClient, DropboxTarget, NoToken, Settings
from luigi.hookspecs import Provider, hookimpl


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Files of the Dropbox that is configured."""
    summary = "a file in Dropbox"
    needs = ("dropbox",)
    yield Provider("dropbox", target, summary, Settings, SECTION, extra="dropbox", needs=needs, check=check)


def target(url: str, settings: Settings, **kwargs: Any) -> DropboxTarget:
    """The target, of which two slashes or three may stand before the path: a Dropbox has no host.

    `kwargs` are those of DropboxTarget; `settings` it reads itself, where it is used.
    """
    return DropboxTarget("/" + url.partition("://")[2].lstrip("/"), **kwargs)


def check(settings: Settings) -> str:
    """Ask for something, if there is a token. Raises as the client does."""
    try:
        DropboxClient().exists("/luigi-asks-whether-it-may")
    except NoToken:
        return "not tried: no token is configured"
    return "it answers"
