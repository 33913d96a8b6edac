"""Targets in S3 by URL: `luigi.open_target("s3://bucket/key")`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib.s3 import SECTION, S3Client, S3Target, Settings
from luigi.extras import need
from luigi.hookspecs import Provider, hookimpl

OTHER_NAMES = ("s3a", "s3n")
"""Hadoop's schemes for the same thing."""


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Amazon S3, and services that speak as it does."""
    summary = "an object in S3"
    yield Provider("s3", target, summary, Settings, SECTION, extra="s3", needs=("boto3",), check=check)
    for scheme in OTHER_NAMES:
        yield Provider(scheme, S3Target, f"{summary}, by Hadoop's name", extra="s3", needs=("boto3",))


def target(url: str, settings: Settings, **kwargs: Any) -> S3Target:
    """The target. `kwargs` are those of S3Target; `settings` it reads itself, where it is used."""
    return S3Target(url, **kwargs)


def check(settings: Settings) -> str:
    """List the buckets, if somebody is configured who could. Raises botocore's errors."""
    errors = need("botocore.exceptions", "s3")
    try:
        found = S3Client().s3.meta.client.list_buckets().get("Buckets", [])
    except errors.NoCredentialsError:
        return "not tried: no credentials are configured"
    except errors.ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return "it answers; these credentials may not list buckets"
    return f"it answers; buckets: {len(found)}"
