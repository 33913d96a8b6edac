"""The section `[dropbox]`: who one is, and how patient one is with the service."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.plugin_settings import configured, setting

SECTION = "dropbox"


@dataclass(frozen=True)
class Settings:
    """The section `[dropbox]`."""

    token: str = setting("", help="an access token; those that Dropbox gives today last for hours", secret=True)
    refresh_token: str = setting("", help="in place of it: access tokens are asked for with it", secret=True)
    app_key: str = setting("", help="of the app that the refresh token is for")
    app_secret: str = setting("", help="of that app, unless it has none", secret=True)
    root_namespace_id: str = setting("", help="the namespace that paths begin in, such as a team's")
    timeout: float = setting(100.0, help="seconds until a request is given up")
    retries: int = setting(
        5, help="how often a request is made again, with growing pauses, when the service is in trouble"
    )


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
