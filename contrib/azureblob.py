"""Azure's blobs: a client, and targets.

`pip install "luigi-kernel[azure]"` brings what it needs. Account and keys are in the section `[azureblob]`.
"""

from __future__ import annotations

from luigi.contrib._azure.client import AzureBlobClient
from luigi.contrib._azure.errors import CopyFailed, NoAccount, WrongConnectionString
from luigi.contrib._azure.settings import SECTION, Settings
from luigi.contrib._azure.streams import AtomicAzureBlobFile, ReadableAzureBlobFile
from luigi.contrib._azure.targets import AzureBlobTarget
from luigi.contrib._cloud.errors import (
    CopyIntoItself,
    FileNotFoundException,
    InvalidDeleteException,
    NoAddress,
    NoBucket,
    Refused,
    Unreachable,
)

__all__ = [
    "SECTION",
    "AtomicAzureBlobFile",
    "AzureBlobClient",
    "AzureBlobTarget",
    "CopyFailed",
    "CopyIntoItself",
    "FileNotFoundException",
    "InvalidDeleteException",
    "NoAccount",
    "NoAddress",
    "NoBucket",
    "ReadableAzureBlobFile",
    "Refused",
    "Settings",
    "Unreachable",
    "WrongConnectionString",
]
