"""Amazon S3, and services that speak as it does: a client, targets, and tasks for what is there already.

`pip install "luigi-kernel[s3]"` brings what it needs. Keys, endpoint and the like are in the section `[s3]`.
"""

from __future__ import annotations

from luigi.contrib._cloud.errors import FileNotFoundException, InvalidDeleteException
from luigi.contrib._s3.addresses import S3_DIRECTORY_MARKER_SUFFIX_0, S3_DIRECTORY_MARKER_SUFFIX_1
from luigi.contrib._s3.client import S3Client
from luigi.contrib._s3.errors import DeprecatedBotoClientException
from luigi.contrib._s3.settings import SECTION, Settings
from luigi.contrib._s3.streams import AtomicS3File, ReadableS3File
from luigi.contrib._s3.targets import (
    S3EmrTarget,
    S3EmrTask,
    S3FlagTarget,
    S3FlagTask,
    S3PathTask,
    S3Target,
)

__all__ = [
    "S3_DIRECTORY_MARKER_SUFFIX_0",
    "S3_DIRECTORY_MARKER_SUFFIX_1",
    "SECTION",
    "AtomicS3File",
    "DeprecatedBotoClientException",
    "FileNotFoundException",
    "InvalidDeleteException",
    "ReadableS3File",
    "S3Client",
    "S3EmrTarget",
    "S3EmrTask",
    "S3FlagTarget",
    "S3FlagTask",
    "S3PathTask",
    "S3Target",
    "Settings",
]
