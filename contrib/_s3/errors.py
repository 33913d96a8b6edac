"""What can go wrong with S3 beyond what the service itself answers, which are botocore's errors."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

from luigi.errors import KernelError
from luigi.target import FileSystemException


class InvalidDeleteException(FileSystemException):
    """A bucket, or without `recursive` a directory, was to be removed."""


class FileNotFoundException(FileSystemException, builtins.FileNotFoundError):
    """There is nothing at the address."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is nothing at {path}")


class DeprecatedBotoClientException(KernelError):
    """An option of boto 2 was given, which boto 3 does not have."""


class NoAddress(FileSystemException, ValueError):
    """A text is no address of something in S3."""

    def __init__(self, path: object, expected: str) -> None:
        super().__init__(f"{path!r} is no address of {expected} in S3", hint="such as s3://bucket/folder/name")


class CopyIntoItself(FileSystemException):
    """A directory was to be copied or moved to where it is, or into itself."""

    def __init__(self, source: str, destination: str) -> None:
        super().__init__(f"{source} cannot be copied or moved to {destination}: that is itself, or in it")


class NotRemoved(FileSystemException):
    """Some of what was to be removed is still there."""

    def __init__(self, bucket: str, errors: Sequence[Mapping[str, Any]]) -> None:
        first = errors[0]
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        super().__init__(f"s3://{bucket}/{first.get('Key')}{more}: not removed: {first.get('Message', first)}")


def refuse_old_options(options: Mapping[str, Any]) -> None:
    """Raise DeprecatedBotoClientException for an option that boto 3 would not understand."""
    if "encrypt_key" in options:
        raise DeprecatedBotoClientException(
            "encrypt_key was an option of boto 2", hint="say ServerSideEncryption='AES256' instead"
        )
