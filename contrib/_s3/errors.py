"""What can go wrong with S3 beyond what the service itself answers, which are botocore's errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from luigi.errors import KernelError
from luigi.target import FileSystemException


class DeprecatedBotoClientException(KernelError):
    """An option of boto 2 was given, which boto 3 does not have."""


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
