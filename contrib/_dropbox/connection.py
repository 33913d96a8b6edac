"""The connection to Dropbox, made of a token or of the settings."""

from __future__ import annotations

from typing import Any

from luigi.contrib._dropbox.errors import EXTRA, WHO, NoToken
from luigi.contrib._dropbox.settings import Settings
from luigi.extras import need

PAUSE = 0.5
"""Seconds until it is tried again to connect; twice as many each time."""


def connected(settings: Settings, token: str, user_agent: str, root_namespace_id: str) -> Any:
    """Dropbox's client. Raises MissingExtra, and NoToken."""
    dropbox = need("dropbox", EXTRA, WHO)
    found = dropbox.Dropbox(
        **_who(settings, token),
        user_agent=user_agent,
        session=_session(dropbox, settings.retries),
        timeout=settings.timeout,
        max_retries_on_error=settings.retries,
        max_retries_on_rate_limit=settings.retries,
    )
    root = root_namespace_id or settings.root_namespace_id
    if not root:
        return found
    return found.with_path_root(need("dropbox.common", EXTRA).PathRoot.root(root))


def _who(settings: Settings, token: str) -> dict[str, str | None]:
    if token or settings.token:
        return {"oauth2_access_token": token or settings.token}
    if settings.refresh_token:
        return {
            "oauth2_refresh_token": settings.refresh_token,
            "app_key": settings.app_key or None,
            "app_secret": settings.app_secret or None,
        }
    raise NoToken


def _session(dropbox: Any, retries: int) -> Any:
    """Sockets that are tried again to be opened; of what was sent Dropbox's client knows what can be sent again."""
    session = dropbox.create_session()
    again = need("urllib3.util", EXTRA).Retry(
        total=None, connect=retries, read=0, redirect=0, status=0, other=0, backoff_factor=PAUSE
    )
    for adapter in session.adapters.values():
        adapter.max_retries = again
    return session
