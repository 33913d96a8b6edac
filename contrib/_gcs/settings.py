"""The section `[gcs]`: who one is, where the service is, and how patient one is with it."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.contrib._google.service import Service
from luigi.contrib._google.settings import Account
from luigi.plugin_settings import configured

SECTION = "gcs"

GCS = Service(
    "storage", "v1", "gcs", "luigi.contrib.gcs", SECTION, "a role for that bucket, such as Storage Object User"
)

CHUNKSIZE = 10 * 1024 * 1024
"""Bytes that are sent or fetched in one request."""

DEFAULT_MIMETYPE = "application/octet-stream"


@dataclass(frozen=True)
class Settings(Account):
    """The section `[gcs]`."""


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
