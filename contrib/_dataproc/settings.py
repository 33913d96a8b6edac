"""The section `[dataproc]`."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.contrib._google.service import Service
from luigi.contrib._google.settings import Account
from luigi.plugin_settings import configured, setting

SECTION = "dataproc"

DATAPROC = Service(
    "dataproc", "v1", "dataproc", "luigi.contrib.dataproc", SECTION, "a role for that, such as Dataproc Editor"
)


@dataclass(frozen=True)
class Settings(Account):
    """The section `[dataproc]`."""

    poll_interval: float = setting(10.0, help="seconds between two looks at a job or a cluster")


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
