"""Targets in Google Cloud Storage by URL: `luigi.open_target("gs://bucket/key")`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib.gcs import SECTION, GCSClient, GCSTarget, Settings
from luigi.hookspecs import Provider, hookimpl


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Google Cloud Storage."""
    summary = "an object in Google Cloud Storage"
    yield Provider("gs", target, summary, Settings, SECTION, extra="gcs", needs=("googleapiclient",), check=check)


def target(url: str, settings: Settings, **kwargs: Any) -> GCSTarget:
    """The target. `kwargs` are those of GCSTarget; `settings` it reads itself, where it is used."""
    return GCSTarget(url, **kwargs)


def check(settings: Settings) -> str:
    """Whether there is somebody configured who could ask. Raises as the client does."""
    client = GCSClient().client  # made only with credentials that can be read
    return f"not asked, for want of a bucket's name; it would be at {client._baseUrl}"
