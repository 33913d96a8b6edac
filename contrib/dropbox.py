"""Dropbox: a client, and targets.

`pip install "luigi-kernel[dropbox]"` brings what it needs. A token can be in the section `[dropbox]`.
"""

from __future__ import annotations

from luigi.contrib._cloud.errors import CopyIntoItself, FileNotFoundException, NoAddress, Refused, Unreachable
from luigi.contrib._dropbox.client import DropboxClient
from luigi.contrib._dropbox.errors import NoSpace, NotEmpty, NoToken
from luigi.contrib._dropbox.settings import SECTION, Settings
from luigi.contrib._dropbox.slashes import accept_trailing_slash, accept_trailing_slash_in_existing_dirpaths
from luigi.contrib._dropbox.targets import AtomicWritableDropboxFile, DropboxTarget, ReadableDropboxFile

__all__ = [
    "SECTION",
    "AtomicWritableDropboxFile",
    "CopyIntoItself",
    "DropboxClient",
    "DropboxTarget",
    "FileNotFoundException",
    "NoAddress",
    "NoSpace",
    "NoToken",
    "NotEmpty",
    "ReadableDropboxFile",
    "Refused",
    "Settings",
    "Unreachable",
    "accept_trailing_slash",
    "accept_trailing_slash_in_existing_dirpaths",
]
