"""Google Cloud Storage: a client, and targets.

`pip install "luigi-kernel[gcs]"` brings what it needs. Credentials, endpoint and the like are in the section `[gcs]`.
"""

from __future__ import annotations

from typing import Any

from luigi.contrib._cloud.errors import (
    CopyIntoItself,
    FileNotFoundException,
    InvalidDeleteException,
    NoAddress,
    NoBucket,
    NotADirectoryPath,
    Refused,
    Unreachable,
)
from luigi.contrib._gcs.client import GCSClient, WrongWildcard
from luigi.contrib._gcs.errors import is_error_5xx
from luigi.contrib._gcs.retrying import gcs_retry, retryable_errors
from luigi.contrib._gcs.settings import CHUNKSIZE, DEFAULT_MIMETYPE, SECTION, Settings
from luigi.contrib._gcs.targets import AtomicGCSFile, GCSFlagTarget, GCSTarget

__all__ = [
    "CHUNKSIZE",
    "DEFAULT_MIMETYPE",
    "EVENTUAL_CONSISTENCY_MAX_SLEEPS",
    "EVENTUAL_CONSISTENCY_SLEEP_INTERVAL",
    "GCS_BATCH_URI",
    "SECTION",
    "AtomicGCSFile",
    "CopyIntoItself",
    "FileNotFoundException",
    "GCSClient",
    "GCSFlagTarget",
    "GCSTarget",
    "InvalidDeleteException",
    "NoAddress",
    "NoBucket",
    "NotADirectoryPath",
    "Refused",
    "Settings",
    "Unreachable",
    "WrongWildcard",
    "gcs_retry",
    "is_error_5xx",
]

EVENTUAL_CONSISTENCY_SLEEP_INTERVAL = 0.1
"""For programs that import it: Google's listings are never behind, so nothing waits for them here."""

EVENTUAL_CONSISTENCY_MAX_SLEEPS = 300
"""The same."""

GCS_BATCH_URI = "https://storage.googleapis.com/batch/storage/v1"
"""Where Google takes many requests as one. Google's client knows it by itself."""


def __getattr__(name: str) -> Any:
    if name == "RETRYABLE_ERRORS":  # it has classes of a package that may not be installed
        return retryable_errors()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
