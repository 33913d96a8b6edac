"""The section `[gcs]`: who one is, where the service is, and how patient one is with it."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.plugin_settings import configured, setting

SECTION = "gcs"

CHUNKSIZE = 10 * 1024 * 1024
"""Bytes that are sent or fetched in one request."""

DEFAULT_MIMETYPE = "application/octet-stream"


@dataclass(frozen=True)
class Settings:
    """The section `[gcs]`."""

    credentials_file: str = setting("", help="the key file of a service account; else what Google finds by itself")
    anonymous: bool = setting(False, help="ask as nobody: for public buckets, and for emulators")
    endpoint_url: str = setting("", help="the address of a service that is not Google's")
    timeout: float = setting(60.0, help="seconds until a request is given up")
    retries: int = setting(
        5, help="how often a request is made again, with growing pauses, when the service is in trouble"
    )


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
