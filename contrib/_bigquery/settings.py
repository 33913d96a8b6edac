"""The section `[bigquery]`."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.contrib._google.service import Service
from luigi.contrib._google.settings import Account
from luigi.plugin_settings import configured, setting

SECTION = "bigquery"

BIGQUERY = Service(
    "bigquery",
    "v2",
    "bigquery",
    "luigi.contrib.bigquery",
    SECTION,
    "roles for that, such as BigQuery Data Editor and BigQuery Job User",
)


@dataclass(frozen=True)
class Settings(Account):
    """The section `[bigquery]`."""

    poll_interval: float = setting(2.0, help="seconds between two looks at a job")


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
